"""A dossier's lines through the rules of all four services, as an import feeds them: one service after another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import orjson

from services.diagnosis import app as diagnosis
from services.intake import app as intake
from services.intake.commands import Application, KnownApplication, ReceiveApplication
from services.outcome import app as outcome
from services.referral import app as referral
from shared.envelope import Event, source_urn
from shared.facts import Actor, Said
from shared.ledger.lines import Language, LineRefused, read_line
from shared.ledger.model import Answer, Case, Item, Ledger, Work
from shared.ledger.settle import settle
from tests.builders import ID_KEY
from tests.unit.shared.told import OIN, PUBLIC_KEY

SERVICES = {"intake": intake, "diagnosis": diagnosis, "referral": referral, "outcome": outcome}
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
_SAID = set(Application.model_fields)


@dataclass
class Registered:
    """What became of a history's lines: events by service, refusals, warnings."""

    events: list[tuple[str, Event, dict[str, Any]]] = field(default_factory=list)
    refused: list[tuple[str, str | None, bytes]] = field(default_factory=list)
    warnings: set[str] = field(default_factory=set)
    lines: int = 0


def registered(lines: Iterable[bytes]) -> Registered:
    """Everything that follows from these lines, dossier by dossier."""
    dossiers: dict[tuple[str, str], list[tuple[str, bytes]]] = {}
    for raw in lines:
        said = orjson.loads(raw)
        dossiers.setdefault((said["municipality"], said["dossier"]), []).append((said["fact"], raw))
    found = Registered()
    for one in dossiers.values():
        _dossier(one, found)
    return found


def _dossier(lines: list[tuple[str, bytes]], found: Registered) -> None:
    said_so_far: dict[str, list[tuple[Event, dict[str, Any]]]] = {}
    for service, app in SERVICES.items():
        words = app.VOCABULARY
        language = Language(words.commands, words.numbers, ID_KEY)
        state = None
        for other in words.rests_on:
            for event, data in said_so_far[other]:
                state = _learnt(app, state, event, data)
        # a ledger without a database: settling never touches it
        ledger = Ledger(None, service, source_urn(OIN, service), app.RULES)  # type: ignore[arg-type]
        case = Case("", state=state)
        said_so_far[service] = []
        for number, (fact, raw) in enumerate(lines):
            if fact not in words.commands:
                continue
            found.lines += 1
            answer = _settled(ledger, language, case, number, raw)
            if isinstance(answer, LineRefused) or answer.status != "accepted":
                found.refused.append((answer.code, answer.field, raw))
                continue
            found.warnings.update(answer.warnings)
            for event in answer.events:
                data = orjson.loads(event.data)
                said_so_far[service].append((event, data))
                found.events.append((service, event, data))


def _settled(ledger: Ledger, language: Language, case: Case, number: int, raw: bytes) -> Answer | LineRefused:
    try:
        item = read_line(language, raw, NOW, True, "", None)
    except LineRefused as no:
        return no
    case.case_id = item.case_id
    work = Work({item.case_id: case}, {})
    [answer] = settle(ledger, work, [replace(_known(item), source=str(number))])
    return answer


def _known(item: Item) -> Item:
    """As the vault would put it: nobody here has a number."""
    if not isinstance(item.body, ReceiveApplication):
        return item
    body = KnownApplication(**item.body.model_dump(include=_SAID), case_key=PUBLIC_KEY)
    return replace(item, body=body)


def _learnt(app: Any, state: Any, event: Event, data: Mapping[str, Any]) -> Any:
    """The state after another service's event, read as that service reads it."""
    model = app.VOCABULARY.hearing.learns.get(event.fact)
    if model is None:
        assert event.fact in app.VOCABULARY.hearing.passes
        return state
    own = {name: value for name, value in data.items() if name in model.model_fields}
    at = datetime.fromisoformat(data["occurred_at"])
    said = Said(at, NOW, Actor(**data["actor"]), data["municipality"], imported=True)
    return app.RULES.learn(state, model.model_validate_json(orjson.dumps(own)), said)
