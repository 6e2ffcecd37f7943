"""The terms of an application: the municipality's to decide, the citizen's to search; started, stopped and moved."""

from datetime import date, datetime, timedelta

from services.intake.codes import DECISION_DAYS, Side
from services.intake.domain.state import Clock, ClockName, State, Supplement
from shared.changing import replace
from shared.facts import Said
from shared.worktime import days_begun, end_of, is_working_day, local_day


def clock(name: ClockName, due_on: date, waiting_for: Side, said: Said) -> Clock:
    """A term. History arms only what is still to come: terms do not fire for the past."""
    due_at = end_of(due_on)
    return Clock(name, due_on, due_at, waiting_for, armed=not said.imported or due_at > said.now)


def decision_due(start: date) -> date:
    """The last day to decide: eight weeks on, or the first working day after (General Extension of Terms Act)."""
    return _first_working_day(start + timedelta(days=DECISION_DAYS))


def _first_working_day(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def when_received(received_on: date, said: Said) -> tuple[Clock, ...]:
    """From receipt the municipality has eight weeks."""
    return (clock("decision", decision_due(received_on), "municipality", said),)


def when_search_starts(state: State, until_on: date, said: Said) -> State:
    """The citizen searches first; the municipality's eight weeks begin after it."""
    search = clock("search", until_on, "citizen", said)
    return replace(_decided_from(state, until_on, said), search_until=until_on).with_clock(search)


def when_search_ends(state: State, said: Said) -> State:
    """An early end brings the municipality's term forward; the search's own term is gone."""
    without = state.without_clock("search")
    ended = local_day(said.at)
    if without.search_until is None or ended >= without.search_until:
        return without
    return _decided_from(without, ended, said)


def _decided_from(state: State, start: date, said: Said) -> State:
    """The term to decide counts from this day, also when it rests for a supplement."""
    fresh = clock("decision", decision_due(max(start, state.received_on)), "municipality", said)
    if state.supplement is None:
        return state.with_clock(fresh)
    asked = replace(state.supplement, decision=fresh)
    return replace(state, supplement=asked).with_clock(_resting(fresh, asked, said))


def when_requested(state: State, until_on: date | None, said: Said) -> State:
    """The municipality's term rests: as long as the citizen was given, or until there is an answer."""
    decision = clock_of(state, "decision")
    asked = Supplement(said.at, until_on, decision)
    state = replace(state, supplement=asked)
    return state if decision is None else state.with_clock(_resting(decision, asked, said))


def _resting(decision: Clock, asked: Supplement, said: Said) -> Clock:
    """The term as it stands while the question is open: later by the days the citizen was given."""
    if asked.until_on is None:
        return decision
    return _moved(decision, days_begun(asked.since, end_of(asked.until_on)), said)


def when_answered(state: State, said: Said) -> State:
    """The term runs on, later by the time it rested: until the answer, or until the day the citizen was given."""
    open_question = state.supplement
    answered = replace(state, supplement=None)
    now = clock_of(state, "decision")
    if open_question is None or open_question.decision is None or now is None or now.fired:
        return answered
    until = said.at if open_question.until_on is None else min(said.at, end_of(open_question.until_on))
    return answered.with_clock(_moved(open_question.decision, days_begun(open_question.since, until), said))


def _moved(one: Clock, days: int, said: Said) -> Clock:
    """The term later by these days; what was said to be overdue stays so."""
    if one.fired or not days:
        return one
    due_on = _first_working_day(one.due_on + timedelta(days=days))
    due_at = end_of(due_on)
    return replace(one, due_on=due_on, due_at=due_at, armed=one.armed or due_at > said.now)


def when_decided(state: State) -> State:
    """Nothing is awaited any more."""
    return replace(state, clocks=(), supplement=None)


def clock_of(state: State, name: ClockName) -> Clock | None:
    """The term of this name, when it runs."""
    return next((one for one in state.clocks if one.name == name), None)


def fired(state: State) -> State:
    """The municipality's term, marked as said to be overdue."""
    one = clock_of(state, "decision")
    return state if one is None else state.with_clock(replace(one, fired=True))


def running(state: State) -> tuple[Clock, ...]:
    """The terms that run now; while a supplement is awaited without a last day, the municipality's does not."""
    resting = state.supplement is not None and state.supplement.until_on is None
    return tuple(one for one in state.clocks if not (resting and one.name == "decision"))


def overdue(state: State, now: datetime) -> list[Clock]:
    """Terms that have passed and of which nothing was said yet, in the order they passed."""
    passed = [one for one in running(state) if one.armed and not one.fired and one.due_at <= now]
    return sorted(passed, key=lambda one: one.due_at)
