"""Terms: the check of a plan and the follow-ups of a job; set, answered and moved as facts come in."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime

from services.outcome.codes import FOLLOW_UPS, Side
from services.outcome.domain.state import Clock, ClockName, State
from shared.changing import replace
from shared.facts import Said
from shared.waiting import with_wait
from shared.worktime import end_of, local_day


def _clock(name: ClockName, about: str, due_on: date, side: Side, said: Said, months: int = 0) -> Clock:
    """A term. History arms only what is still to come: terms do not fire for the past."""
    due_at = end_of(due_on)
    armed = not said.imported or due_at > said.now
    return Clock(name, about, due_on, due_at, side, armed, months)


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of the month when it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))


def with_check(state: State, plan_id: str, due_on: date | None, said: Said) -> State:
    """The plan is looked at again on this day, by the provider when it is of a referral; what was due is answered."""
    after = answered(state, said, lambda one: one.name == "check" and one.about == plan_id)
    if due_on is None:
        return after
    side: Side = "provider" if state.plans[plan_id].referral_id else "municipality"
    return replace(after, clocks=(*after.clocks, _clock("check", plan_id, due_on, side, said)))


def with_follow_ups(state: State, job_id: str, said: Said) -> State:
    """From the start of a job on it is asked at 3, 6 and 12 months how it goes: by who had the trajectory, if any."""
    start = local_day(said.at)
    had = any(one.started_at is not None for one in state.referrals.values())
    side: Side = "provider" if had else "municipality"
    added = (_clock("follow_up", job_id, months_after(start, n), side, said, n) for n in FOLLOW_UPS)
    return replace(state, clocks=(*state.clocks, *added))


def moved_follow_ups(state: State, job_id: str, started_at: datetime, now: datetime) -> State:
    """The job started on another day: what is still awaited moves along. What was said to be due is not said again."""

    def moved(one: Clock) -> Clock:
        if one.name != "follow_up" or one.about != job_id:
            return one
        due_on = months_after(local_day(started_at), one.months)
        return replace(one, due_on=due_on, due_at=end_of(due_on), armed=one.armed or end_of(due_on) > now)

    return replace(state, clocks=tuple(moved(one) for one in state.clocks))


def answered(state: State, said: Said, which: Callable[[Clock], bool]) -> State:
    """Without these terms; the time that one was awaited after its day belongs to the side that was awaited."""
    waited = state.waited
    for one in state.clocks:
        if which(one) and one.fired:
            waited = with_wait(waited, one.waiting_for, one.due_at, said.at)
    return replace(state, clocks=tuple(one for one in state.clocks if not which(one)), waited=waited)


def fired(state: State, name: ClockName, about: str, months: int = 0) -> State:
    """With this term marked as said."""
    key = (name, about, months)
    return replace(
        state,
        clocks=tuple(
            replace(one, fired=True) if (one.name, one.about, one.months) == key else one for one in state.clocks
        ),
    )


def ended_at(state: State, one: Clock) -> datetime | None:
    """When a check lost its sense: the case closed or its referral ended. A follow-up goes on after both."""
    if one.name == "follow_up":
        return None
    referral = state.referrals.get(state.plans[one.about].referral_id or "")
    ends = [state.closed_at, referral.ended_at if referral else None]
    return min((end for end in ends if end is not None), default=None)


def running(state: State) -> tuple[Clock, ...]:
    """The terms that somebody still has to answer."""
    return tuple(one for one in state.clocks if ended_at(state, one) is None)


def coming(state: State) -> list[Clock]:
    """Terms of which nothing was said yet and that will be, also when their plan ended after the day had passed."""
    return [
        one
        for one in state.clocks
        if one.armed and not one.fired and ((end := ended_at(state, one)) is None or one.due_at <= end)
    ]


def overdue(state: State, now: datetime) -> list[Clock]:
    """Terms that have passed and of which nothing was said yet."""
    return [one for one in coming(state) if one.due_at <= now]
