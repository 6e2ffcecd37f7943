"""Insight: the analysts' copy of the log, and the figures that are made of it."""
