"""Insight: what the log says about hand-offs as a whole, with honest uncertainty; it decides nothing about anybody."""
