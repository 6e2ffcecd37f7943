"""The terms of an attempt: which run, until when, for whom; started, stopped and shifted as facts come in."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from services.referral.codes import Side
from services.referral.domain.state import Attempt, Clock, ClockName
from shared.facts import Said
from shared.worktime import add_working_days, end_of, local_day

RECEIPT_DAYS = 2
RESPONSE_DAYS = 10
START_DAYS = 15
PLAN_DAYS = 20
REVIEW_DAYS = 10
"""Working days."""
SILENCE = timedelta(days=42)


def clock(name: ClockName, due_on: date, waiting_for: Side, said: Said) -> Clock:
    """A term. History arms only what is still to come: terms do not fire for the past."""
    due_at = end_of(due_on)
    return Clock(name, due_on, due_at, waiting_for, armed=not said.imported or due_at > said.now)


def when_sent(attempt: Attempt, said: Said) -> Attempt:
    """Receipt and response."""
    receipt = clock("receipt", add_working_days(local_day(said.at), RECEIPT_DAYS), "provider", said)
    response = clock("response", attempt.respond_by, "provider", said)
    return replace(attempt, clocks=(receipt, response))


def when_accepted(attempt: Attempt, said: Said) -> Attempt:
    """From acceptance the first contact is awaited."""
    return replace(attempt, clocks=(clock("start", attempt.start_by, "provider", said),))


def when_started(attempt: Attempt, said: Said) -> Attempt:
    """From the start a plan, and a word of progress."""
    plan = clock("plan", add_working_days(local_day(said.at), PLAN_DAYS), "provider", said)
    return replace(attempt, clocks=(plan, _progress(said)))


def _progress(said: Said) -> Clock:
    return clock("progress", local_day(said.at + SILENCE), "provider", said)


def when_returned(attempt: Attempt, said: Said) -> Attempt:
    """The municipality has ten working days to review."""
    due_on = add_working_days(local_day(said.at), REVIEW_DAYS)
    return replace(attempt, clocks=(clock("review", due_on, "municipality", said),))


def when_progress(attempt: Attempt, said: Said, planned: bool) -> Attempt:
    """A word of progress starts the silence anew; a plan ends the waiting for one."""
    if attempt.status != "started":
        return attempt
    known = [one for one in attempt.clocks if one.name == "progress"]
    fresh = _progress(said)
    if known and known[0].due_at > fresh.due_at:
        fresh = known[0]
    others = tuple(one for one in attempt.clocks if one.name != "progress" and not (planned and one.name == "plan"))
    return replace(attempt, clocks=(*others, fresh))


def without(attempt: Attempt, name: ClockName) -> Attempt:
    """The attempt without this term."""
    return replace(attempt, clocks=tuple(one for one in attempt.clocks if one.name != name))


def shifted(attempt: Attempt, by: timedelta) -> Attempt:
    """The terms moved by the time the trajectory rested."""
    return replace(attempt, clocks=tuple(_shifted(one, by) for one in attempt.clocks))


def _shifted(one: Clock, by: timedelta) -> Clock:
    due_on = local_day(one.due_at + by - timedelta(seconds=1))
    return replace(one, due_on=due_on, due_at=end_of(due_on))


def fired(attempt: Attempt, name: ClockName) -> Attempt:
    """The attempt with this term marked as said to be overdue."""
    return replace(
        attempt, clocks=tuple(replace(one, fired=True) if one.name == name else one for one in attempt.clocks)
    )


def running(attempt: Attempt) -> tuple[Clock, ...]:
    """The terms that run now: none while the trajectory rests."""
    return () if attempt.status == "suspended" else attempt.clocks


def overdue(attempt: Attempt, now: datetime) -> list[Clock]:
    """Terms that have passed and of which nothing was said yet."""
    return [one for one in running(attempt) if one.armed and not one.fired and one.due_at <= now]
