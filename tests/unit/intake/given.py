"""A person applies: the case brought where a test wants it."""

from datetime import date, datetime
from typing import Any

from services.intake import commands as c
from services.intake.domain.decide import decide
from services.intake.domain.evolve import evolve
from services.intake.domain.state import State
from shared.facts import Command, Happened, Said
from shared.ledger.clocks import LookAtTerms
from tests.builders import DAY, NOON, said

TODAY = NOON.date()
APPLICATION = "00000000-0000-8000-8000-0000000000a1"
OTHER = "00000000-0000-8000-8000-0000000000a2"
EARLIER = "00000000-0000-8000-8000-0000000000c1"
THIRD = "00000000-0000-8000-8000-0000000000c2"


def apply(**changes: Any) -> c.KnownApplication:
    """A man of 40 walks in and applies."""
    fields: dict[str, Any] = {
        "application_id": APPLICATION,
        "kind": "new_applicant",
        "channel": "walk_in",
        "received_on": TODAY,
        "case_mix": {"age_band": "35-44", "household": "single"},
        "case_key": "key",
    }
    return c.KnownApplication(**fields | changes)


def young(**changes: Any) -> c.KnownApplication:
    """A woman of 22 applies."""
    return apply(case_mix={"age_band": "18-26"}, **changes)


def ask(until_on: date | None = None) -> c.RequestSupplement:
    """Ask for the bank statements."""
    return c.RequestSupplement(documents=["bank_statements"], until_on=until_on)


def answer() -> c.ReceiveSupplement:
    """They are there."""
    return c.ReceiveSupplement(documents=["bank_statements"])


def withdraw() -> c.WithdrawApplication:
    """The citizen found work."""
    return c.WithdrawApplication(reason="found_work")


def grant(on: date = TODAY) -> c.DecideBenefit:
    """The benefit is granted."""
    return c.DecideBenefit(decision="granted", decided_on=on)


def deny(on: date = TODAY) -> c.DecideBenefit:
    """The benefit is denied."""
    return c.DecideBenefit(decision="denied", decided_on=on)


def end(on: date = TODAY, reason: Any = "work") -> c.EndBenefit:
    """The benefit stops for work."""
    return c.EndBenefit(reason=reason, ended_on=on)


def close(reason: str = "work") -> c.CloseCase:
    """The case is closed."""
    return c.CloseCase(reason=reason)


def join(**changes: Any) -> c.KnownJoin:
    """A caseworker says that the earlier case is of the same citizen."""
    return c.KnownJoin(**{"earlier_case_id": EARLIER, "earlier_known": True} | changes)


def office(at: datetime = NOON, **changes: Any) -> Said:
    """The benefit administration says it."""
    return said(at, "benefit_administration", **changes)


def history(at: datetime = NOON, role: str = "caseworker", **changes: Any) -> Said:
    """History says it, ten years on."""
    return said(at, role, now=changes.pop("now", NOON + 3_650 * DAY), imported=True, **changes)


def names(happened: list[Happened]) -> list[str]:
    """The facts' names."""
    return [one.fact.name for one in happened]


def after(state: State | None, *steps: tuple[Command, Said]) -> State:
    """The state after these commands, each said by someone."""
    for command, circumstances in steps:
        for one in decide(state, command, circumstances):
            state = evolve(state, one.fact, resaid(circumstances, one))
    assert state is not None
    return state


def resaid(circumstances: Said, one: Happened) -> Said:
    """Who said this fact, and when, as the ledger sees it."""
    return Said(
        one.at or circumstances.at,
        circumstances.now,
        one.actor or circumstances.actor,
        circumstances.municipality,
        circumstances.imported,
    )


def look(now: datetime) -> tuple[Command, Said]:
    """The clock looks at the terms."""
    return LookAtTerms(), said(now, "system")


def overdue(state: State, now: datetime) -> list[str]:
    """What the clock would say now."""
    return names(decide(state, *look(now)))


def applied(**changes: Any) -> State:
    """Somebody applied at noon."""
    return after(None, (apply(**changes), said()))


def searching() -> State:
    """Somebody of 22 applied at noon, and searches first."""
    return after(None, (young(), said()))


def asked(until_on: date | None = None) -> State:
    """… and was asked for bank statements after ten days."""
    return after(applied(), (ask(until_on), said(NOON + 10 * DAY)))


def granted() -> State:
    """… and got the benefit after twenty days."""
    return after(applied(), (grant((NOON + 20 * DAY).date()), office(NOON + 20 * DAY)))


def ended() -> State:
    """… and found work after a hundred."""
    return after(granted(), (end((NOON + 100 * DAY).date()), office(NOON + 100 * DAY)))


def closed(state: State | None = None) -> State:
    """The case was closed after 110 days."""
    return after(state or ended(), (close(), said(NOON + 110 * DAY)))
