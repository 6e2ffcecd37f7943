"""Who may: the organisation addressed answers, the municipality of the case refers, who suspended resumes."""

from services.referral import commands as c
from services.referral.codes import SIDES
from services.referral.domain.state import Attempt
from shared.facts import Command, Said
from shared.refusals import Refused


def check_municipality(command: Command, said: Said) -> None:
    """What only the municipality of the case may, nobody does without saying for which municipality.

    That it is the municipality of the case is checked where the case is in hand.
    """
    if command.by == c.MUNICIPALITY and not said.municipality:
        raise Refused("municipality_missing", "municipality")


def check_addressed(organisation: str, said: Said) -> None:
    """Only people and systems of the organisation addressed; in history who answered for whom is let be."""
    if not _speaks_for(organisation, said):
        raise Refused("not_addressed", "actor.organisation")


def check_own(organisation: str, said: Said) -> None:
    """A provider speaks for itself only."""
    if not _speaks_for(organisation, said):
        raise Refused("not_your_organisation", "actor.organisation")


def _speaks_for(organisation: str, said: Said) -> bool:
    if SIDES.get(said.actor.role) != "provider" or said.imported:
        return True
    if said.organisation is None:
        raise Refused("organisation_missing", "actor.organisation")
    return said.organisation == organisation


def check_resuming(attempt: Attempt, said: Said) -> None:
    """Who suspended resumes. For the citizen the municipality may, so that a telephone call is enough."""
    side = SIDES.get(said.actor.role)
    for_the_citizen = attempt.suspended_by == "citizen" and side == "municipality"
    if said.imported or side == attempt.suspended_by or for_the_citizen:
        return
    raise Refused("not_who_suspended", "actor.role", [attempt.suspended_by or "municipality"])
