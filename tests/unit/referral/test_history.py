"""The year of history goes in whole: what the rules decide is what was registered."""

from collections import Counter
from datetime import datetime

import orjson

from services.referral import commands, hearing
from services.referral.domain.decide import decide
from services.referral.domain.evolve import evolve
from services.referral.domain.learn import learn
from services.referral.events import FACTS
from shared.ledger.lines import Language, read_line
from tests.builders import ID_KEY, NOON, TRUTH, dossiers, said

LANGUAGE = Language(commands.COMMANDS, commands.NUMBERS, ID_KEY)


def test_every_line_of_leiden_2016_is_accepted_and_counts_as_registered() -> None:
    found: Counter[str] = Counter()
    for lines in dossiers().values():
        opened = lines[0]
        state = learn(None, hearing.ApplicationReceived(case_key="key"), said(NOON))
        for line in lines:
            if line["fact"] in ("diagnosis_completed", "case_closed"):
                model = hearing.HEARING.learns[line["fact"]]
                state = learn(state, model(), said(datetime.fromisoformat(line["at"])))
        assert opened["fact"] == "application_received"
        for line in lines:
            if line["fact"] not in commands.COMMANDS:
                continue
            item = read_line(LANGUAGE, orjson.dumps(line), NOON, True, "", None)
            for one in decide(state, item.body, item.said):
                found[one.fact.name] += 1
                assert not one.implied
                state = evolve(state, one.fact, item.said)
    registered = {name: count for name, count in TRUTH["facts"].items() if name in FACTS}
    assert {name: found[name] for name in registered} == registered
    raised = found["pumping_round_detected"]
    assert raised >= TRUTH["dossiers_with_two_or_more_returns"]
