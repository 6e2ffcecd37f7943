"""Sending, receiving, accepting, starting: who may, when it counts, what it sets in motion."""

from datetime import date

import pytest
from pydantic import TypeAdapter

from services.referral import commands as c
from services.referral import hearing as h
from services.referral.domain.decide import decide
from services.referral.domain.state import NEXT, OPEN, State
from services.referral.store import dump
from shared.refusals import Refused
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
    names,
    returned,
    review,
    send,
    sent,
    start,
    started,
)


def test_a_case_nobody_told_us_of_cannot_be_referred() -> None:
    with pytest.raises(Refused, match="case_unknown"):
        decide(None, send(), said())


def test_a_referral_gets_the_terms_of_the_contract_when_none_are_given() -> None:
    [one] = decide(a_case(), send(), said(NOON))
    assert one.fact.respond_by == date(2026, 3, 16)  # type: ignore[attr-defined]
    assert one.fact.start_by == date(2026, 4, 8)  # type: ignore[attr-defined]


def test_a_second_open_referral_for_the_same_trajectory_is_refused() -> None:
    with pytest.raises(Refused, match="already_referred"):
        decide(sent(), send(SECOND), said(NOON + DAY))


def test_different_trajectories_may_run_side_by_side() -> None:
    assert names(decide(sent(), send(SECOND, trajectory="education"), said(NOON + DAY))) == ["referral_sent"]


def test_a_closed_case_is_not_referred_but_what_happened_before_it_closed_is() -> None:
    shut = closed(a_case(), NOON)
    with pytest.raises(Refused, match="case_closed"):
        decide(shut, send(), said(NOON + DAY))
    assert names(decide(shut, send(), said(NOON - DAY, now=NOON))) == ["referral_sent"]


def test_accepting_what_was_only_sent_implies_that_it_was_received() -> None:
    received, taken = decide(sent(), accept(), coach())
    assert (received.fact.name, received.implied) == ("referral_received", True)
    assert (taken.fact.name, taken.implied) == ("referral_accepted", False)


def test_the_previous_referral_must_be_one_of_this_case() -> None:
    with pytest.raises(Refused, match="previous_unknown"):
        decide(a_case(), send(previous_referral_id=SECOND), said())


def test_the_second_referral_names_the_first_and_its_place_in_the_case() -> None:
    again = after(returned(), (review(), said(NOON + 31 * DAY)))
    [one] = decide(again, send(SECOND), said(NOON + 32 * DAY))
    assert one.fact.previous_referral_id == REFERRAL  # type: ignore[attr-defined]
    assert one.fact.sequence_in_case == 2  # type: ignore[attr-defined]


def test_referring_without_a_diagnosis_warns() -> None:
    [one] = decide(a_case(), send(), said())
    assert one.warnings == ("diagnosis_missing",)


def test_a_fresh_diagnosis_does_not_warn_and_one_of_over_a_year_does() -> None:
    fresh = heard(a_case(), h.DiagnosisCompleted(), said(NOON - 10 * DAY))
    assert decide(fresh, send(), said(NOON))[0].warnings == ()
    assert decide(fresh, send(), said(NOON + 356 * DAY))[0].warnings == ("diagnosis_stale",)


def test_a_diagnosis_from_before_the_return_is_stale() -> None:
    diagnosed = heard(returned(), h.DiagnosisCompleted(), said(NOON))
    again = after(diagnosed, (review(), said(NOON + 31 * DAY)))
    assert decide(again, send(SECOND), said(NOON + 32 * DAY))[0].warnings == ("diagnosis_stale",)


COMMANDS = {
    "referral_received": c.ReceiveReferral(referral_id=REFERRAL),
    "referral_accepted": accept(),
    "referral_declined": c.DeclineReferral(referral_id=REFERRAL, reason="provider.no_capacity"),
    "referral_withdrawn": c.WithdrawReferral(referral_id=REFERRAL, reason="law.moved"),
    "trajectory_started": start(),
    "appointment_missed": c.MissAppointment(referral_id=REFERRAL, by="citizen", reason="ill"),
    "referral_suspended": c.SuspendReferral(referral_id=REFERRAL, reason="illness"),
    "referral_resumed": c.ResumeReferral(referral_id=REFERRAL),
    "referral_returned": give_back(),
    "return_reviewed": review(),
    "trajectory_completed": c.CompleteTrajectory(referral_id=REFERRAL, result="paid_work"),
}
STATES = {
    "sent": sent(),
    "received": after(sent(), (COMMANDS["referral_received"], coach(NOON + DAY))),
    "accepted": accepted(),
    "started": started(),
    "suspended": after(started(), (COMMANDS["referral_suspended"], coach(NOON + 4 * DAY))),
    "returned": returned(),
    "declined": after(sent(), (COMMANDS["referral_declined"], coach(NOON + DAY))),
    "withdrawn": after(sent(), (COMMANDS["referral_withdrawn"], said(NOON + DAY))),
    "completed": after(started(), (COMMANDS["trajectory_completed"], coach(NOON + 9 * DAY))),
    "reviewed": after(returned(), (review(), said(NOON + 31 * DAY))),
}


@pytest.mark.parametrize("fact", COMMANDS)
@pytest.mark.parametrize("status", STATES)
def test_the_table_and_the_decisions_agree(status: str, fact: str) -> None:
    possible = (status, fact) in NEXT or (status, fact) == ("suspended", "referral_resumed")
    at = NOON + 40 * DAY
    if possible:
        state = after(STATES[status], (COMMANDS[fact], coach(at)))
        expected = "started" if fact == "referral_resumed" else NEXT[status, fact]  # type: ignore[index]
        assert state.attempts[REFERRAL].status == expected
    else:
        with pytest.raises(Refused, match="step_not_possible"):
            decide(STATES[status], COMMANDS[fact], coach(at))


@pytest.mark.parametrize("status", STATES)
def test_what_is_known_is_kept_and_read_back_as_it_was(status: str) -> None:
    state = heard(STATES[status], h.PlanAgreed(referral_id=SECOND), coach(NOON + 2 * DAY))
    # not by `load`: what this process wrote it need not read
    assert TypeAdapter(State).validate_json(dump(state)) == state


def test_every_status_is_reached_by_a_test() -> None:
    assert {state.attempts[REFERRAL].status for state in STATES.values()} == set(STATES)
    assert set(STATES) >= OPEN
