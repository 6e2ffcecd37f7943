"""A case and its referral, brought where a test wants it."""

from datetime import datetime
from typing import Any

from services.referral import commands as c
from services.referral import hearing as h
from services.referral.domain.decide import decide
from services.referral.domain.evolve import evolve
from services.referral.domain.learn import learn
from services.referral.domain.state import State
from shared.facts import Happened, Said
from shared.ledger.clocks import LookAtTerms
from tests.builders import DAY, NOON, said

REFERRAL = "00000000-0000-8000-8000-000000000001"
SECOND = "00000000-0000-8000-8000-000000000002"
PROVIDER = "org-rw"


def a_case(at: datetime = NOON - 30 * DAY) -> State:
    """A case that referral has heard of."""
    state = learn(None, h.ApplicationReceived(case_key="key"), said(at))
    assert state is not None
    return state


def closed(state: State, at: datetime = NOON + 20 * DAY) -> State:
    """The case was closed."""
    return heard(state, h.CaseClosed(), said(at))


def heard(state: State, fact: Any, circumstances: Said) -> State:
    """The state after another service's fact."""
    known = learn(state, fact, circumstances)
    assert known is not None
    return known


def send(referral_id: str = REFERRAL, **changes: Any) -> c.SendReferral:
    """Ask org-rw to take up a re-integration trajectory."""
    fields: dict[str, Any] = {
        "referral_id": referral_id,
        "from_organisation": "org-gm0546",
        "to_organisation": PROVIDER,
        "trajectory": "reintegration",
        "goal": "paid_work",
        "warm": True,
    }
    return c.SendReferral(**fields | changes)


def accept(referral_id: str = REFERRAL) -> c.AcceptReferral:
    """Accept with a coach and a date."""
    return c.AcceptReferral(referral_id=referral_id, coach="co-1", first_contact_on=NOON.date())


def start(referral_id: str = REFERRAL) -> c.StartTrajectory:
    """The citizen was met."""
    return c.StartTrajectory(referral_id=referral_id, first_contact="met")


def give_back(referral_id: str = REFERRAL, code: str = "person.debts", **changes: Any) -> c.ReturnReferral:
    """Hand the citizen back because of debts."""
    fields: dict[str, Any] = {
        "referral_id": referral_id,
        "reasons": [{"code": code, "primary": True}],
        "narrative": "Schulden vragen nu alle aandacht; schuldhulp is gestart.",
        "known_at_referral": "no",
        "preventable": "unclear",
        "discussed_with": ["citizen"],
        "proposed_next": "wait",
    }
    return c.ReturnReferral(**fields | changes)


def review(referral_id: str = REFERRAL, **changes: Any) -> c.ReviewReturn:
    """The municipality agrees and waits."""
    fields: dict[str, Any] = {"referral_id": referral_id, "agrees": True, "cause": "assessment", "next": "wait"}
    return c.ReviewReturn(**fields | changes)


def coach(at: datetime = NOON, **changes: Any) -> Said:
    """A coach of the organisation addressed says it."""
    return said(at, "coach", organisation=changes.pop("organisation", PROVIDER), **changes)


def names(happened: list[Happened]) -> list[str]:
    """The facts' names."""
    return [one.fact.name for one in happened]


def after(state: State, *steps: tuple[Any, Said]) -> State:
    """The state after these commands, each said by someone."""
    for command, circumstances in steps:
        for one in decide(state, command, circumstances):
            state = evolve(state, one.fact, circumstances)
    return state


def overdue(state: State, now: datetime) -> list[str]:
    """What the clock would say at this moment."""
    return names(decide(state, LookAtTerms(), said(now, "system")))


def sent(**changes: Any) -> State:
    """A referral was sent at noon."""
    return after(a_case(), (send(**changes), said(NOON)))


def accepted() -> State:
    """… and accepted a day later."""
    return after(sent(), (accept(), coach(NOON + DAY)))


def started() -> State:
    """… and the citizen was met on the third day."""
    return after(accepted(), (start(), coach(NOON + 3 * DAY)))


def returned() -> State:
    """… and came back after thirty days."""
    return after(started(), (give_back(), coach(NOON + 30 * DAY)))
