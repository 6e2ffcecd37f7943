"""What every decision needs: the fact that repeats the command, the table of steps, and who may speak."""

from typing import Literal

from services.outcome import commands as c
from services.outcome import events as e
from services.outcome.domain.state import NEXT, State, Status
from shared.facts import Fact, Happened, Said
from shared.refusals import Refused

Thing = Literal["plan", "intervention", "job"]


def plain(command: c.OutcomeCommand) -> Fact:
    """The fact that says what the command said."""
    return e.FACTS[command.fact](**command.model_dump(by_alias=True))


def stated(command: c.OutcomeCommand) -> list[Happened]:
    """That fact, with what history could not tell."""
    unknown = tuple(name for name in command.asked if getattr(command, name) is None)
    return [Happened(plain(command), unknown=unknown)]


_UNKNOWN = {"plan": "plan_unknown", "intervention": "intervention_unknown", "job": "job_unknown"}
_EXISTS = {"plan": "plan_exists", "intervention": "intervention_exists", "job": "job_exists"}
_OVER = {"intervention": "intervention_over", "job": "job_over"}


def check_step(thing: Thing, status: Status, command: c.OutcomeCommand) -> None:
    """Raises Refused when this cannot be said of a plan, an intervention or a job that is where it is."""
    if (status, command.fact) in NEXT:
        return
    begins = ("unknown", command.fact) in NEXT
    codes = _UNKNOWN if status == "unknown" else _EXISTS if begins else _OVER
    raise Refused(code=codes[thing], field=f"data.{thing}_id")


def check_open(state: State, said: Said) -> None:
    """Raises Refused when it happened after the case closed; what happened before is welcome whenever it is told."""
    if state.closed_at is not None and state.closed_at <= said.at:
        raise Refused("case_closed")


def check_organisation(state: State, said: Said) -> None:
    """Who works for a provider speaks only of cases that were referred to that provider."""
    if said.actor.role not in ("coach", "system") or said.imported:
        return
    if said.organisation is None:
        raise Refused("organisation_missing", "actor.organisation")
    if all(one.organisation != said.organisation for one in state.referrals.values()):
        raise Refused("not_addressed", "actor.organisation")
