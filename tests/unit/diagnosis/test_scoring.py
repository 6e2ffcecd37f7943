"""From answers to scores: derived, the same every time, each side apart; what is missing lowers the completeness."""

import json

import pytest

from services.diagnosis.codes import FACTORS
from services.diagnosis.domain.library import Instrument, Item
from services.diagnosis.domain.scoring import scores
from shared.refusals import Refused
from tests.builders import DAY, NOON, said
from tests.unit.diagnosis.given import (
    AGAIN,
    LIBRARY,
    after,
    answers,
    complete,
    decide,
    factors,
    map_area,
    mapped,
    start,
    the,
)

TODAY = LIBRARY.instruments["competensys-like", "2026.1"]
ITEMS = (
    Item("wants", "work", "perceived_advantages", "citizen", "Ik wil werken.", "I want to work."),
    Item("doubts", "work", "perceived_advantages", "citizen", "Ik twijfel.", "I doubt.", reversed=True),
    Item("shows", "work", "perceived_advantages", "professional", "Laat het zien.", "Shows it.", weight=3),
    Item("tries", "work", "perceived_advantages", "professional", "Probeert het.", "Tries."),
)
SMALL = Instrument("small", "2026.1", "Klein", "Small", 1, 5, (), ITEMS)


def scored(**given: int) -> list[tuple[str, int, str]]:
    return [(one.source, one.score, one.direction) for one in scores(SMALL, given).factors]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"wants": 1}, [("citizen", 0, "hinders")]),
        ({"wants": 5}, [("citizen", 10, "helps")]),
        ({"wants": 3}, [("citizen", 5, "helps")]),
        ({"wants": 2}, [("citizen", 3, "hinders")]),
        ({"doubts": 5}, [("citizen", 0, "hinders")]),
        ({"wants": 5, "doubts": 5}, [("citizen", 5, "helps")]),
        ({"shows": 5, "tries": 1}, [("professional", 8, "helps")]),
        ({"wants": 1, "shows": 5}, [("citizen", 0, "hinders"), ("professional", 10, "helps")]),
        ({}, []),
    ],
)
def test_a_score_is_the_weighted_mean_of_what_one_side_answered(
    given: dict[str, int], expected: list[tuple[str, int, str]]
) -> None:
    assert scored(**given) == expected


@pytest.mark.parametrize(("given", "share"), [({}, 0.0), ({"wants": 3}, 0.25), ({"wants": 3, "tries": 1}, 0.5)])
def test_what_is_not_answered_lowers_the_completeness(given: dict[str, int], share: float) -> None:
    assert scores(SMALL, given).completeness == share


def test_the_same_answers_in_any_order_give_the_same_scores() -> None:
    given = answers() | {"pa_income": 1, "sn_against": 5}
    backwards = dict(reversed(given.items()))
    assert scores(TODAY, given) == scores(TODAY, backwards)


def test_the_answers_travel_with_the_scores_so_that_anyone_can_derive_them_again() -> None:
    fact = the(decide(mapped(), complete(factors=None, answers=answers()), said(NOON + DAY)))
    assert tuple(fact.factors) == scores(TODAY, json.loads(fact.answers)).factors
    assert fact.completeness == 1.0
    assert {one.factor for one in fact.factors} == set(FACTORS)


def test_missing_answers_do_not_block_as_long_as_every_factor_is_answered_by_someone() -> None:
    some = {"pa_income": 4, "sn_family": 4, **answers(4)}
    for code in list(some):
        if code.startswith(("pa_", "sn_")) and code not in ("pa_income", "sn_family"):
            del some[code]
    fact = the(decide(mapped(), complete(factors=None, answers=some), said(NOON + DAY)))
    assert 0 < fact.completeness < 1


def test_a_factor_that_was_left_out_of_the_questionnaire_may_be_scored_by_someone() -> None:
    partly = answers(without="skills")
    with pytest.raises(Refused, match="factor_missing") as no:
        decide(mapped(), complete(factors=None, answers=partly), said(NOON + DAY))
    assert (no.value.field, no.value.possible) == ("data.answers", ["skills"])
    partner = [one for one in factors(7, source="partner") if one["factor"] == "skills"]
    fact = the(decide(mapped(), complete(factors=partner, answers=partly), said(NOON + DAY)))
    assert [(one.score, one.source) for one in fact.factors if one.factor == "skills"] == [(7, "partner")]


def test_what_the_questionnaire_says_is_not_said_again_by_hand() -> None:
    with pytest.raises(Refused, match="factor_twice"):
        decide(mapped(), complete(factors=factors(source="citizen"), answers=answers()), said(NOON + DAY))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"likes_gardening": 3}, "item_unknown"),
        ({"pa_income": 0}, "answer_out_of_scale"),
        ({"pa_income": 6}, "answer_out_of_scale"),
    ],
)
def test_an_answer_is_to_an_item_of_the_instrument_and_on_its_scale(given: dict[str, int], code: str) -> None:
    with pytest.raises(Refused, match=code) as no:
        decide(mapped(), complete(factors=None, answers=answers() | given), said(NOON + DAY))
    assert no.value.field == "data.answers"
    assert no.value.possible


def test_answers_are_to_the_version_that_was_started_with() -> None:
    older = after(mapped(), (complete(), said(NOON + DAY)), (start(AGAIN, "2017.1"), said(NOON + 2 * DAY)))
    again = after(older, (map_area(), said(NOON + 3 * DAY)))
    with pytest.raises(Refused, match="item_unknown"):
        decide(again, complete(AGAIN, factors=None, answers=answers()), said(NOON + 3 * DAY))
