"""The ledger: record of truth and outbox in one table, with the cases' states, the inbox and the letters beside it."""
