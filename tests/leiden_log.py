"""The year of history as it stands on the topics: the services' own rules and envelope, no database and no broker."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from typing import Any

import orjson
from aiokafka.partitioner import murmur2

from services.intake.commands import Application, KnownApplication, ReceiveApplication
from shared.consuming import reader
from shared.envelope import Event, headers, source_urn
from shared.ledger.lines import Language, read_line
from shared.ledger.model import Case, Item, Ledger, Letter, Rules, Work
from shared.ledger.settle import settle
from shared.sealing import new_key
from shared.vocabulary import Vocabulary
from tests.builders import ID_KEY, dossiers

OIN = "00000001823288444000"
PARTITIONS = 3
ORDER = ("intake", "diagnosis", "referral", "outcome")
"""Each rests on those before it; what referral hears of outcome changes no fact of history."""
IMPORTED = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
Topics = dict[tuple[str, int], list["Record"]]


@dataclass(frozen=True, slots=True)
class Record:
    """A record as a consumer gets it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    timestamp: int = 0


def record_of(event: Event, topic: str, partition: int, offset: int) -> Record:
    """The record a relay makes of an event."""
    return Record(topic, partition, offset, event.subject.encode(), event.data, tuple(headers(event)))


def leiden_events() -> dict[str, list[Event]]:
    """Per service its ledger in order: what it says when the history comes in, in the order of the file's lines."""
    return {service: events for service, (events, _) in _leiden().items()}


def leiden_states(service: str) -> dict[str, Any]:
    """Per case the state that the service has then."""
    return {case_id: case.state for case_id, case in _leiden()[service][1].items()}


@cache
def _leiden() -> dict[str, tuple[list[Event], dict[str, Case]]]:
    said: dict[str, tuple[list[Event], dict[str, Case]]] = {}
    for service in ORDER:
        cases: dict[str, Case] = {}
        said[service] = (list(_told(service, {other: events for other, (events, _) in said.items()}, cases)), cases)
    return said


def leiden_topics() -> Topics:
    """Per topic and partition the records: a case's records lie where any Kafka client puts its key."""
    return topics(leiden_events())


def topics(events: dict[str, list[Event]]) -> Topics:
    """The records of these events, each on its partition."""
    found: Topics = {(f"overdracht.{service}", n): [] for service in events for n in range(PARTITIONS)}
    for service, some in events.items():
        for event in some:
            place = (f"overdracht.{service}", (murmur2(event.subject.encode()) & 0x7FFF_FFFF) % PARTITIONS)
            found[place].append(record_of(event, *place, len(found[place])))
    return found


def _told(service: str, before: dict[str, list[Event]], cases: dict[str, Case]) -> Iterator[Event]:
    app = import_module(f"services.{service}.app")
    rules: Rules = app.RULES
    vocabulary: Vocabulary = app.VOCABULARY
    # a ledger without a database: settling never touches it
    ledger = Ledger(None, service, source_urn(OIN, service), rules)  # type: ignore[arg-type]
    language = Language(vocabulary.commands, vocabulary.numbers, ID_KEY)
    read = reader(vocabulary.hearing)
    heard = (event for other in vocabulary.listens_to for event in before.get(other, ()))
    for event in heard:
        letter = Letter(f"overdracht.{service}", 0, 0, event.subject.encode(), headers(event), event.data)
        _settled(ledger, cases, read(letter))
    lines = sorted((line for some in dossiers().values() for line in some), key=lambda line: str(line["at"]))
    sequence = 0
    for number, line in enumerate(lines):
        if line["fact"] not in vocabulary.commands:
            continue
        now = IMPORTED + timedelta(microseconds=137 * number)
        for event in _settled(ledger, cases, _item(language, line, now)):
            sequence += 1
            yield replace(event, sequence=sequence)


def _item(language: Language, line: dict[str, Any], now: datetime) -> Item:
    item = read_line(language, orjson.dumps(line), now, True, TRACE, None)
    if isinstance(item.body, ReceiveApplication):
        said = item.body.model_dump(include=set(Application.model_fields)) | {"case_key": new_key()[1]}
        return replace(item, body=KnownApplication(**said))
    return item


def _settled(ledger: Ledger, cases: dict[str, Case], item: Item) -> list[Event]:
    work = Work({item.case_id: cases.setdefault(item.case_id, Case(item.case_id))}, {})
    [answer] = settle(ledger, work, [item])
    assert answer.status in ("accepted", "ignored"), (answer.status, answer.code, item.fact)
    return [written.event for written in work.events]
