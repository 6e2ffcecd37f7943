"""The table of steps and the decisions agree, wherever a case is; and each step has who may take it."""

from typing import Any

import pytest

from services.diagnosis import commands as c
from services.diagnosis.domain.state import NEXT, Status
from shared.facts import Command
from shared.refusals import Refused
from tests.builders import DAY, NOON, said
from tests.unit.diagnosis.given import (
    AGAIN,
    CONSULTATION,
    after,
    answer,
    ask,
    complete,
    contest,
    contested,
    decide,
    direct,
    granted,
    map_area,
    mapped,
    plan,
    start,
    weigh,
)

COMMANDS: dict[str, Command] = {
    "diagnosis_planned": plan(due_on=(NOON + 90 * DAY).date()),
    "diagnosis_started": start(AGAIN),
    "life_area_mapped": map_area(),
    "diagnosis_completed": complete(),
    "consultation_requested": ask(consultation_id=AGAIN),
    "consultation_answered": answer(),
    "argument_weighed": weigh(),
    "direction_decided": direct(),
    "direction_contested": contest(),
}
ASKED = after(mapped(), (ask(), said(NOON)))
STATES: dict[Status, Any] = {
    "new": granted(),
    "started": ASKED,
    "completed": after(ASKED, (complete(), said(NOON + DAY)), (weigh(), said(NOON + DAY))),
    "decided": after(ASKED, *((step, said(NOON + DAY)) for step in (complete(), weigh(), direct()))),
    "contested": after(ASKED, *((step, said(NOON + DAY)) for step in (complete(), weigh(), direct(), contest()))),
}


@pytest.mark.parametrize("fact", COMMANDS)
@pytest.mark.parametrize("status", STATES)
def test_the_table_and_the_decisions_agree(status: Status, fact: str) -> None:
    at = said(NOON + 5 * DAY)
    if (status, fact) in NEXT:
        assert after(STATES[status], (COMMANDS[fact], at)).status == NEXT[status, fact]
        return
    with pytest.raises(Refused) as no:
        decide(STATES[status], COMMANDS[fact], at)
    assert no.value.code in ("step_not_possible", "diagnosis_missing", "direction_missing")
    assert no.value.possible == sorted(name for known, name in NEXT if known == status)


def test_every_status_is_reached_and_every_command_is_tried() -> None:
    assert {state.status for state in STATES.values()} == {status for status, _ in NEXT}
    assert set(COMMANDS) == set(c.COMMANDS)
    assert contested().status == "contested"


@pytest.mark.parametrize(
    ("command", "roles"),
    [
        (c.PlanDiagnosis, {"caseworker"}),
        (c.StartDiagnosis, {"caseworker"}),
        (c.CompleteDiagnosis, {"caseworker"}),
        (c.MapLifeArea, {"citizen", "caseworker"}),
        (c.RequestConsultation, {"caseworker"}),
        (c.AnswerConsultation, {"caseworker", "partner"}),
        (c.WeighArgument, {"caseworker"}),
        (c.DecideDirection, {"caseworker"}),
        (c.ContestDirection, {"citizen", "caseworker"}),
    ],
)
def test_each_step_has_those_who_may_take_it(command: type[Command], roles: set[str]) -> None:
    assert command.by == roles


def test_a_consultation_is_known_by_its_own_number() -> None:
    assert CONSULTATION in ASKED.consultations
