"""Who is to be diagnosed: everyone on benefit, from the day that is so; who has left it is no longer on the list."""

from datetime import date, datetime
from typing import Any

import pytest

from services.diagnosis import hearing as h
from services.diagnosis.domain.state import State
from services.diagnosis.store import Covered, covered
from shared.ledger.model import Case
from tests.builders import DAY, NOON, said
from tests.unit.diagnosis.given import (
    AGAIN,
    GRANTED,
    after,
    applied,
    complete,
    completed,
    decided,
    granted,
    hear,
    map_area,
    start,
)

SINCE = GRANTED.date()


def listed(state: State | None) -> Covered | None:
    return covered([Case("a-case", state=state)])["a-case"]


def test_who_is_on_benefit_is_to_be_diagnosed_from_that_day_on() -> None:
    assert listed(granted()) == Covered("GM0546", SINCE, None)


@pytest.mark.parametrize("state", [None, applied(), hear(applied(), h.BenefitDecided(decision="denied"), GRANTED)])
def test_who_is_not_on_benefit_is_not_on_the_list(state: State | None) -> None:
    assert listed(state) is None


@pytest.mark.parametrize("end", [h.CaseClosed(), h.ApplicationWithdrawn(), h.BenefitEnded(ended_on=NOON.date())])
def test_who_left_is_no_longer_on_the_list(end: Any) -> None:
    assert listed(hear(granted(), end, NOON)) is None


def test_the_last_diagnosis_counts_once_it_is_completed() -> None:
    assert listed(after(granted(), (start(), said(NOON)))) == Covered("GM0546", SINCE, None)
    assert listed(completed()) == Covered("GM0546", SINCE, (NOON + DAY).date())
    at = said(NOON + 400 * DAY)
    again = after(decided(), (start(AGAIN), at), (map_area(), at), (complete(AGAIN), at))
    assert listed(again) == Covered("GM0546", SINCE, date(2027, 4, 6))


@pytest.mark.parametrize("backwards", [False, True])
def test_the_benefit_counts_from_when_it_was_granted_without_a_break_in_whatever_order_it_is_heard(
    backwards: bool,
) -> None:
    days = [(GRANTED, "granted"), (GRANTED + 5 * DAY, "denied"), (NOON, "granted"), (NOON + 3 * DAY, "granted")]
    state = applied()
    for at, decision in reversed(days) if backwards else days:
        state = hear(state, h.BenefitDecided(decision=decision, decided_on=at.date()), NOON + 9 * DAY)
    assert listed(state) == Covered("GM0546", NOON.date(), None)


def test_a_day_in_the_netherlands_is_what_counts() -> None:
    late_evening = datetime.fromisoformat("2026-03-02T23:30:00+00:00")
    state = hear(applied(), h.BenefitDecided(decision="granted"), late_evening)
    assert listed(state) == Covered("GM0546", date(2026, 3, 3), None)
