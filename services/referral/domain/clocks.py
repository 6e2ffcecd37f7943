"""The terms of an attempt: which run, until when, for whom; started, stopped and shifted as facts come in."""

from datetime import date, datetime, timedelta

from services.referral.codes import WAITS_FOR, Side, Terms
from services.referral.domain.state import Attempt, Clock, ClockName
from shared.changing import replace
from shared.facts import Said
from shared.worktime import add_working_days, days_begun, end_of, local_day

Clocks = tuple[Clock, ...]


def clock(name: ClockName, due_on: date, waiting_for: Side, said: Said) -> Clock:
    """A term. History arms only what is still to come: terms do not fire for the past."""
    due_at = end_of(due_on)
    return Clock(name, due_on, due_at, waiting_for, armed=not said.imported or due_at > said.now)


def when_sent(respond_by: date, terms: Terms, said: Said) -> Clocks:
    """Receipt and response."""
    receipt = clock("receipt", add_working_days(local_day(said.at), terms.receipt), "provider", said)
    return receipt, clock("response", respond_by, "provider", said)


def when_accepted(attempt: Attempt, said: Said) -> Clocks:
    """From acceptance the first contact is awaited."""
    return (clock("start", attempt.start_by, "provider", said),)


def when_started(attempt: Attempt, said: Said) -> Clocks:
    """From the start a plan, and a word of progress."""
    plan = clock("plan", add_working_days(local_day(said.at), attempt.terms.plan), "provider", said)
    return plan, _progress(attempt, said.at, said)


def _progress(attempt: Attempt, at: datetime, said: Said) -> Clock:
    return clock("progress", local_day(at) + timedelta(days=attempt.terms.progress), "provider", said)


def when_returned(attempt: Attempt, said: Said) -> Clocks:
    """The municipality has its working days to review."""
    due_on = add_working_days(local_day(said.at), attempt.terms.review)
    return (clock("review", due_on, "municipality", said),)


def when_progress(attempt: Attempt, said: Said, at: datetime) -> Attempt:
    """A word of progress starts the silence anew, also one that came while the trajectory rested."""
    if "started" not in (attempt.status, attempt.before):
        return attempt
    # what came during the rest counts from its end: the rest itself is added when it is over
    counted = at if attempt.suspended_at is None else min(at, attempt.suspended_at)
    known = [one for one in attempt.clocks if one.name == "progress"]
    fresh = _progress(attempt, counted, said)
    if known and known[0].due_at > fresh.due_at:
        return attempt
    return replace(attempt, clocks=(*without(attempt, "progress"), fresh))


def without(attempt: Attempt, name: ClockName) -> Clocks:
    """Its terms save this one."""
    return tuple(one for one in attempt.clocks if one.name != name)


def when_resumed(attempt: Attempt, at: datetime) -> Clocks:
    """The terms that stopped are moved by the time the trajectory rested."""
    rested = days_begun(attempt.suspended_at or at, at)
    return tuple(_shifted(one, rested) if stopped(attempt, one) else one for one in attempt.clocks)


def _shifted(one: Clock, days: int) -> Clock:
    due_on = one.due_on + timedelta(days=days)
    return replace(one, due_on=due_on, due_at=end_of(due_on))


def fired(attempt: Attempt, name: ClockName) -> Clocks:
    """Its terms with this one marked as said to be overdue."""
    return tuple(replace(one, fired=True) if one.name == name else one for one in attempt.clocks)


def stopped(attempt: Attempt, one: Clock) -> bool:
    """Whether a rest stops this term: not that of the side the rest waits for, nor what had passed before it began."""
    if attempt.suspended_at is None or attempt.suspension is None:
        return False
    return one.waiting_for != WAITS_FOR[attempt.suspension] and one.due_at > attempt.suspended_at


def running(attempt: Attempt) -> Clocks:
    """The terms that run now."""
    return tuple(one for one in attempt.clocks if not stopped(attempt, one))


def overdue(attempt: Attempt, now: datetime) -> list[Clock]:
    """Terms that have passed and of which nothing was said yet."""
    return [one for one in running(attempt) if one.armed and not one.fired and one.due_at <= now]
