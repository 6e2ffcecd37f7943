"""Every no that outcome knows can be given: each with the place in the input, and a sentence in both languages."""

import re
from typing import Any

import pytest

from services.outcome.domain.decide import decide
from services.outcome.refusals import SENTENCES
from shared.refusals import Refused
from tests.builders import DAY, NOON, said
from tests.unit.outcome.given import (
    JOB,
    SECOND,
    a_goal,
    adjust,
    after,
    agree,
    closed,
    coach,
    correct_job,
    correct_measurement,
    correct_outcome,
    end_intervention,
    end_job,
    intervene,
    measure,
    measured,
    planned,
    reach,
    returned,
    start_job,
    started,
    working,
)

LATER = coach(NOON + 31 * DAY)
TRAINED = after(planned(), (intervene(), coach()))
STOPPED = after(working(), (end_job(), LATER))
YESTERDAY = (NOON + 30 * DAY).date()

REFUSED: dict[str, tuple[Any, Any, Any, str | None]] = {
    "case_closed": (closed(started()), agree(), LATER, None),
    "organisation_missing": (started(), agree(), coach(organisation=None), "actor.organisation"),
    "not_addressed": (started(), agree(), coach(organisation="org-other"), "actor.organisation"),
    "plan_unknown": (measured(), adjust(SECOND), LATER, "data.plan_id"),
    "plan_exists": (planned(), agree(goals=[a_goal(SECOND)]), LATER, "data.plan_id"),
    "goal_missing": (started(), agree(goals=[]), coach(), "data.goals"),
    "goal_exists": (planned(), agree(SECOND), LATER, "data.goals.goal_id"),
    "goal_unknown": (planned(), measure(goal_id=SECOND), LATER, "data.goal_id"),
    "words_missing": (started(), agree(goals=[a_goal(words=" ")]), coach(), "data.goals.words"),
    "check_before_plan": (started(), agree(next_check_on=YESTERDAY), LATER, "data.next_check_on"),
    "referral_unknown": (started(), agree(referral_id=SECOND), coach(), "data.referral_id"),
    "cause_missing": (measured(), adjust(cause=None), LATER, "data.cause"),
    "cause_not_one": (returned(measured()), adjust(goal_id=SECOND, referral_id=SECOND), LATER, "data.cause"),
    "cause_unknown": (planned(), adjust(), LATER, "data.cause.id"),
    "not_your_side": (planned(), measure(by="professional"), said(NOON, "citizen"), "data.by"),
    "measurement_unknown": (planned(), correct_measurement(), LATER, "data.by"),
    "intervention_unknown": (planned(), end_intervention(), LATER, "data.intervention_id"),
    "intervention_exists": (TRAINED, intervene(), LATER, "data.intervention_id"),
    "intervention_over": (
        after(TRAINED, (end_intervention(), LATER)),
        end_intervention(),
        LATER,
        "data.intervention_id",
    ),
    "job_unknown": (planned(), correct_job(), LATER, "data.job_id"),
    "job_exists": (working(), start_job(JOB), LATER, "data.job_id"),
    "job_over": (STOPPED, end_job(), LATER, "data.job_id"),
    "outcome_not_before": (started(), reach(3), LATER, "data.sustained_months"),
    "outcome_unknown": (working(), correct_outcome(), LATER, "data.was_perspective"),
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_is_refused_is_named_with_its_place(code: str) -> None:
    state, command, who, field = REFUSED[code]
    with pytest.raises(Refused) as no:
        decide(state, command, who)
    assert (no.value.code, no.value.field) == (code, field)


def test_every_sentence_stands_for_a_refusal_and_every_refusal_has_its_sentences() -> None:
    assert set(REFUSED) == set(SENTENCES)
    for dutch, english in SENTENCES.values():
        assert dutch != english
        assert re.fullmatch(r"[A-Z].*\.", dutch)
        assert re.fullmatch(r"[A-Z].*\.", english)
