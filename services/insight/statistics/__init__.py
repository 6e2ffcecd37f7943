"""The statistics of hand-offs: pure functions over numpy arrays and plain data; no clock, no database, no name in here.

Everything leaves as an `Estimate`: a figure with its interval and what it rests on. Nothing is ever put in an order of
merit.
"""
