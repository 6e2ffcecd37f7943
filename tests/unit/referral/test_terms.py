"""Terms: silence is a fact, said once, to the right side, and never for the past."""

from dataclasses import replace
from datetime import datetime

import pytest

from services.referral import commands as c
from services.referral import hearing as h
from services.referral.domain.decide import decide
from services.referral.domain.evolve import evolve
from services.referral.domain.state import State
from services.referral.domain.view import row, view
from shared.ledger.clocks import LookAtTerms
from tests.builders import DAY, NOON, said
from tests.unit.referral.given import (
    REFERRAL,
    SECOND,
    a_case,
    accept,
    accepted,
    after,
    closed,
    coach,
    give_back,
    heard,
    overdue,
    returned,
    review,
    send,
    sent,
    start,
    started,
)


@pytest.mark.parametrize(
    ("state", "days", "expected"),
    [
        (sent(), 2, []),
        (sent(), 3, ["receipt_overdue"]),
        (sent(), 15, ["receipt_overdue", "response_overdue"]),
        (accepted(), 60, ["start_overdue"]),
        (started(), 33, ["plan_overdue"]),
        (started(), 47, ["plan_overdue", "progress_silent"]),
        (returned(), 46, []),
        (returned(), 47, ["review_overdue"]),
    ],
)
def test_silence_is_said_when_the_term_has_passed_and_not_before(state: State, days: int, expected: list[str]) -> None:
    assert overdue(state, NOON + days * DAY) == expected


def test_what_is_overdue_is_said_once() -> None:
    state, now = sent(), NOON + 3 * DAY
    for one in decide(state, LookAtTerms(), said(now, "system")):
        state = evolve(state, one.fact, said(now, "system"))
    assert overdue(state, now + DAY) == []
    assert row(state).overdue_since is not None


def test_a_late_answer_ends_the_overdue() -> None:
    state, now = sent(), NOON + 3 * DAY
    for one in decide(state, LookAtTerms(), said(now, "system")):
        state = evolve(state, one.fact, said(now, "system"))
    answered = after(state, (c.ReceiveReferral(referral_id=REFERRAL), coach(now + DAY)))
    assert row(answered).overdue_since is None


def test_terms_do_not_fire_for_the_past() -> None:
    old = after(a_case(), (send(), said(NOON, now=NOON + 300 * DAY, imported=True)))
    assert overdue(old, NOON + 300 * DAY) == []
    assert row(old).alarm_at is None


def test_history_of_yesterday_still_has_its_terms_to_come() -> None:
    recent = after(a_case(), (send(), said(NOON, now=NOON + 3 * DAY, imported=True)))
    assert overdue(recent, NOON + 20 * DAY) == ["response_overdue"]


def test_word_of_progress_starts_the_silence_anew_and_a_plan_ends_the_wait_for_one() -> None:
    planned = heard(started(), h.PlanAgreed(), coach(NOON + 20 * DAY))
    assert overdue(planned, NOON + 61 * DAY) == []
    assert overdue(planned, NOON + 64 * DAY) == ["progress_silent"]


def test_an_older_word_of_progress_that_comes_late_does_not_shorten_the_silence() -> None:
    planned = heard(started(), h.PlanAgreed(), coach(NOON + 20 * DAY))
    late = heard(planned, h.Progress(), coach(NOON + 5 * DAY))
    assert overdue(late, NOON + 61 * DAY) == []


def test_every_open_hand_off_names_whose_turn_it_is() -> None:
    turns = {name: (s.turn.side, s.turn.action) for name, s in STATES.items() if s.turn}
    assert turns == {
        "new": ("municipality", "refer"),
        "sent": ("provider", "receive"),
        "accepted": ("provider", "start"),
        "suspended": ("citizen", "resume"),
        "returned": ("municipality", "review"),
    }


STATES = {
    "new": a_case(),
    "sent": sent(),
    "accepted": accepted(),
    "suspended": after(started(), (c.SuspendReferral(referral_id=REFERRAL, reason="care"), coach(NOON + 5 * DAY))),
    "returned": returned(),
}


def test_time_is_counted_per_side() -> None:
    waited = view(returned())["waited_days"]
    assert waited == {"municipality": 30.0, "provider": 30.0}


def test_dutch_holidays_are_no_working_days() -> None:
    before_easter = replace(a_case())
    state = after(before_easter, (send(), said(datetime.fromisoformat("2026-04-02T12:00:00+02:00"))))
    [receipt] = [one for one in state.attempts[REFERRAL].clocks if one.name == "receipt"]
    assert receipt.due_on.isoformat() == "2026-04-08"


def test_a_plan_ends_the_wait_of_the_trajectory_it_names_only() -> None:
    other = heard(started(), h.PlanAgreed(referral_id=SECOND), coach(NOON + 5 * DAY))
    own = heard(other, h.PlanAgreed(referral_id=REFERRAL), coach(NOON + 5 * DAY))
    assert overdue(other, NOON + 33 * DAY) == ["plan_overdue"]
    assert overdue(own, NOON + 33 * DAY) == []


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ((h.PlanAgreed(), NOON + 5 * DAY), []),
        ((h.PlanAgreed(referral_id=REFERRAL), NOON + 5 * DAY), []),
        ((h.PlanAgreed(), NOON + 2 * DAY), ["plan_overdue"]),
    ],
)
def test_a_plan_counts_by_when_it_was_made_also_when_it_is_heard_before_the_start(
    plan: tuple[h.PlanAgreed, datetime], expected: list[str]
) -> None:
    fact, at = plan
    before = after(heard(accepted(), fact, coach(at)), (start(), coach(NOON + 3 * DAY)))
    assert before.attempts == heard(started(), fact, coach(at)).attempts
    assert overdue(before, NOON + 33 * DAY) == expected


def test_an_older_plan_that_comes_late_does_not_undo_a_newer_one() -> None:
    twice = heard(heard(accepted(), h.PlanAgreed(), coach(NOON + 5 * DAY)), h.PlanAgreed(), coach(NOON + DAY))
    assert overdue(after(twice, (start(), coach(NOON + 3 * DAY))), NOON + 33 * DAY) == []


def test_time_is_the_same_whether_the_end_of_the_case_is_heard_first_or_last() -> None:
    steps = ((send(), said(NOON)), (accept(), coach(NOON + DAY)), (give_back(), coach(NOON + 10 * DAY)))
    reviewed = (review(), said(NOON + 12 * DAY))
    last = closed(after(a_case(), *steps, reviewed))
    assert view(after(closed(a_case()), *steps, reviewed)) == view(last)
    assert view(last)["waited_days"] == {"municipality": 40.0, "provider": 10.0}
    assert view(last)["turn"] is None
    assert (row(last).turn, row(last).status) == ("", "closed")


def test_what_runs_when_the_case_is_closed_still_names_whose_turn_it_is() -> None:
    shut = closed(started())
    assert (view(shut)["turn"]["side"], row(shut).status) == ("provider", "open")


def test_of_trajectories_side_by_side_each_names_who_is_to_act() -> None:
    both = after(returned(), (send(SECOND, trajectory="education"), said(NOON + 31 * DAY)))
    shown = [(one["turn"], one["action"]) for one in view(both)["detail"]["attempts"]]
    assert shown == [("municipality", "review"), ("provider", "receive")]


def test_an_accepted_referral_no_longer_waits_for_an_answer() -> None:
    state = after(sent(), (accept(), coach(NOON + 3 * DAY)))
    assert [one.name for one in state.attempts[REFERRAL].clocks] == ["start"]
