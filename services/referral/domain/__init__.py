"""The rules of referral: pure functions over plain data; no clock, no id, no database in here."""
