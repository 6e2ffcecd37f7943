"""The check of a plan: a missed one is said once, to the right side, and loses its sense when the plan does."""

from datetime import date

import pytest

from services.outcome.domain.decide import decide
from services.outcome.domain.view import row, view
from shared.facts import SYSTEM
from tests.builders import DAY, NOON
from tests.unit.outcome.given import (
    CHECK_ON,
    PLAN,
    SECOND,
    a_goal,
    adjust,
    after,
    agree,
    closed,
    coach,
    look,
    measure,
    measured,
    overdue,
    planned,
    returned,
)

MISSED = NOON + 43 * DAY
"""The day after the check."""


@pytest.mark.parametrize(("days", "expected"), [(42, []), (43, ["check_missed"]), (200, ["check_missed"])])
def test_a_missed_check_is_a_fact_once_its_day_has_passed(days: int, expected: list[str]) -> None:
    assert overdue(planned(), NOON + days * DAY) == expected


def test_a_missed_check_names_the_plan_the_day_and_who_was_awaited() -> None:
    [one] = decide(planned(), *look(MISSED))
    assert one.fact.model_dump() == {"plan_id": PLAN, "due_on": CHECK_ON, "waiting_for": "provider"}
    assert one.actor == SYSTEM


def test_what_was_missed_is_said_once() -> None:
    state = after(planned(), look(MISSED))
    assert overdue(state, MISSED + DAY) == []
    assert row(state).overdue_since is not None
    assert row(state).alarm_at is None


@pytest.mark.parametrize("by", ["citizen", "professional"])
def test_a_measurement_by_either_side_after_the_plan_is_the_check(by: str) -> None:
    assert overdue(after(planned(), (measure(by=by), coach(NOON + 5 * DAY))), MISSED) == []


def test_a_measurement_of_another_plan_or_from_before_this_plan_is_no_check() -> None:
    two = after(planned(), (agree(SECOND, goals=[a_goal(SECOND)]), coach(NOON + DAY)))
    one_checked = after(two, (measure(goal_id=SECOND), coach(NOON + 5 * DAY)))
    assert overdue(one_checked, MISSED) == ["check_missed"]
    before = after(planned(), (measure(), coach(NOON - DAY, now=NOON + DAY)))
    assert overdue(before, MISSED) == ["check_missed"]


def test_an_adjusted_plan_is_looked_at_again_on_its_new_day() -> None:
    again = after(measured(), (adjust(next_check_on=date(2026, 5, 4)), coach(NOON + 30 * DAY)))
    assert overdue(again, NOON + 63 * DAY) == []
    assert overdue(again, NOON + 64 * DAY) == ["check_missed"]


def test_what_comes_late_does_not_undo_a_check_that_was_agreed_after_it() -> None:
    again = after(measured(), (adjust(next_check_on=date(2026, 5, 4)), coach(NOON + 30 * DAY)))
    late = coach(NOON + 20 * DAY, now=NOON + 31 * DAY)
    for command in (measure(), adjust(), adjust(next_check_on=date(2026, 4, 1))):
        assert overdue(after(again, (command, late)), NOON + 64 * DAY) == ["check_missed"]
        assert overdue(after(again, (command, late)), NOON + 63 * DAY) == []


def test_a_late_answer_ends_the_overdue_and_the_time_is_the_providers() -> None:
    state = after(planned(), look(MISSED), (measure(), coach(NOON + 52 * DAY)))
    assert row(state).overdue_since is None
    waited = view(state)["waited_days"]["provider"]
    assert waited == pytest.approx(
        1 + 9 + 14 / 24, abs=0.001
    )  # a day for the plan, then from midnight on for the check


def test_a_check_loses_its_sense_when_the_case_is_closed_or_the_citizen_came_back() -> None:
    assert overdue(closed(planned()), MISSED) == []
    assert overdue(returned(planned()), MISSED) == []
    assert row(closed(planned())).alarm_at is None


def test_a_check_that_was_missed_before_the_end_was_missed_also_when_we_look_later() -> None:
    assert overdue(closed(planned(), MISSED + DAY), MISSED + 2 * DAY) == ["check_missed"]
    assert overdue(returned(planned(), MISSED + DAY), MISSED + 2 * DAY) == ["check_missed"]
    said_so = after(closed(planned(), MISSED + DAY), look(MISSED + 2 * DAY))
    assert row(said_so).turn == ""
