"""A rest stops the clock of the side that waits, counts as time of the side it waits for, and ends where it began."""

from datetime import UTC, datetime, timedelta, tzinfo

import pytest

from services.referral import commands as c
from services.referral import hearing as h
from services.referral.codes import WAITS_FOR
from services.referral.domain.decide import decide
from services.referral.domain.state import State
from services.referral.domain.view import row, view
from shared.worktime import AMSTERDAM
from tests.builders import DAY, NOON
from tests.unit.referral.given import REFERRAL, accepted, after, coach, give_back, heard, overdue, returned, started

HERE = NOON.astimezone(AMSTERDAM)
"""The same hour on the wall, days later: the clocks change four weeks on."""
RESUME = c.ResumeReferral(referral_id=REFERRAL)


def resting(state: State | None = None, reason: str = "illness", days: int = 5) -> State:
    suspend = c.SuspendReferral.model_validate({"referral_id": REFERRAL, "reason": reason})
    return after(state or started(), (suspend, coach(HERE + days * DAY)))


def resumed(state: State, days: int) -> State:
    return after(state, (RESUME, coach(HERE + days * DAY)))


def test_suspension_stops_the_clock_and_resuming_moves_it_by_the_rest() -> None:
    assert overdue(resting(), NOON + 100 * DAY) == []
    back = resumed(resting(), 35)
    assert overdue(back, NOON + 60 * DAY) == []
    assert overdue(back, NOON + 80 * DAY) == ["plan_overdue", "progress_silent"]


@pytest.mark.parametrize("reason", [reason for reason, side in WAITS_FOR.items() if side != "provider"])
def test_who_waits_for_the_citizen_or_the_municipality_has_its_clock_stopped(reason: str) -> None:
    assert overdue(resting(reason=reason), NOON + 100 * DAY) == []
    assert row(resting(reason=reason)).alarm_at is None


def test_a_provider_that_is_closed_does_not_stop_its_own_clock() -> None:
    closed = resting(reason="provider_closed")
    assert overdue(closed, NOON + 33 * DAY) == ["plan_overdue"]
    assert overdue(resumed(closed, 20), NOON + 33 * DAY) == ["plan_overdue"]
    assert view(closed)["turn"]["side"] == "provider"


@pytest.mark.parametrize("written", [UTC, AMSTERDAM])
def test_a_day_of_rest_that_began_counts_also_when_the_clocks_change_before_it_is_over(written: tzinfo) -> None:
    begins, ends = (datetime(2026, 3, day, hour, 30, tzinfo=AMSTERDAM) for day, hour in ((16, 9), (30, 10)))
    before = started()
    suspend = c.SuspendReferral(referral_id=REFERRAL, reason="illness")
    back = after(before, (suspend, coach(begins.astimezone(written))), (RESUME, coach(ends.astimezone(written))))
    due = {one.name: one.due_on for one in before.attempts[REFERRAL].clocks}
    moved = {one.name: one.due_on - due[one.name] for one in back.attempts[REFERRAL].clocks}
    assert moved == {"plan": 15 * DAY, "progress": 15 * DAY}


def test_more_than_one_rest_is_counted_each() -> None:
    twice = resting(resumed(resting(), 15), days=20)
    assert overdue(resumed(twice, 30), NOON + 51 * DAY) == []
    assert overdue(resumed(twice, 30), NOON + 52 * DAY) == ["plan_overdue"]
    assert overdue(resumed(twice, 30), NOON + 66 * DAY) == ["plan_overdue", "progress_silent"]


def test_the_first_contact_is_awaited_longer_by_the_rest() -> None:
    assert overdue(resumed(resting(accepted()), 15), NOON + 47 * DAY) == []
    assert overdue(resumed(resting(accepted()), 15), NOON + 48 * DAY) == ["start_overdue"]


def test_what_had_passed_before_the_rest_was_overdue_whenever_we_look() -> None:
    assert overdue(resting(days=40), NOON + 41 * DAY) == ["plan_overdue"]


def test_a_rest_of_the_citizen_is_not_time_of_the_provider() -> None:
    back = resumed(resting(), 15)
    assert back.waited["citizen"] == timedelta(days=10).total_seconds()
    assert back.waited["provider"] == timedelta(days=5).total_seconds()


def test_a_plan_made_during_the_rest_ends_the_wait_for_one() -> None:
    planned = heard(resting(), h.PlanAgreed(referral_id=REFERRAL), coach(NOON + 10 * DAY))
    assert overdue(resumed(planned, 15), NOON + 57 * DAY) == []


def test_a_word_of_progress_during_the_rest_starts_the_silence_at_its_end() -> None:
    told = heard(resting(), h.Progress(), coach(NOON + 10 * DAY))
    assert overdue(resumed(told, 15), NOON + 57 * DAY) == ["plan_overdue"]
    assert overdue(resumed(told, 15), NOON + 58 * DAY) == ["plan_overdue", "progress_silent"]


def test_a_citizen_who_comes_back_out_of_a_rest_no_longer_rests() -> None:
    back = after(resting(), (give_back(), coach(NOON + 30 * DAY)))
    assert back.attempts[REFERRAL].clocks == returned().attempts[REFERRAL].clocks
    assert back.attempts[REFERRAL].suspension is None
    assert overdue(back, NOON + 47 * DAY) == ["review_overdue"]


@pytest.mark.parametrize("state", [accepted(), started()])
def test_a_rest_ends_where_it_began(state: State) -> None:
    back = resumed(resting(state), 6)
    assert back.attempts[REFERRAL].status == state.attempts[REFERRAL].status
    assert back.attempts[REFERRAL].suspended_by is None


def test_the_phase_of_a_return_is_that_of_before_the_rest() -> None:
    [one] = decide(resting(accepted()), give_back(), coach(NOON + 20 * DAY))
    assert one.fact.phase == "before_start"  # type: ignore[attr-defined]
