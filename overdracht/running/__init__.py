"""`overdracht run`, `status`, `reset`: the product as processes on this machine, started, watched and stopped."""

from overdracht.running.command import register

__all__ = ["register"]
