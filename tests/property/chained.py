"""Commands through the ledger without a database, the chain of what came of it, and the state of that log alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from shared.chain import START
from shared.envelope import Event, expected_hash, source_urn
from shared.facts import Actor, Command, Common, Fact, Said
from shared.ledger.model import Case, Item, Ledger, Rules, Work
from shared.ledger.settle import settle
from tests.unit.shared.told import CASE, OIN

_COMMON = frozenset(Common.model_fields)


@dataclass(frozen=True)
class Told:
    """A command and who gave it when."""

    command: Command
    said: Said


def taken(rules: Rules, state: Any, steps: list[Told]) -> tuple[Any, list[Event]]:
    """The state and the events after these commands, one by one; what is refused leaves no trace."""
    # a ledger without a database: settling never touches it
    ledger = Ledger(None, "any", source_urn(OIN, "any"), rules)  # type: ignore[arg-type]
    case = Case(CASE, "GM0546", state=state)
    events: list[Event] = []
    for number, one in enumerate(steps):
        key = f"k{number}"
        work = Work({CASE: case}, {})
        item = Item("command", "line", key, CASE, one.command.fact, one.command, one.said, key, "t")
        [answer] = settle(ledger, work, [item])
        assert answer.code != "internal_error"
        events += [written.event for written in work.events]
    return case.state, events


def chained(events: list[Event]) -> bool:
    """Whether the versions have no gap and every hash follows from the one before."""
    link = START
    for version, event in enumerate(events, 1):
        link = expected_hash(event, link)
        if event.caseversion != version or event.casehash != link.hex():
            return False
    return True


def rebuilt(rules: Rules, facts: Mapping[str, type[Fact]], state: Any, events: list[Event]) -> Any:
    """The state of the log alone: as it was heard, then every fact as it stands on the log."""
    for event in events:
        data = orjson.loads(event.data)
        own = {name: value for name, value in data.items() if name not in _COMMON}
        around = Common.model_validate_json(orjson.dumps({k: v for k, v in data.items() if k in _COMMON}))
        fact = facts[event.fact].model_validate_json(orjson.dumps(own))
        actor = Actor(role=around.actor.role, id=around.actor.id)
        said = Said(around.occurred_at, around.occurred_at, actor, "GM0546", around.imported)
        state = rules.evolve(state, fact, said)
    return state


def without_texts(facts: Mapping[str, type[Fact]], event: Event) -> tuple[str, dict[str, Any]]:
    """What a fact says in the open: sealing the same text twice never gives the same seal."""
    texts = {path[0] for path in facts[event.fact].texts}
    return event.fact, {name: value for name, value in orjson.loads(event.data).items() if name not in texts}
