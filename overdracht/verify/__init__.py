"""The proof that the log is whole and unaltered: pure checks, fed from the doors and from the topics."""
