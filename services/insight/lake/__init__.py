"""The lake: the analysts' copy of the log as Parquet files, to be read with whatever reads Parquet.

Its state is its folder. Restarting reads the files' names; what they hold goes on from there.
"""
