"""From granted to completed: when a diagnosis may be made, and when it is complete."""

from typing import Any

import pytest

from services.diagnosis import commands as c
from services.diagnosis import hearing as h
from services.diagnosis.codes import FACTORS
from services.diagnosis.domain.view import view
from shared.facts import Command
from shared.refusals import Refused
from tests.builders import DAY, NOON, said
from tests.unit.diagnosis.given import (
    AGAIN,
    DIAGNOSIS,
    GRANTED,
    after,
    applied,
    ask,
    citizen,
    complete,
    completed,
    decide,
    decided,
    direct,
    factors,
    granted,
    hear,
    map_area,
    mapped,
    motivated,
    names,
    plan,
    start,
    started,
    the,
    weigh,
)

CLOSED_AT = NOON + 10 * DAY


def test_a_case_nobody_told_us_of_is_not_diagnosed() -> None:
    with pytest.raises(Refused, match="case_unknown"):
        decide(None, start(), said())


@pytest.mark.parametrize("command", [plan(), start(), map_area()])
def test_nobody_is_diagnosed_before_the_benefit_is_granted(command: Command) -> None:
    with pytest.raises(Refused, match="case_not_open_for_diagnosis"):
        decide(applied(), command, said())


@pytest.mark.parametrize("decision", ["denied", "not_taken_up"])
def test_who_gets_no_benefit_is_not_diagnosed(decision: str) -> None:
    refused = hear(applied(), h.BenefitDecided(decision=decision), GRANTED)
    with pytest.raises(Refused, match="case_not_open_for_diagnosis"):
        decide(refused, start(), said())


def test_who_withdrew_the_application_is_not_diagnosed() -> None:
    withdrawn = hear(granted(), h.ApplicationWithdrawn(), NOON - DAY)
    with pytest.raises(Refused, match="case_not_open_for_diagnosis"):
        decide(withdrawn, start(), said())


def test_a_benefit_granted_on_objection_opens_the_case_after_all() -> None:
    denied = hear(applied(), h.BenefitDecided(decision="denied"), GRANTED)
    objected = hear(denied, h.BenefitDecided(decision="granted"), NOON)
    with pytest.raises(Refused, match="case_not_open_for_diagnosis"):
        decide(objected, start(), said(NOON - DAY))
    assert names(decide(objected, start(), said(NOON))) == ["diagnosis_started"]


def test_a_conversation_on_the_day_of_the_decision_counts_whatever_the_hour() -> None:
    day = hear(applied(), h.BenefitDecided(decision="granted", decided_on=NOON.date()), NOON + DAY)
    assert names(decide(day, start(), said(NOON.replace(hour=8)))) == ["diagnosis_started"]


def test_when_the_benefit_has_ended_no_diagnosis_begins_but_what_runs_may_be_finished() -> None:
    ended = hear(mapped(), h.BenefitEnded(ended_on=NOON.date()), NOON)
    with pytest.raises(Refused, match="case_not_open_for_diagnosis"):
        decide(hear(granted(), h.BenefitEnded(ended_on=NOON.date()), NOON), start(), said(NOON + DAY))
    assert names(decide(ended, complete(), said(NOON + DAY))) == ["diagnosis_completed"]


@pytest.mark.parametrize("command", [plan(), start(AGAIN), map_area(), ask(), weigh(), direct()])
def test_a_closed_case_is_not_diagnosed_but_what_happened_before_it_closed_is(command: Command) -> None:
    closed = hear(motivated(), h.CaseClosed(), CLOSED_AT)
    with pytest.raises(Refused, match="case_closed"):
        decide(closed, command, said(CLOSED_AT))
    assert names(decide(closed, command, said(NOON + 3 * DAY, now=CLOSED_AT))) == [command.fact]


def test_a_diagnosis_needs_an_instrument_that_is_known_and_the_known_ones_are_named() -> None:
    with pytest.raises(Refused) as no:
        decide(granted(), start(version="1999.1"), said())
    assert no.value.code == "instrument_unknown"
    assert no.value.possible == ["competensys-like 2017.1", "competensys-like 2026.1"]


def test_history_may_have_used_an_instrument_that_is_not_here() -> None:
    command = c.StartDiagnosis(diagnosis_id=DIAGNOSIS, instrument="own-list", instrument_version="3")
    assert names(decide(granted(), command, said(imported=True))) == ["diagnosis_started"]


def test_a_diagnosis_is_planned_for_a_day_to_come() -> None:
    with pytest.raises(Refused, match="due_in_past"):
        decide(granted(), plan(due_on=(NOON - DAY).date()), said())
    assert names(decide(granted(), plan(due_on=NOON.date()), said())) == ["diagnosis_planned"]


def test_the_same_diagnosis_does_not_start_twice() -> None:
    with pytest.raises(Refused, match="diagnosis_exists"):
        decide(completed(), start(DIAGNOSIS), said(NOON + 2 * DAY))


def test_only_the_running_diagnosis_is_completed() -> None:
    with pytest.raises(Refused, match="diagnosis_unknown"):
        decide(mapped(), complete(AGAIN), said())


@pytest.mark.parametrize("factor", FACTORS)
def test_every_factor_needs_an_answer_by_someone(factor: str) -> None:
    with pytest.raises(Refused) as no:
        decide(mapped(), complete(factors=factors(without=factor)), said())
    assert (no.value.code, no.value.possible) == ("factor_missing", [factor])


def test_without_factors_and_without_answers_all_six_are_missing() -> None:
    with pytest.raises(Refused) as no:
        decide(mapped(), complete(factors=None), said())
    assert no.value.possible == list(FACTORS)


def test_two_people_may_see_a_factor_differently_but_nobody_answers_twice() -> None:
    both = factors() + factors(3, source="citizen")
    assert len(the(decide(mapped(), complete(factors=both), said())).factors) == 12
    with pytest.raises(Refused, match="factor_twice"):
        decide(mapped(), complete(factors=factors() + factors(3)), said())


def test_a_diagnosis_is_not_complete_without_the_citizens_own_view() -> None:
    with pytest.raises(Refused, match="own_view_missing"):
        decide(started(), complete(), said(NOON + DAY))
    silent = after(started(), (map_area(own_words=None), said(NOON)))
    with pytest.raises(Refused, match="own_view_missing"):
        decide(silent, complete(), said(NOON + DAY))


@pytest.mark.parametrize(
    ("command", "who"),
    [(map_area(own_words=None), citizen(NOON)), (map_area(own_words="Ik wil werken."), said(NOON))],
)
def test_the_own_view_is_what_the_citizen_maps_or_says_in_own_words(command: Command, who: Any) -> None:
    seen = after(started(), (command, who))
    assert names(decide(seen, complete(), said(NOON + DAY))) == ["diagnosis_completed"]


def test_what_a_professional_maps_after_the_citizen_takes_nothing_from_the_citizens_own_view() -> None:
    remapped = after(mapped(), (map_area(own_words=None, state="stable"), said(NOON + DAY)))
    assert view(remapped)["detail"]["life_areas"] == [
        {"life_area": "work", "state": "stable", "own": True, "support_wanted": None}
    ]
    assert names(decide(remapped, complete(), said(NOON + DAY))) == ["diagnosis_completed"]


@pytest.mark.parametrize(("imported", "unknown"), [(True, ("own_words",)), (False, ())])
def test_own_words_that_history_does_not_have_are_unknown(imported: bool, unknown: tuple[str, ...]) -> None:
    [one] = decide(started(), map_area(own_words=None), said(imported=imported))
    assert one.unknown == unknown


def test_of_a_life_area_the_last_moment_counts_not_the_last_telling() -> None:
    late = after(mapped(), (map_area(own_words=None, state="strength"), said(NOON - DAY, now=NOON + DAY)))
    assert [one["state"] for one in view(late)["detail"]["life_areas"]] == ["hindering"]


def test_a_new_diagnosis_asks_the_citizen_anew() -> None:
    again = after(decided(), (start(AGAIN), said(NOON + 300 * DAY)))
    with pytest.raises(Refused, match="own_view_missing"):
        decide(again, complete(AGAIN), said(NOON + 301 * DAY))
    asked = after(again, (map_area(), citizen(NOON + 300 * DAY)))
    assert names(decide(asked, complete(AGAIN), said(NOON + 301 * DAY))) == ["diagnosis_completed"]


def test_what_was_weighed_and_decided_stays_with_the_diagnosis_it_followed() -> None:
    again = after(decided(), (start(AGAIN), said(NOON + 300 * DAY)))
    detail = view(again)["detail"]
    assert detail["diagnosis"]["arguments"] == ()
    assert detail["diagnosis"]["direction"] is None
    assert [one["direction"].direction for one in detail["earlier"]] == ["work"]
    with pytest.raises(Refused, match="diagnosis_missing"):
        decide(again, direct(), said(NOON + 301 * DAY))


def test_a_planned_new_diagnosis_leaves_the_direction_as_it_is() -> None:
    planned = after(decided(), (plan(due_on=(NOON + 9 * DAY).date()), said(NOON + 4 * DAY)))
    assert planned.status == "decided"
    assert planned.turn is not None
    assert planned.turn.action == "diagnose"
