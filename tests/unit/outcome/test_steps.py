"""The table of steps and the decisions agree: of a plan, an intervention and a job, wherever they are."""

import pytest

from services.outcome.domain.decide import decide
from services.outcome.domain.state import NEXT
from shared.facts import Command
from shared.refusals import Refused
from tests.builders import DAY, NOON
from tests.unit.outcome.given import (
    INTERVENTION,
    JOB,
    PLAN,
    a_goal,
    adjust,
    after,
    agree,
    an_id,
    coach,
    correct_job,
    end_intervention,
    end_job,
    follow_up,
    intervene,
    measured,
    start_job,
)

BASE = measured()
OTHER = an_id(50)
STATES = {
    "unknown": BASE,
    "running": after(BASE, (intervene(), coach(NOON + 11 * DAY)), (start_job(), coach(NOON + 11 * DAY))),
    "ended": after(
        BASE,
        (intervene(), coach(NOON + 11 * DAY)),
        (start_job(), coach(NOON + 11 * DAY)),
        (end_intervention(), coach(NOON + 12 * DAY)),
        (end_job(), coach(NOON + 12 * DAY)),
    ),
}
COMMANDS: dict[str, Command] = {
    "intervention_started": intervene(),
    "intervention_ended": end_intervention(),
    "job_started": start_job(),
    "job_started_corrected": correct_job(),
    "job_ended": end_job(),
    "follow_up_done": follow_up(job_id=JOB),
}
REFUSALS = {
    ("unknown", "intervention_ended"): "intervention_unknown",
    ("running", "intervention_started"): "intervention_exists",
    ("ended", "intervention_started"): "intervention_exists",
    ("ended", "intervention_ended"): "intervention_over",
    ("unknown", "job_started_corrected"): "job_unknown",
    ("unknown", "job_ended"): "job_unknown",
    ("unknown", "follow_up_done"): "job_unknown",
    ("running", "job_started"): "job_exists",
    ("ended", "job_started"): "job_exists",
    ("ended", "job_ended"): "job_over",
}


@pytest.mark.parametrize("fact", COMMANDS)
@pytest.mark.parametrize("status", STATES)
def test_the_table_and_the_decisions_agree(status: str, fact: str) -> None:
    at = coach(NOON + 20 * DAY)
    if (status, fact) in NEXT:
        state = after(STATES[status], (COMMANDS[fact], at))
        thing = state.interventions[INTERVENTION] if fact.startswith("intervention") else state.jobs[JOB]
        assert thing.status == NEXT[status, fact]  # type: ignore[index]
    else:
        with pytest.raises(Refused) as no:
            decide(STATES[status], COMMANDS[fact], at)
        assert no.value.code == REFUSALS[status, fact]


def test_a_plan_is_agreed_once_and_adjusted_only_when_there_is_one() -> None:
    at = coach(NOON + 20 * DAY)
    with pytest.raises(Refused, match="plan_exists"):
        decide(BASE, agree(PLAN, goals=[a_goal(OTHER)]), at)
    with pytest.raises(Refused, match="plan_unknown"):
        decide(BASE, adjust(OTHER), at)
    assert len(decide(BASE, agree(OTHER, goals=[a_goal(OTHER)]), at)) == len(decide(BASE, adjust(), at)) == 1


def test_every_line_of_the_table_is_walked() -> None:
    assert {fact for _, fact in NEXT} == {*COMMANDS, "plan_agreed", "plan_adjusted"}
