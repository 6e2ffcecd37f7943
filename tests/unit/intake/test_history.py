"""The year of history goes in whole: what the rules decide is what was registered, and nothing is made up."""

from collections import Counter

import orjson

from services.intake import commands
from services.intake.domain.decide import decide
from services.intake.domain.evolve import evolve
from services.intake.events import FACTS
from shared.ledger.lines import Language, read_line
from tests.builders import ID_KEY, NOON, TRUTH, dossiers

LANGUAGE = Language(commands.COMMANDS, commands.NUMBERS, ID_KEY)
SAID = set(commands.Application.model_fields)


def test_every_line_of_leiden_2016_is_accepted_and_counts_as_registered() -> None:
    found: Counter[str] = Counter()
    for lines in dossiers().values():
        state = None
        for line in lines:
            if line["fact"] not in commands.COMMANDS:
                continue
            item = read_line(LANGUAGE, orjson.dumps(line), NOON, True, "", None)
            body = item.body
            assert item.said.actor.role in body.by
            if isinstance(body, commands.ReceiveApplication):
                body = commands.KnownApplication(**body.model_dump(include=SAID))
            for one in decide(state, body, item.said):
                found[one.fact.name] += 1
                state = evolve(state, one.fact, item.said)
    assert found == {name: count for name, count in TRUTH["facts"].items() if name in FACTS}
