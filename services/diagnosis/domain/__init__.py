"""The rules of diagnosis: pure functions over plain data; no clock, no id, no database in here."""
