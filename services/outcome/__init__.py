"""Outcome: what was agreed, done, measured and reached; what lasts is followed up, what was wrong is corrected."""
