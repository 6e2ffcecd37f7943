"""Follow-ups: at three, six and twelve months of work it is asked how it goes; once, and never for the past."""

from datetime import date, timedelta

import pytest

from services.outcome.domain.clocks import months_after
from services.outcome.domain.decide import decide
from services.outcome.domain.view import row, view
from tests.builders import DAY, NOON
from tests.unit.outcome.given import (
    JOB,
    after,
    agree,
    closed,
    coach,
    correct_job,
    end_job,
    follow_up,
    look,
    measured,
    overdue,
    reach,
    start_job,
    started,
    working,
)

QUARTER = NOON + 113 * DAY
"""Just after three months of work (from the twentieth day on)."""


def test_follow_ups_come_at_three_six_and_twelve_months_of_work() -> None:
    found: list[tuple[int, str]] = []
    state = working()
    for month in range(1, 14):
        now = NOON + timedelta(days=21 + 31 * month)
        for one in decide(state, *look(now)):
            fact = one.fact.model_dump()
            found.append((fact["months"], fact["due_on"].isoformat()))
        state = after(state, look(now))
    assert found == [(3, "2026-06-22"), (6, "2026-09-22"), (12, "2027-03-22")]


def test_a_follow_up_due_names_the_job() -> None:
    [one] = decide(working(), *look(QUARTER))
    assert one.fact.model_dump() == {
        "job_id": JOB,
        "months": 3,
        "due_on": date(2026, 6, 22),
        "waiting_for": "provider",
    }


@pytest.mark.parametrize("status", ["still_working", "changed_job", "unreachable", "declined_to_say"])
def test_a_follow_up_done_before_its_day_is_not_asked_again_and_the_next_comes(status: str) -> None:
    state = after(working(), (follow_up(status=status), coach(NOON + 100 * DAY)))
    assert [one.months for one in state.clocks] == [6, 12]
    assert overdue(state, QUARTER) == []


def test_of_work_that_is_lost_is_not_asked_again() -> None:
    assert after(working(), (follow_up(status="lost_job"), coach(NOON + 100 * DAY))).clocks == ()
    assert after(working(), (end_job(), coach(NOON + 100 * DAY))).clocks == ()


def test_what_was_due_before_the_job_ended_can_still_be_asked() -> None:
    state = after(working(), look(QUARTER), (end_job(), coach(QUARTER + DAY)))
    assert [(one.months, one.fired) for one in state.clocks] == [(3, True)]
    assert row(after(state, (follow_up(), coach(QUARTER + 2 * DAY)))).overdue_since is None


def test_who_records_that_work_lasted_is_not_asked_the_same_again() -> None:
    state = after(working(), (reach(6), coach(NOON + 210 * DAY)))
    assert [one.months for one in state.clocks] == [12]
    taught = after(
        working(), (reach(0, "education"), coach(NOON + 21 * DAY)), (reach(3, "education"), coach(NOON + 112 * DAY))
    )
    assert overdue(taught, QUARTER) == ["follow_up_due"]


def test_follow_ups_go_on_after_the_case_is_closed() -> None:
    assert overdue(closed(working()), QUARTER) == ["follow_up_due"]


def test_a_job_of_months_ago_told_today_is_followed_up_at_once() -> None:
    late = after(measured(), (start_job(), coach(NOON + 20 * DAY, now=QUARTER)))
    assert overdue(late, QUARTER) == ["follow_up_due"]


def test_terms_do_not_fire_for_the_past() -> None:
    now = NOON + 150 * DAY
    old = after(
        started(),
        (agree(), coach(NOON, now=now, imported=True)),
        (start_job(), coach(NOON + 20 * DAY, now=now, imported=True)),
    )
    assert overdue(old, now) == []
    assert overdue(old, NOON + 400 * DAY) == ["follow_up_due", "follow_up_due"]
    assert [(one["clock"], one["armed"]) for one in view(old)["clocks"]] == [
        ("check", False),
        ("follow_up", False),
        ("follow_up", True),
        ("follow_up", True),
    ]


def test_correcting_a_job_of_the_past_does_not_wake_its_follow_ups() -> None:
    now = NOON + 500 * DAY
    old = after(measured(), (start_job(), coach(NOON + 20 * DAY, now=now, imported=True)))
    right = after(old, (correct_job(started_at=NOON + 21 * DAY), coach(now)))
    assert overdue(right, now) == []


def test_months_end_where_the_month_ends() -> None:
    assert months_after(date(2025, 11, 30), 3) == date(2026, 2, 28)
    assert months_after(date(2026, 10, 1), 3) == date(2027, 1, 1)
    assert months_after(date(2026, 12, 31), 12) == date(2027, 12, 31)
