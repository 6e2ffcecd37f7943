"""The terms: a planned diagnosis starts in time, a partner who is asked answers in time."""

from datetime import date, datetime

from services.diagnosis.codes import Side
from services.diagnosis.domain.state import Clock, Consultation, State
from shared.changing import replace
from shared.facts import Said
from shared.worktime import add_working_days, end_of, local_day

ANSWER_DAYS = 10
"""Working days a partner has to answer."""


def clock(due_on: date, waiting_for: Side, said: Said) -> Clock:
    """A term. History arms only what is still to come: terms do not fire for the past."""
    due_at = end_of(due_on)
    return Clock(due_on, due_at, waiting_for, armed=not said.imported or due_at > said.now)


def when_planned(state: State, due_on: date, said: Said) -> State:
    """The diagnosis is to start by this day; planning anew replaces the term."""
    return replace(state, planned=clock(due_on, "municipality", said))


def when_requested(said: Said) -> Clock:
    """A partner has ten working days."""
    return clock(add_working_days(local_day(said.at), ANSWER_DAYS), "partner", said)


def plan_of(state: State) -> Clock | None:
    """The term of a planned diagnosis that still counts."""
    one = state.planned
    return one if one is not None and _counts(state, one) else None


def consultations_of(state: State) -> list[Consultation]:
    """The consultations of the latest diagnosis that wait for an answer."""
    latest = state.latest
    return [
        one
        for one in state.consultations.values()
        if latest is not None
        and one.diagnosis_id == latest.diagnosis_id
        and one.answered_at is None
        and _counts(state, one.clock)
    ]


def _counts(state: State, one: Clock) -> bool:
    """A term that passed before all was over still counts; one that would pass later does not."""
    return state.over_at is None or (one.due_at <= state.over_at and not one.fired)


def running(state: State) -> list[Clock]:
    """Every term that runs."""
    plan = plan_of(state)
    return ([plan] if plan else []) + [one.clock for one in consultations_of(state)]


def overdue(one: Clock, now: datetime) -> bool:
    """Whether the term has passed and nothing was said of it yet."""
    return one.armed and not one.fired and one.due_at <= now
