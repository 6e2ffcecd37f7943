"""Every no that diagnosis knows can be given: each with the place in the input, and a sentence in both languages."""

import re
from typing import Any

import pytest

from services.diagnosis import hearing as h
from services.diagnosis.codes import GROUNDS
from services.diagnosis.refusals import SENTENCES
from shared.refusals import Refused
from tests.builders import DAY, NOON, said
from tests.unit.diagnosis.given import (
    AGAIN,
    after,
    answer,
    answers,
    applied,
    ask,
    complete,
    completed,
    contest,
    decide,
    direct,
    factors,
    granted,
    hear,
    map_area,
    mapped,
    motivated,
    plan,
    start,
    started,
    weigh,
)

LATER = said(NOON + 3 * DAY)
ASKED = after(completed(), (ask(), LATER))
ANSWERED = after(ASKED, (answer(), LATER))
UNHEARD = after(granted(), (start(), said()), (map_area(own_words=None), said()))
NOTHING_DISCUSSED = {"options_discussed": [], "citizen_view": "agrees", "decided_by": "together"}

REFUSED: dict[str, tuple[Any, Any, str | None]] = {
    "case_closed": (hear(granted(), h.CaseClosed(), NOON), start(), None),
    "case_not_open_for_diagnosis": (applied(), start(), None),
    "step_not_possible": (granted(), complete(), "fact"),
    "due_in_past": (granted(), plan(due_on=NOON.date()), "data.due_on"),
    "instrument_unknown": (granted(), start(version="1999.1"), "data.instrument"),
    "diagnosis_exists": (completed(), start(), "data.diagnosis_id"),
    "diagnosis_unknown": (mapped(), complete(AGAIN), "data.diagnosis_id"),
    "factor_missing": (mapped(), complete(factors=[]), "data.factors"),
    "factor_twice": (mapped(), complete(factors=factors() + factors()), "data.factors"),
    "item_unknown": (mapped(), complete(factors=None, answers={"nonsense": 3}), "data.answers"),
    "answer_out_of_scale": (mapped(), complete(factors=None, answers=answers(9)), "data.answers"),
    "own_view_missing": (UNHEARD, complete(), "fact"),
    "consultation_exists": (ASKED, ask(), "data.consultation_id"),
    "consultation_unknown": (completed(), answer(), "data.consultation_id"),
    "already_answered": (ANSWERED, answer(), "data.consultation_id"),
    "partner_differs": (ASKED, answer(partner="uwv"), "data.partner"),
    "answer_unknown": (ASKED, answer(answer_code="who_knows"), "data.answer_code"),
    "argument_unknown": (completed(), weigh("likes_gardening"), "data.argument"),
    "framework_unknown": (completed(), weigh(framework_version="core-1999.1"), "data.framework_version"),
    "ground_forbidden": (ASKED, answer(answer_code="age"), "data.answer_code"),
    "evidence_missing": (completed(), weigh(evidence=None), "data.evidence"),
    "diagnosis_missing": (started(), direct(), "fact"),
    "own_motivation_missing": (completed(), direct(), "fact"),
    "motivation_missing": (motivated(), direct(motivation=" "), "data.motivation"),
    "options_missing": (motivated(), direct(shared=NOTHING_DISCUSSED), "data.shared.options_discussed"),
    "direction_missing": (completed(), contest(), "fact"),
}
EXPLAINED = {one.explanation: ground for ground, one in GROUNDS.items()}


@pytest.mark.parametrize("code", REFUSED)
def test_what_is_refused_is_named_with_its_place(code: str) -> None:
    state, command, field = REFUSED[code]
    with pytest.raises(Refused) as no:
        decide(state, command, LATER)
    assert (no.value.code, no.value.field) == (code, field)


@pytest.mark.parametrize("code", EXPLAINED)
def test_a_ground_that_must_not_count_is_explained(code: str) -> None:
    [one] = decide(completed(), weigh(EXPLAINED[code]), LATER)
    assert one.refuses == Refused(code, "data.argument")


def test_every_sentence_stands_for_a_refusal_and_every_refusal_has_its_sentences() -> None:
    assert set(REFUSED) | set(EXPLAINED) == set(SENTENCES)
    for dutch, english in SENTENCES.values():
        assert dutch != english
        assert re.fullmatch(r"[A-Z].*\.", dutch)
        assert re.fullmatch(r"[A-Z].*\.", english)
