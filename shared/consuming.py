"""Records from Kafka to items and through the ledger: nothing is acknowledged before it is committed, nothing lost."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any, cast, get_args

import orjson
from aiokafka.structs import ConsumerRecord, TopicPartition
from pydantic import ValidationError

from shared import logging
from shared.envelope import Event, Unusable, parse, service_of
from shared.facts import TYPE_PREFIX, Actor, Role, Said
from shared.hearing import Circumstances, Heard, Hearing
from shared.ledger.insist import Away, Handle, insist
from shared.ledger.model import Answer, Item, Ledger, Letter, letter_of

log = logging.get(__name__)
_ROLES = frozenset(get_args(Role))
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PAUSES = (0.1, 0.2, 0.5, 1, 2, 5, 10)


@dataclass
class Progress:
    """How consuming goes, for status, readiness and metrics."""

    assigned: frozenset[TopicPartition] | None = None
    """The partitions this process was given; none given (yet) is None."""
    records: int = 0
    handled: int = 0
    busy: int = 0
    trouble: str | None = None
    by_status: dict[str, int] = field(default_factory=dict)

    def count(self, answers: Sequence[Answer]) -> None:
        """Adds what became of a batch."""
        self.handled += len(answers)
        for answer in answers:
            self.by_status[answer.status] = self.by_status.get(answer.status, 0) + 1


Reader = Callable[[Letter], Item]


def reader(hearing: Hearing) -> Reader:
    """A function that reads a raw letter as an item; what is wrong with it becomes its `fault`."""
    reads = {fact: _with_circumstances(model) for fact, model in hearing.learns.items()}

    def read(letter: Letter) -> Item:
        try:
            event = parse(letter.value, letter.headers)
            fact = _checked(event)
        except Unusable as verdict:
            return _unusable(letter, verdict.code)
        model = reads.get(fact)
        if fact in hearing.about_no_case:
            return _item(letter, event, fact, None, _unknown_said())
        if not event.type.endswith(".v1") or (model is None and fact not in hearing.passes):
            return _item(letter, event, fact, None, _unknown_said(), "type_unknown")
        if model is None:
            return _item(letter, event, fact, None, _unknown_said())
        try:
            body = model.model_validate_json(event.data)
        except ValidationError:
            return _item(letter, event, fact, None, _unknown_said(), "body_invalid")
        return _item(letter, event, fact, body, _said(body))

    return read


@cache
def _with_circumstances(model: type[Heard]) -> Any:
    """The model that reads a fact and the circumstances that every fact tells, in one go."""
    return type(model.__name__, (model, Circumstances), {"__doc__": model.__doc__})


def _checked(event: Event) -> str:
    """The fact's name. Raises Unusable when the envelope cannot be relied on."""
    if not _UUID.fullmatch(event.subject) or not _UUID.fullmatch(event.id):
        raise Unusable("attribute_invalid")
    if event.caseversion < 1 or not event.type.isprintable() or len(event.type) > 200:
        raise Unusable("attribute_invalid")
    if not service_of(event.source).isalpha():
        raise Unusable("source_unknown")
    if not event.type.startswith(TYPE_PREFIX) or event.type.count(".") != 3:
        raise Unusable("type_unknown")
    return event.fact


def _said(around: Circumstances) -> Said:
    return Said(
        around.occurred_at,
        datetime.now(UTC),
        _actor(around.actor.role, around.actor.id),
        around.municipality,
        around.imported,
    )


@lru_cache(maxsize=4_096)
def _actor(role: str, name: str) -> Actor:
    """The same people speak in event after event; a role this service does not know is read as `system`."""
    return Actor.model_construct(role=cast(Role, role) if role in _ROLES else "system", id=name)


def _unknown_said() -> Said:
    now = datetime.now(UTC)
    return Said(now, now, _actor("system", "system"), "")


def _item(letter: Letter, event: Event, fact: str, body: Heard | None, said: Said, fault: str | None = None) -> Item:
    return Item(
        kind="event",
        source=event.source,
        id=event.id,
        case_id=event.subject,
        fact=fact,
        body=body,
        said=said,
        cause=event.id,
        traceparent=event.traceparent,
        service=service_of(event.source),
        caseversion=event.caseversion,
        letter=letter,
        fault=fault,
    )


def _unusable(letter: Letter, code: str) -> Item:
    said = _unknown_said()
    return Item("event", "", "", "", "", None, said, "", "", letter=letter, fault=code)


def reading(hearing: Hearing, outside: Mapping[str, Reader]) -> Reader:
    """A function that reads a raw letter of any topic; `outside`: how those of systems outside are read, by topic."""
    inside = reader(hearing)

    def read(letter: Letter) -> Item:
        return outside.get(letter.topic, inside)(letter)

    return read


async def consume(
    handle: Handle,
    ledger: Ledger,
    read: Reader,
    passed: frozenset[str],
    progress: Progress,
    records: "Sequence[ConsumerRecord[bytes, bytes]]",
) -> None:
    """Handles the records, save the facts that are `passed`; returns only when all of it is committed.

    Trouble that passes is waited out, with growing pauses.
    """
    items = [read(letter_of(record)) for record in records]
    items = [item for item in items if item.fact not in passed]
    progress.busy += 1
    try:
        progress.count(await _patiently(handle, ledger, items, progress))
        progress.records += len(records)
    finally:
        progress.busy -= 1


async def _patiently(handle: Handle, ledger: Ledger, items: list[Item], progress: Progress) -> list[Answer]:
    for attempt in range(1_000_000):
        try:
            answers = await insist(handle, ledger, items)
        except Away as away:
            progress.trouble = str(away)
            pause = _PAUSES[min(attempt, len(_PAUSES) - 1)]
            log.warning("waiting for the database", pause_seconds=pause)
            await asyncio.sleep(pause)
        else:
            progress.trouble = None
            return answers
    raise AssertionError("unreachable")  # pragma: no cover


def body_of(event: Event) -> dict[str, Any]:
    """The event's data, parsed."""
    data: dict[str, Any] = orjson.loads(event.data)
    return data
