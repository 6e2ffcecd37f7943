"""Terms: a missed check and a follow-up are said once, to the right side, and never for the past."""

from datetime import date, timedelta

import pytest

from services.outcome import hearing as h
from services.outcome.domain.clocks import months_after
from services.outcome.domain.decide import decide
from services.outcome.domain.state import State
from services.outcome.domain.view import row, view
from shared.facts import SYSTEM
from tests.builders import DAY, NOON, said
from tests.unit.outcome.given import (
    CHECK_ON,
    JOB,
    PLAN,
    REFERRAL,
    SECOND,
    a_case,
    a_goal,
    adjust,
    after,
    agree,
    closed,
    coach,
    correct_job,
    end_job,
    follow_up,
    heard,
    look,
    measure,
    measured,
    overdue,
    planned,
    reach,
    referred,
    returned,
    start_job,
    started,
    working,
)

MISSED = NOON + 43 * DAY
"""The day after the check."""
QUARTER = NOON + 113 * DAY
"""Just after three months of work (from the twentieth day on)."""


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


def turn_of(state: State) -> tuple[str, str] | None:
    turn = view(state)["turn"]
    return (turn["side"], turn["action"]) if turn else None


def test_whose_turn_it_is() -> None:
    assert turn_of(a_case()) is None
    assert turn_of(referred()) is None
    assert turn_of(started()) == ("provider", "plan")
    assert turn_of(planned()) is None
    assert turn_of(after(planned(), look(MISSED))) == ("provider", "check")
    assert turn_of(working()) is None
    assert turn_of(after(working(), look(QUARTER))) == ("provider", "follow_up")


def test_no_plan_is_awaited_once_the_citizen_came_back_or_the_case_is_closed() -> None:
    assert turn_of(returned(started())) is None
    assert turn_of(closed(started())) is None


def test_each_trajectory_has_a_plan_of_its_own() -> None:
    sent = h.ReferralSent(referral_id=SECOND, to_organisation="org-edu", trajectory="education")
    met = h.TrajectoryStarted(referral_id=SECOND)
    both = heard(planned(), (sent, said(NOON + DAY)), (met, coach(NOON + 3 * DAY)))
    assert turn_of(both) == ("provider", "plan")
    assert view(both)["turn"]["since"] == NOON + 3 * DAY


def test_the_wait_for_a_plan_is_the_same_in_whatever_order_it_was_heard() -> None:
    in_time = returned(planned())
    plan_last = after(returned(started()), (agree(), coach(NOON, now=NOON + 40 * DAY)))
    assert view(in_time)["waited_days"] == view(plan_last)["waited_days"] == {"provider": 1.0}


def test_where_nobody_was_referred_to_the_municipality_is_to_look() -> None:
    own = after(a_case(), (agree(), said()), look(MISSED))
    assert turn_of(own) == ("municipality", "check")


def test_lists_show_the_case_to_its_providers_and_caseworker() -> None:
    line = row(heard(started(), (h.ReferralDeclined(referral_id=REFERRAL), coach())))
    assert (line.providers, line.caseworker, line.status) == (("org-rw",), "km-1", "open")
    assert row(closed(started())).status == "closed"
    assert view(heard(a_case(), (h.BenefitEnded(), said())))["detail"]["benefit_ended_at"] == NOON
