"""A return says why: known reasons, exactly one primary, nothing general, nothing that may not count."""

from typing import get_args

import pytest

from services.referral import commands as c
from services.referral.codes import REASONS, Next, core_of
from services.referral.domain.decide import decide
from services.referral.domain.returns import consequence_of
from shared.refusals import Refused
from tests.builders import DAY, NOON, said
from tests.unit.referral.given import (
    REFERRAL,
    SECOND,
    after,
    coach,
    give_back,
    names,
    returned,
    review,
    send,
    sent,
    started,
)


def reasons(*codes: str, primary: int = 0) -> list[dict[str, object]]:
    return [{"code": code, "primary": index == primary} for index, code in enumerate(codes)]


def test_a_return_without_a_reason_is_refused() -> None:
    with pytest.raises(Refused, match="reason_missing"):
        decide(started(), give_back(reasons=[]), coach())


@pytest.mark.parametrize("code", ["general", "divers", "person", "fit", "onbekend"])
def test_a_general_term_is_refused_with_the_list_of_what_is_possible(code: str) -> None:
    with pytest.raises(Refused) as no:
        decide(started(), give_back(code=code), coach())
    assert no.value.code == "reason_general"
    assert no.value.possible == sorted(REASONS)


def test_an_unknown_reason_is_refused() -> None:
    with pytest.raises(Refused, match="reason_unknown"):
        decide(started(), give_back(code="weather.rain"), coach())


def test_a_municipality_adds_below_a_national_reason_never_beside() -> None:
    assert names(decide(started(), give_back(code="person.debts.gambling"), coach())) == ["referral_returned"]
    assert core_of("person.debts.gambling") == "person.debts"
    assert core_of("debts") is None


@pytest.mark.parametrize(
    "code",
    [
        "pregnancy", "person.age", "provider.employer_resistance", "other.nationality", "person.debts.age",
        "fit.wrong_trajectory.age.over_60", "fit.wrong_trajectory.leeftijd", "Person.Care-duties.Zwangerschap",
    ],
)  # fmt: skip
def test_a_forbidden_ground_is_no_reason(code: str) -> None:
    with pytest.raises(Refused, match="ground_forbidden"):
        decide(started(), give_back(code=code), coach())


@pytest.mark.parametrize("primary", [-1, 2])
def test_exactly_one_reason_is_primary(primary: int) -> None:
    two = reasons("person.debts", "person.housing", primary=primary)
    if primary == 2:
        two = [{**one, "primary": True} for one in two]
    with pytest.raises(Refused, match="primary_not_one"):
        decide(started(), give_back(reasons=two), coach())


def test_the_same_reason_twice_is_refused() -> None:
    with pytest.raises(Refused, match="reason_twice"):
        decide(started(), give_back(reasons=reasons("person.debts", "person.debts")), coach())


@pytest.mark.parametrize(("length", "fine"), [(0, False), (39, False), (40, True)])
def test_other_needs_a_narrative_of_forty_characters(length: int, fine: bool) -> None:
    command = give_back(code="other", narrative="x" * length or " ")
    if fine:
        assert names(decide(started(), command, coach())) == ["referral_returned"]
    else:
        with pytest.raises(Refused, match="narrative_too_short"):
            decide(started(), command, coach())


def test_a_decline_says_why_with_a_known_code_and_in_words() -> None:
    decline = c.DeclineReferral(referral_id=REFERRAL, reason="provider.no_capacity")
    assert decline.asked == ("explanation",)
    [one] = decide(sent(), decline, coach(imported=True))
    assert one.unknown == ("explanation",)
    for code, refusal in (("vol", "reason_unknown"), ("divers", "reason_general"), ("person.age", "ground_forbidden")):
        with pytest.raises(Refused, match=refusal) as no:
            decide(sent(), decline.model_copy(update={"reason": code}), coach())
        assert no.value.possible == sorted(REASONS)


def test_a_narrative_that_is_too_short_is_named_where_it_stands() -> None:
    other = [{"code": "other", "primary": True}]
    for state, command, who, field in (
        (sent(), c.DeclineReferral(referral_id=REFERRAL, reason="other", explanation="vol"), coach(), "explanation"),
        (sent(), give_back(code="other", narrative="kort"), coach(), "narrative"),
        (returned(), review(corrected_reasons=other, lesson="kort"), said(NOON + 31 * DAY), "lesson"),
    ):
        with pytest.raises(Refused, match="narrative_too_short") as no:
            decide(state, command, who)
        assert no.value.field == f"data.{field}"


@pytest.mark.parametrize(("state", "phase"), [(sent(), "before_acceptance"), (started(), "after_start")])
def test_the_phase_follows_from_where_the_referral_was(state: object, phase: str) -> None:
    [one] = decide(state, give_back(), coach())  # type: ignore[arg-type]
    assert one.fact.phase == phase  # type: ignore[attr-defined]


def test_what_history_does_not_know_is_recorded_as_unknown() -> None:
    [one] = decide(started(), give_back(discussed_with=None), coach(imported=True))
    assert one.unknown == ("discussed_with",)


def test_the_second_return_raises_the_case_to_a_person_and_warns_before_the_next_referral() -> None:
    again = after(returned(), (review(), said(NOON + 31 * DAY)), (send(SECOND), said(NOON + 40 * DAY)))
    back, raised = decide(again, give_back(SECOND), coach(NOON + 80 * DAY))
    assert back.fact.name == "referral_returned"
    assert (raised.fact.name, raised.fact.returns) == ("pumping_round_detected", 2)  # type: ignore[attr-defined]
    assert raised.fact.days_between_first_and_last == 50  # type: ignore[attr-defined]
    assert raised.actor is not None
    assert raised.actor.role == "system"
    twice = after(again, (give_back(SECOND), coach(NOON + 80 * DAY)), (review(SECOND), said(NOON + 81 * DAY)))
    third = send("00000000-0000-8000-8000-000000000003")
    assert "pumping_round" in decide(twice, third, said(NOON + 90 * DAY))[0].warnings


def test_a_disputed_return_stays_visible() -> None:
    state = after(returned(), (review(agrees=False), said(NOON + 31 * DAY)))
    [attempt] = state.attempts.values()
    assert attempt.disputed
    assert attempt.primary_reason == "person.debts"


def test_a_review_that_chooses_another_next_step_says_why() -> None:
    with pytest.raises(Refused, match="lesson_missing"):
        decide(returned(), review(next="refer_again"), said(NOON + 31 * DAY))
    [one] = decide(returned(), review(next="refer_again", lesson="Schulden zijn geregeld."), said(NOON + 31 * DAY))
    assert one.warnings == ("consequence_differs",)


def test_what_is_next_follows_from_the_corrected_reason() -> None:
    ready = [{"code": "fit.job_ready_already", "primary": True}]
    [follows] = decide(returned(), review(corrected_reasons=ready, next="refer_again"), said(NOON + 31 * DAY))
    assert follows.warnings == ()
    with pytest.raises(Refused, match="lesson_missing"):
        decide(returned(), review(corrected_reasons=ready, next="wait"), said(NOON + 31 * DAY))


def test_every_reason_leads_somewhere() -> None:
    assert {consequence_of(code) for code in REASONS} == set(get_args(Next))


def test_a_corrected_reason_counts_from_the_review_on() -> None:
    corrected = review(corrected_reasons=[{"code": "person.housing", "primary": True}])
    state = after(returned(), (corrected, said(NOON + 31 * DAY)))
    assert [attempt.primary_reason for attempt in state.attempts.values()] == ["person.housing"]
