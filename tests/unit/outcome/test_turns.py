"""Whose turn it is and how long it was, in whatever order it was heard."""

from services.outcome import hearing as h
from services.outcome.domain.state import State
from services.outcome.domain.view import row, view
from tests.builders import DAY, NOON, said
from tests.unit.outcome.given import (
    REFERRAL,
    SECOND,
    a_case,
    after,
    agree,
    closed,
    coach,
    heard,
    look,
    planned,
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


def test_who_is_awaited_is_who_has_the_plan_or_had_the_trajectory() -> None:
    declined = heard(referred(), (h.ReferralDeclined(referral_id=REFERRAL), coach(NOON - 5 * DAY)))
    own = after(declined, (agree(), said()), (start_job(), said()))
    assert {one.name: one.waiting_for for one in own.clocks} == {"check": "municipality", "follow_up": "municipality"}
    theirs = after(planned(), (start_job(), coach()))
    assert {one.name: one.waiting_for for one in theirs.clocks} == {"check": "provider", "follow_up": "provider"}
    came_back = after(returned(started()), (agree(), said(NOON + 31 * DAY)))
    assert [one.waiting_for for one in came_back.clocks] == ["municipality"]


def test_lists_show_the_case_to_its_providers_and_caseworker() -> None:
    line = row(heard(started(), (h.ReferralDeclined(referral_id=REFERRAL), coach())))
    assert (line.providers, line.caseworker, line.status) == (("org-rw",), "km-1", "open")
    assert row(closed(started())).status == "closed"
    assert view(heard(a_case(), (h.BenefitEnded(), said())))["detail"]["benefit_ended_at"] == NOON
