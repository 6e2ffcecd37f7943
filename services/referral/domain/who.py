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


def check_organisation(organisation: str, said: Said, code: str = "not_addressed") -> None:
    """Only this organisation's people and systems; in history who answered for whom is let be."""
    if SIDES.get(said.actor.role) != "provider" or said.imported:
        return
    if said.organisation is None:
        raise Refused("organisation_missing", "actor.organisation")
    if said.organisation != organisation:
        raise Refused(code, "actor.organisation")


def check_resuming(attempt: Attempt, said: Said) -> None:
    """Who suspended resumes. For the citizen the municipality may, so that a telephone call is enough."""
    side = SIDES.get(said.actor.role)
    for_the_citizen = attempt.suspended_by == "citizen" and side == "municipality"
    if said.imported or side == attempt.suspended_by or for_the_citizen:
        return
    raise Refused("not_who_suspended", "actor.role", [attempt.suspended_by or "municipality"])
