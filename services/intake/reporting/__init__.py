"""Reports of the benefit administration by its doors: one by one, many at once, and as events."""
