"""Referral: from sent to returned, reviewed or completed; every hand-off with who, when and why."""
