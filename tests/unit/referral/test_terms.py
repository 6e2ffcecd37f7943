"""Terms: silence is a fact, said once, to the right side, and never for the past."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.referral import commands as c
from services.referral import hearing as h
from services.referral.domain.decide import decide
from services.referral.domain.evolve import evolve
from services.referral.domain.learn import learn
from services.referral.domain.state import State
from services.referral.domain.view import row, view
from shared.ledger.clocks import LookAtTerms
from tests.builders import DAY, NOON, said
from tests.unit.referral.given import (
    REFERRAL,
    a_case,
    accept,
    accepted,
    after,
    coach,
    names,
    returned,
    send,
    sent,
    started,
)


def overdue(state: State, now: datetime) -> list[str]:
    return names(decide(state, LookAtTerms(), said(now, "system")))


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


def test_suspension_stops_the_clock_and_resuming_moves_it_by_the_rest() -> None:
    rested = after(
        started(),
        (c.SuspendReferral(referral_id=REFERRAL, reason="illness"), coach(NOON + 5 * DAY)),
    )
    assert overdue(rested, NOON + 100 * DAY) == []
    resumed = after(rested, (c.ResumeReferral(referral_id=REFERRAL), coach(NOON + 35 * DAY)))
    assert overdue(resumed, NOON + 60 * DAY) == []
    assert overdue(resumed, NOON + 80 * DAY) == ["plan_overdue", "progress_silent"]


def test_word_of_progress_starts_the_silence_anew_and_a_plan_ends_the_wait_for_one() -> None:
    planned = learn(started(), h.PlanAgreed(), said(NOON + 20 * DAY, "coach"))
    assert planned is not None
    assert overdue(planned, NOON + 61 * DAY) == []
    assert overdue(planned, NOON + 64 * DAY) == ["progress_silent"]


def test_an_older_word_of_progress_that_comes_late_does_not_shorten_the_silence() -> None:
    heard = learn(started(), h.PlanAgreed(), said(NOON + 20 * DAY, "coach"))
    late = learn(heard, h.Progress(), said(NOON + 5 * DAY, "coach"))
    assert late is not None
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


def test_a_rest_of_the_citizen_is_not_time_of_the_provider() -> None:
    rested = after(
        started(),
        (c.SuspendReferral(referral_id=REFERRAL, reason="illness"), coach(NOON + 5 * DAY)),
        (c.ResumeReferral(referral_id=REFERRAL), coach(NOON + 15 * DAY)),
    )
    assert rested.waited["citizen"] == timedelta(days=10).total_seconds()
    assert rested.waited["provider"] == timedelta(days=5).total_seconds()


def test_dutch_holidays_are_no_working_days() -> None:
    before_easter = replace(a_case())
    state = after(before_easter, (send(), said(datetime.fromisoformat("2026-04-02T12:00:00+02:00"))))
    [receipt] = [one for one in state.attempts[REFERRAL].clocks if one.name == "receipt"]
    assert receipt.due_on.isoformat() == "2026-04-08"


def test_an_accepted_referral_no_longer_waits_for_an_answer() -> None:
    state = after(sent(), (accept(), coach(NOON + 3 * DAY)))
    assert [one.name for one in state.attempts[REFERRAL].clocks] == ["start"]
