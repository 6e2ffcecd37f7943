"""Contracts made from the code's own models, committed and checked."""
