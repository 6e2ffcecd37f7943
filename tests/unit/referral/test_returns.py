"""A return says why: known reasons, exactly one primary, nothing general, nothing that may not count."""

import pytest

from services.referral.codes import REASONS, core_of
from services.referral.domain.decide import decide
from shared.refusals import Refused
from tests.builders import DAY, NOON, said
from tests.unit.referral.given import SECOND, after, coach, give_back, names, returned, review, send, sent, started


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


@pytest.mark.parametrize("code", ["pregnancy", "person.age", "provider.employer_resistance", "other.nationality"])
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


def test_a_corrected_reason_counts_from_the_review_on() -> None:
    corrected = review(corrected_reasons=[{"code": "person.housing", "primary": True}])
    state = after(returned(), (corrected, said(NOON + 31 * DAY)))
    assert [attempt.primary_reason for attempt in state.attempts.values()] == ["person.housing"]
