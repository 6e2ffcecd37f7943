"""Grounds that must not count are refused with an explanation, and only the ground is recorded."""

from typing import Any

import orjson
import pytest

from services.diagnosis.codes import GROUNDS, ground_of
from services.diagnosis.domain.evolve import evolve
from services.diagnosis.refusals import SENTENCES
from shared.facts import SYSTEM
from shared.refusals import Refused
from tests.builders import DAY, NOON, said
from tests.unit.diagnosis.given import (
    after,
    answer,
    ask,
    completed,
    decide,
    granted,
    names,
    weigh,
)

LATER = NOON + 3 * DAY
SPELLINGS = [*GROUNDS, "person.age", "age.sixty_five", "Work.Age", "employer-resistance", "leeftijd", "person.kinderen"]


@pytest.mark.parametrize("code", SPELLINGS)
def test_a_ground_that_must_not_count_is_refused_and_recorded_with_the_ground_only(code: str) -> None:
    [one] = decide(completed(), weigh(code, evidence="Zij is zwanger."), said())
    fact: Any = one.fact
    assert (fact.name, one.actor, one.refuses) == (
        "argument_refused",
        SYSTEM,
        Refused(fact.explanation, "data.argument"),
    )
    assert set(fact.model_dump()) == {"ground", "explanation"}
    assert fact.ground in GROUNDS
    assert SENTENCES[fact.explanation] == (GROUNDS[fact.ground].nl, GROUNDS[fact.ground].en)
    state = evolve(completed(), fact, said(LATER, "system"))
    assert b"zwanger" not in orjson.dumps(state)
    assert state.diagnoses == completed().diagnoses


def test_the_explanation_of_age_says_that_motivation_outweighs_it() -> None:
    assert "motivation outweighs age" in SENTENCES["ground_age"][1]


def test_a_forbidden_ground_is_told_as_such_whatever_else_is_wrong_with_the_command() -> None:
    assert names(decide(granted(), weigh("age", evidence=None), said())) == ["argument_refused"]


def test_in_history_a_forbidden_ground_is_a_reject() -> None:
    with pytest.raises(Refused) as no:
        decide(completed(), weigh("person.pregnancy"), said(imported=True))
    assert (no.value.code, no.value.field) == ("ground_forbidden", "data.argument")


@pytest.mark.parametrize("code", ["language_level", "person.childcare", "package.manager", "care_to_arrange"])
def test_what_only_looks_like_a_forbidden_ground_is_none(code: str) -> None:
    assert ground_of(code) is None


@pytest.mark.parametrize("imported", [True, False])
def test_a_partner_does_not_bring_in_a_forbidden_ground_either(imported: bool) -> None:
    asked = after(completed(), (ask(), said(LATER)))
    with pytest.raises(Refused, match="ground_forbidden"):
        decide(asked, answer(answer_code="age"), said(LATER, "partner", imported=imported))


def test_all_grounds_that_the_rules_name_are_there_with_an_explanation_of_their_own() -> None:
    assert set(GROUNDS) == {
        "employer_resistance", "age", "pregnancy", "gender", "nationality", "neighbourhood", "children", "appearance",
    }  # fmt: skip
    assert len({one.nl for one in GROUNDS.values()}) == len(GROUNDS)
