"""What goes through the ledger: items in, cases in hand, answers out; and the rules a service brings along."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

from aiokafka.structs import ConsumerRecord
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database import readers
from shared.envelope import Event
from shared.facts import Command, Happened, Said
from shared.refusals import Refused
from shared.row import Row


@dataclass(frozen=True)
class Rules:
    """A service's pure functions. A state of None is a case this service does not know."""

    decide: Callable[[Any, Command, Said], list[Happened]]
    evolve: Callable[[Any, Any, Said], Any]
    learn: Callable[[Any, Any, Said], Any]
    row: Callable[[Any], Row]
    dump: Callable[[Any], bytes]
    load: Callable[[str], Any]
    key: Callable[[Any], str]
    """The case's public key, for sealing texts."""


@dataclass(frozen=True)
class Ledger:
    """All that handling needs of one service: its database, its rules, and who it is."""

    engine: AsyncEngine
    service: str
    source: str
    rules: Rules
    patience_seconds: int = 86_400

    @cached_property
    def single(self) -> AsyncEngine:
        """The same connections for who has one statement, or several that each stand by themselves: each is a
        transaction of its own, without a round trip to begin and one to end it."""
        return self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @cached_property
    def readers(self) -> AsyncEngine:
        """The same database for who only reads (seeing.py)."""
        return readers(self.engine)

    async def close(self) -> None:
        """Closes the connections."""
        await self.readers.dispose()
        await self.engine.dispose()


@dataclass(slots=True)
class Item:
    """One thing to handle: a command (from a door or a clock) or another service's event."""

    kind: Literal["command", "event"]
    source: str
    id: str
    case_id: str
    fact: str
    body: Any
    said: Said
    cause: str
    traceparent: str
    request: str | None = None
    digest: str | None = None
    content: Mapping[str, str] | None = None
    """What a source's own number stands for: the number again with anything else is refused. Never who it is about."""
    differs: tuple[str, ...] = ()
    """Fields that say something else than before under this number, and are not kept in `content`."""
    expects: int | None = None
    """The version that the case must have; None: whatever it is."""
    service: str = ""
    caseversion: int = 0
    told_by: str = ""
    """Whose token it came with; the actor may be another, in history. `told_as`: the roles of that token, then."""
    told_as: str = ""
    letter: "Letter | None" = None
    fault: str | None = None
    refused: Refused | None = None
    """Why a handled command was refused all the same: the refusal itself is on the log."""


@dataclass(slots=True)
class Letter:
    """A record that could not be handled (yet), raw; of a system outside only its place, never what it holds."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    headers: Sequence[tuple[str, bytes]]
    value: bytes | None
    position: int | None = None
    status: str = "waiting"
    reason: str = ""
    parks: bool = True


def letter_of(record: "ConsumerRecord[bytes, bytes]") -> Letter:
    """The letter of a record as it came from the topic."""
    return Letter(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        headers=tuple(record.headers),
        value=record.value,
    )


@dataclass(slots=True)
class Case:
    """A case in hand during one transaction."""

    case_id: str
    municipality: str = ""
    version: int = 0
    casehash: bytes = bytes(32)
    state: Any = None
    heard: dict[str, int] = made(default_factory=dict)
    stored: bool = False
    touched: bool = False
    heard_more: bool = False
    row: Row | None = None
    parked: bool = False
    waiting: list[Item] = made(default_factory=list)


@dataclass(slots=True)
class Written:
    """An event about to be written."""

    event: Event
    occurred_at: datetime
    recorded_at: datetime


@dataclass(slots=True)
class Answer:
    """What became of an item."""

    status: Literal["accepted", "duplicate", "rejected", "waiting", "dead", "ignored"]
    case_id: str
    code: str = ""
    field: str | None = None
    possible: Sequence[str] | None = None
    events: list[Event] = made(default_factory=list)
    warnings: tuple[str, ...] = ()
    stored: Any = None
    early: bool = False
    """It may be otherwise later: what the refused command waits for may still come."""
    differs: tuple[str, ...] = ()
    """Fields that said something else before, under the same number."""
    state: Any = None
    """The case's state after it, for who counts what was written."""


@dataclass(slots=True)
class Work:
    """One transaction's worth: the cases in hand and all that has to be written."""

    cases: dict[str, Case]
    known: dict[tuple[str, str], tuple[str | None, Any]]
    events: list[Written] = made(default_factory=list)
    inbox: list[Item] = made(default_factory=list)
    letters: list[tuple[Item, Letter]] = made(default_factory=list)
    put_back: list[int] = made(default_factory=list)
    dead_again: list[tuple[int, str]] = made(default_factory=list)
    tried: list[tuple[int, int, str]] = made(default_factory=list)
    """Letters that still wait: position, the version of their case when they were tried, why."""
    answers: dict[int, Answer] = made(default_factory=dict)
