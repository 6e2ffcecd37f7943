"""Municipalities whose truth is known: worlds drawn from stated distributions, their logs, and what must be found.

For tests and trials of the product, which never imports it. Every draw follows from a seed. The parts:
`settings` (what can be asked), `world` (municipalities and companies), `people` and `spells` (who was referred, and how
it ended), `truth` (what is so, computed from the hazards), `facts` (clean events), `dirt` (what registering does to
them), `events` (a log in chunks), `dossiers` (a history in the dossier format), `calibration` (estimators held to the
truth).
"""
