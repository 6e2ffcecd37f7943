"""The rules of intake: pure functions over plain data; no clock, no id, no database, no person in here."""
