"""What is shown: what speaks for, what against, what is missing; in recorded order, without a sum or a proposal."""

import orjson

from services.diagnosis import hearing as h
from services.diagnosis.domain.view import row, view
from tests.builders import DAY, NOON, said
from tests.unit.diagnosis.given import (
    after,
    citizen,
    complete,
    completed,
    decided,
    granted,
    hear,
    map_area,
    motivated,
    plan,
    start,
    started,
    weigh,
)

LATER = NOON + 3 * DAY


def test_the_case_shows_what_speaks_for_and_against_in_recorded_order_and_no_sum() -> None:
    case = after(
        motivated(),
        (weigh("many_barriers", "participation"), said(LATER)),
        (weigh("learns_quickly", "work", "light"), said(LATER)),
    )
    detail = view(case)["detail"]
    assert detail["speaks"]["work"] == {"for": ["own_motivation", "learns_quickly"], "against": ["many_barriers"]}
    assert detail["missing"] == ["consultation", "direction"]
    words = ("total", "sum", "rank", "propos", "advice", "recommend")
    shown = orjson.dumps({name: part for name, part in detail.items() if name != "diagnosis"}).decode()
    assert not any(word in shown for word in (*words, "score"))
    assert not any(word in orjson.dumps(detail["diagnosis"]).decode() for word in words)


def test_what_is_missing_is_named() -> None:
    assert view(granted())["detail"]["missing"] == ["diagnosis"]
    unseen = view(started())["detail"]["missing"]
    assert unseen[:2] == ["completion", "own_view"]
    assert unseen[-2:] == ["own_motivation", "direction"]
    assert view(completed())["detail"]["missing"] == ["own_motivation", "direction"]
    assert view(decided())["detail"]["missing"] == []


def test_a_closed_case_asks_nothing_of_anybody_and_its_time_ends_there() -> None:
    first = hear(hear(granted(), h.CaseClosed(), NOON + 10 * DAY), h.ApplicationWithdrawn(), NOON + 20 * DAY)
    assert view(first)["turn"] is None
    assert view(first)["waited_days"] == {"municipality": 40.0}
    assert (row(first).status, row(first).turn) == ("closed", "")


def test_time_is_the_same_whether_the_end_of_the_case_is_heard_first_or_last() -> None:
    steps = ((start(), said(NOON)), (map_area(), citizen(NOON)), (complete(), said(NOON + DAY)))
    last = hear(after(granted(), *steps), h.CaseClosed(), NOON + 10 * DAY)
    first = after(hear(granted(), h.CaseClosed(), NOON + 10 * DAY), *steps)
    assert view(first) == view(last)


def test_lists_show_whose_turn_it_is_and_what_is_due() -> None:
    planned = after(granted(), (plan(), said()))
    assert (row(planned).turn, row(planned).caseworker, row(planned).status) == ("municipality", "km-1", "open")
    assert row(planned).due_at == row(planned).alarm_at is not None
    assert row(decided()).turn == ""
