"""`overdracht srg`: the statistics of re-integration by municipalities, made by who may know whom they are about."""

from overdracht.srg.command import register

__all__ = ["register"]
