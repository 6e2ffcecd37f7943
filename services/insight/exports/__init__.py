"""Exports for process mining: the lake as OCEL 2.0 and XES.

They are of single cases: somebody who knows a person can find that person's case in one, pseudonyms or not. So they are
for who is responsible for the data, inside their own walls; what leaves those is a figure (../measures).
"""
