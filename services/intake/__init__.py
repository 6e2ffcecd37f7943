"""Intake: from application received to decided and closed; and the vault, the one place that knows who it is about."""
