"""Terms: the citizen's to search, the municipality's to decide; they rest, move, are said once, never for the past."""

from datetime import date, datetime

import pytest

from services.intake import commands as c
from services.intake import store
from services.intake.domain.clocks import decision_due
from services.intake.domain.decide import decide
from services.intake.domain.state import State
from services.intake.domain.view import row, view
from shared.worktime import AMSTERDAM
from tests.builders import DAY, NOON, said
from tests.unit.intake.given import (
    after,
    answer,
    applied,
    apply,
    ask,
    asked,
    close,
    deny,
    ended,
    grant,
    granted,
    history,
    look,
    office,
    overdue,
    searching,
    withdraw,
    young,
)

EIGHT_WEEKS = NOON + 58 * DAY
"""The morning after King's Day pushed the last day on by one."""


def due(state: State) -> date:
    [one] = [one for one in state.clocks if one.name == "decision"]
    return one.due_on


def test_the_municipality_has_eight_weeks_to_decide() -> None:
    assert due(applied()) == date(2026, 4, 28)
    assert overdue(applied(), NOON + 57 * DAY) == []
    assert overdue(applied(), EIGHT_WEEKS) == ["decision_overdue"]


@pytest.mark.parametrize(
    ("received", "due_on"),
    [
        (date(2026, 3, 7), date(2026, 5, 4)),
        (date(2026, 3, 2), date(2026, 4, 28)),
        (date(2025, 10, 30), date(2025, 12, 29)),
    ],
)
def test_a_term_that_ends_on_a_free_day_ends_on_the_next_working_day(received: date, due_on: date) -> None:
    assert decision_due(received) == due_on


def test_a_late_decision_is_said_once_and_by_nobody_but_the_service() -> None:
    [one] = decide(applied(), *look(EIGHT_WEEKS))
    assert one.fact.model_dump() == {"due_on": date(2026, 4, 28), "waiting_for": "municipality"}
    assert one.actor is not None
    assert one.actor.role == "system"
    told = after(applied(), look(EIGHT_WEEKS))
    assert overdue(told, EIGHT_WEEKS + 100 * DAY) == []
    assert row(told).overdue_since is not None
    assert after(told, (grant(), office(EIGHT_WEEKS + DAY))).clocks == ()


@pytest.mark.parametrize("step", [deny(), withdraw(), close("moved")])
def test_who_has_an_answer_or_is_gone_waits_for_nothing(step: c.Command) -> None:
    state = after(applied(), (step, said(NOON + DAY, sorted(step.by)[0])))
    assert overdue(state, EIGHT_WEEKS) == []
    assert row(state).alarm_at is None


def test_the_search_of_who_is_under_27_is_over_when_its_last_day_has_passed() -> None:
    assert overdue(searching(), NOON + 28 * DAY) == []
    [one] = decide(searching(), *look(NOON + 40 * DAY))
    assert one.fact.model_dump() == {"result": "term_passed"}
    assert one.at == datetime.fromisoformat("2026-03-31T00:00:00+02:00")
    told = after(searching(), look(NOON + 40 * DAY))
    assert told.search_ended_at == one.at
    assert overdue(told, NOON + 41 * DAY) == []


def test_the_eight_weeks_begin_after_the_search() -> None:
    assert due(searching()) == date(2026, 5, 26)
    told = after(searching(), look(NOON + 29 * DAY))
    assert due(told) == date(2026, 5, 26)
    assert overdue(searching(), NOON + 100 * DAY) == ["search_period_ended", "decision_overdue"]


def test_an_early_end_of_the_search_brings_the_decision_forward() -> None:
    early = after(searching(), (c.EndSearchPeriod(result="found_education"), said(NOON + 10 * DAY)))
    assert due(early) == date(2026, 5, 7)
    assert [one.name for one in early.clocks] == ["decision"]


def test_a_question_without_a_last_day_stops_the_municipalitys_clock_until_there_is_an_answer() -> None:
    assert overdue(asked(), NOON + 300 * DAY) == []
    assert row(asked()).alarm_at is None
    same_hour = NOON.astimezone(AMSTERDAM) + 30 * DAY  # on the wall; the clocks changed meanwhile
    answered = after(asked(), (answer(), said(same_hour, "citizen")))
    assert due(answered) == date(2026, 5, 18)
    assert overdue(answered, EIGHT_WEEKS) == []


def test_a_question_with_a_last_day_moves_the_clock_that_far_at_most() -> None:
    state = asked(until_on=date(2026, 3, 20))
    assert due(state) == date(2026, 5, 7)
    assert due(after(state, (answer(), said(NOON + 12 * DAY)))) == date(2026, 4, 30)
    assert due(after(state, (answer(), said(NOON + 60 * DAY)))) == date(2026, 5, 7)
    assert overdue(state, NOON + 67 * DAY) == ["decision_overdue"]


def test_an_answer_after_the_decision_was_said_to_be_late_does_not_make_it_late_again() -> None:
    late = after(asked(until_on=date(2026, 3, 20)), look(NOON + 70 * DAY))
    answered = after(late, (answer(), said(NOON + 71 * DAY)))
    assert overdue(answered, NOON + 200 * DAY) == []
    assert row(answered).overdue_since is not None


def test_a_question_after_the_decision_was_said_to_be_late_does_not_hide_that() -> None:
    late = after(applied(), look(EIGHT_WEEKS), (ask(date(2026, 6, 1)), said(EIGHT_WEEKS + DAY)))
    assert overdue(late, NOON + 300 * DAY) == []
    assert row(late).overdue_since == datetime.fromisoformat("2026-04-29T00:00:00+02:00")


def test_a_search_that_ends_while_a_question_is_open_leaves_the_decision_resting() -> None:
    state = after(
        searching(),
        (ask(date(2026, 3, 20)), said(NOON + 3 * DAY)),
        (c.EndSearchPeriod(result="found_education"), said(NOON + 10 * DAY)),
    )
    assert due(state) == date(2026, 5, 26)
    assert due(after(state, (answer(), said(NOON + 12 * DAY)))) == date(2026, 5, 18)


def test_the_eight_weeks_never_begin_before_receipt() -> None:
    odd = after(searching(), (c.EndSearchPeriod(result="found_education"), said(NOON - 9 * DAY, now=NOON + DAY)))
    assert due(odd) == due(applied())


def test_a_moved_term_is_the_same_whether_the_state_was_just_made_or_read_from_the_database() -> None:
    """Summer time begins while the question is open."""
    state = asked(until_on=date(2026, 4, 1))
    again = store.codec(State)[1](store.dump(state).decode())
    step = answer(), said(NOON + 40 * DAY)
    assert store.dump(after(state, step)) == store.dump(after(again, step))


def test_terms_do_not_fire_for_the_past() -> None:
    old = after(None, (apply(), history(now=NOON + 900 * DAY)))
    assert overdue(old, NOON + 901 * DAY) == []
    assert row(old).alarm_at is None


def test_history_of_last_week_still_has_its_terms_to_come() -> None:
    recent = after(None, (apply(), history(now=NOON + 7 * DAY)))
    assert overdue(recent, EIGHT_WEEKS) == ["decision_overdue"]


def test_history_whose_term_was_moved_past_today_has_it_to_come() -> None:
    now = NOON + 58 * DAY
    moved = after(None, (apply(), history(now=now)), (ask(), history(NOON + 10 * DAY, now=now)))
    answered = after(moved, (answer(), history(NOON + 30 * DAY, now=now)))
    assert overdue(answered, NOON + 100 * DAY) == ["decision_overdue"]


def test_a_search_of_history_ends_as_history_says() -> None:
    period = c.StartSearchPeriod(until_on=date(2026, 3, 30))
    state = after(None, (young(), history()), (period, history(role="system")))
    assert overdue(state, NOON + 4_000 * DAY) == []
    told = after(state, (c.EndSearchPeriod(result="no_work"), history(NOON + 28 * DAY)))
    assert told.search_ended_at == NOON + 28 * DAY


def test_whose_turn_it_is_follows_from_the_case() -> None:
    states = {"applied": applied(), "searching": searching(), "asked": asked(), "granted": granted(), "ended": ended()}
    turns = {name: (s.turn.side, s.turn.action) if s.turn else None for name, s in states.items()}
    assert turns == {
        "applied": ("municipality", "decide"),
        "searching": ("citizen", "search"),
        "asked": ("citizen", "supplement"),
        "granted": None,
        "ended": ("municipality", "close"),
    }


def test_the_turn_of_a_side_begins_when_it_got_it_whatever_is_asked_of_it_since() -> None:
    state = after(searching(), (ask(), said(NOON + 3 * DAY)))
    assert state.turn is not None
    assert (state.turn.action, state.turn.since) == ("supplement", NOON)


def test_a_fact_that_is_told_late_takes_no_time_back() -> None:
    late = after(asked(), (withdraw(), said(NOON + 5 * DAY, now=NOON + 12 * DAY)))
    assert late.last_at == NOON + 10 * DAY
    assert late.waited == {"municipality": 10 * 86_400.0, "citizen": 0.0}


def test_time_is_counted_per_side() -> None:
    answered = after(asked(), (answer(), said(NOON + 15 * DAY)), (grant(), office(NOON + 20 * DAY)))
    assert view(answered)["waited_days"] == {"municipality": 15.0, "citizen": 5.0}
    told = after(searching(), look(NOON + 40 * DAY))
    assert told.turn is not None
    assert told.turn.since == told.search_ended_at


def test_a_reader_sees_what_is_known_and_not_whom_it_is_about() -> None:
    shown = view(asked(until_on=date(2026, 3, 20)))
    assert [one["clock"] for one in shown["clocks"]] == ["decision"]
    assert shown["detail"]["step"] == "supplement"
    assert shown["detail"]["supplement"]["until_on"] == date(2026, 3, 20)
    assert view(searching())["detail"]["search"] == {"until_on": date(2026, 3, 30), "ended_at": None}
    assert row(granted()).status == "open"
    assert row(after(applied(), (withdraw(), said(NOON + DAY)))).status == "closed"
