"""The year of history goes in whole: with all of intake heard first, what the rules decide is what was registered."""

from collections import Counter
from datetime import datetime
from typing import Any

import orjson

from services.diagnosis import commands, hearing
from services.diagnosis.domain.evolve import evolve
from services.diagnosis.domain.learn import learn
from services.diagnosis.domain.state import State
from services.diagnosis.events import FACTS
from services.intake.events import FACTS as TOLD_BY_INTAKE
from shared.ledger.lines import Language, read_line
from tests.builders import ID_KEY, NOON, TRUTH, dossiers, said
from tests.unit.diagnosis.given import decide

LANGUAGE = Language(commands.COMMANDS, commands.NUMBERS, ID_KEY)


def told(lines: list[dict[str, Any]]) -> State:
    """The state after all that intake has to tell: withdrawals, ends and closings too, they come in first."""
    state: State | None = None
    for line in lines:
        model = hearing.HEARING.learns.get(line["fact"])
        if model is None or line["fact"] not in TOLD_BY_INTAKE:
            continue
        fact = model.model_validate(line["data"] | {"case_key": "key"})
        who = line["actor"]
        at = datetime.fromisoformat(line["at"])
        state = learn(state, fact, said(at, who["role"], who=who["id"], now=NOON, imported=True))
    assert state is not None
    return state


def test_every_line_of_leiden_2016_is_accepted_and_counts_as_registered() -> None:
    found: Counter[str] = Counter()
    diagnosed = ended_first = 0
    for lines in dossiers().values():
        state = told(lines)
        for line in lines:
            if line["fact"] not in commands.COMMANDS:
                continue
            item = read_line(LANGUAGE, orjson.dumps(line), NOON, True, "", None)
            ended_first += state.over_at is not None
            for one in decide(state, item.body, item.said):
                found[one.fact.name] += 1
                assert item.said.at >= state.last_at
                state = evolve(state, one.fact, item.said)
        diagnosed += state.diagnosed_on is not None
    assert found == {name: count for name, count in TRUTH["facts"].items() if name in FACTS}
    assert diagnosed == TRUTH["facts"]["diagnosis_completed"]
    assert ended_first > 0
