"""The year of history goes in whole: what the rules decide is what was registered, no more and no less."""

from collections import Counter
from datetime import datetime

import orjson

from services.outcome import commands, hearing
from services.outcome.domain.decide import decide
from services.outcome.domain.evolve import evolve
from services.outcome.domain.learn import learn
from services.outcome.domain.state import State
from services.outcome.domain.view import row
from services.outcome.events import FACTS
from shared.ids import from_number
from shared.ledger.lines import Language, read_line
from tests.builders import ID_KEY, NOON, TRUTH, dossiers, said

LANGUAGE = Language(commands.COMMANDS, commands.NUMBERS, ID_KEY)
Lines = list[dict[str, object]]


def told(lines: Lines) -> State:
    """The state after all that intake and referral have to tell: they come in first."""
    state: State | None = None
    for line in lines:
        model = hearing.HEARING.learns.get(str(line["fact"]))
        if model is None:
            continue
        data = dict(line["data"], case_key="key")  # type: ignore[call-overload]
        if "referral" in data:
            data["referral_id"] = from_number(ID_KEY, str(line["municipality"]), "referral", data["referral"])
        actor: dict[str, str] = line["actor"]  # type: ignore[assignment]
        at = datetime.fromisoformat(str(line["at"]))
        fact = model.model_validate(data)
        state = learn(state, fact, said(at, actor["role"], who=actor["id"], now=NOON, imported=True))
    assert state is not None
    return state


def test_every_line_of_leiden_2016_is_accepted_and_counts_as_registered() -> None:
    found: Counter[str] = Counter()
    scores = plans_of_a_referral = 0
    for lines in dossiers().values():
        state = told(lines)
        for line in lines:
            if line["fact"] not in commands.COMMANDS:
                continue
            item = read_line(LANGUAGE, orjson.dumps(line), NOON, True, "", None)
            for one in decide(state, item.body, item.said):
                found[one.fact.name] += 1
                assert not one.unknown
                assert one.at is None or one.at == item.said.at
                assert item.said.at >= state.last_at
                state = evolve(state, one.fact, item.said)
        scores += sum(len(kept) for goal in state.goals.values() for kept in goal.measured.values())
        plans_of_a_referral += sum(plan.referral_id is not None for plan in state.plans.values())
        assert row(state).overdue_since is None
        assert row(state).alarm_at is None
    assert found == {name: count for name, count in TRUTH["facts"].items() if name in FACTS}
    assert scores == TRUTH["facts"]["goal_measured"]
    assert plans_of_a_referral == TRUTH["facts"]["plan_agreed"]
