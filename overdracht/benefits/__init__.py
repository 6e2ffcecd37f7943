"""`overdracht benefits`: what a benefit system exports goes in through intake's door, once, whole, and nothing else."""

from overdracht.benefits.command import register

__all__ = ["register"]
