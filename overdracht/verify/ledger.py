"""Checks a service's ledger: recomputes every case's chain, and keeps of each event what the topic must equal."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import blake2b

import orjson

from overdracht.verify.findings import Finding
from shared.chain import START
from shared.envelope import Event, expected_hash, from_structured

DIGEST = 16
_BETWEEN = b'},{"specversion":'
_DATA = b',"data":'


@dataclass(slots=True)
class CaseLog:
    """One case: its last number and hash, a digest of every event in order, and which the topic has shown (bits)."""

    version: int = 0
    casehash: bytes = START
    digests: bytearray = field(default_factory=bytearray)
    shown: int = 0

    def digest(self, version: int) -> bytes | None:
        """The digest of one event; None when the ledger does not have it."""
        found = bytes(self.digests[(version - 1) * DIGEST : version * DIGEST])
        return found if any(found) else None


@dataclass
class LedgerLog:
    """One service's ledger as read so far. `tail` has position and hash of what no seal has covered yet."""

    service: str
    cases: dict[str, CaseLog] = field(default_factory=dict)
    events: int = 0
    position: int = 0
    tail: deque[tuple[int, bytes]] = field(default_factory=deque)


def events_of(page: bytes) -> list[Event]:
    """The events of a page, with their data byte for byte as the page holds it."""
    bodies = orjson.loads(page)
    events = [from_structured(body) for body in bodies]
    pieces = page.strip()[1:-1].split(_BETWEEN)
    if len(pieces) != len(events) or any(_DATA not in piece for piece in pieces):
        return events
    pieces[-1] = pieces[-1].removesuffix(b"}")
    return [_with_data(event, piece.partition(_DATA)[2]) for event, piece in zip(events, pieces, strict=True)]


def _with_data(event: Event, data: bytes) -> Event:
    """Only when it is the same content: a page that is written differently keeps its parsed data."""
    if data == event.data:
        return event
    try:
        same = orjson.loads(data) == orjson.loads(event.data)
    except orjson.JSONDecodeError:
        return event
    return replace(event, data=data) if same else event


def digest_of(event: Event) -> bytes:
    """A digest over every attribute and the data; equal only when all are equal."""
    parts = (
        event.id,
        event.source,
        event.type,
        event.subject,
        event.time,
        str(event.sequence),
        str(event.caseversion),
        event.casehash,
        event.causationid,
        event.traceparent,
    )
    return blake2b("\x1f".join(parts).encode() + b"\x1f" + event.data, digest_size=DIGEST).digest()


def take(log: LedgerLog, events: Iterable[Event]) -> Iterator[Finding]:
    """Takes the next events of the ledger, in its order, and tells what is wrong with them."""
    for event in events:
        if event.sequence <= log.position:
            yield _finding("sequence_not_growing", log, event)
        log.position = max(log.position, event.sequence)
        log.events += 1
        log.tail.append((event.sequence, _stated(event)))
        yield from _in_case(log, event)


def _in_case(log: LedgerLog, event: Event) -> Iterator[Finding]:
    case = log.cases.get(event.subject)
    if case is None:
        case = log.cases[event.subject] = CaseLog()
    if event.caseversion <= case.version:
        yield _finding("record_double", log, event)
        return
    if event.caseversion > case.version + 1:
        yield Finding(
            "record_missing",
            log.service,
            event.subject,
            case.version + 1,
            event.sequence,
            count=event.caseversion - case.version - 1,
        )
        case.digests += bytes(DIGEST * (event.caseversion - case.version - 1))
    elif expected_hash(event, case.casehash).hex() != event.casehash:
        yield _finding("record_changed", log, event)
    case.version, case.casehash = event.caseversion, _stated(event)
    case.digests += digest_of(event)


def _stated(event: Event) -> bytes:
    """The hash the event states; the chain goes on from it, so that one change is one finding."""
    try:
        return bytes.fromhex(event.casehash)
    except ValueError:
        return START


def _finding(kind: str, log: LedgerLog, event: Event) -> Finding:
    return Finding(kind, log.service, event.subject, event.caseversion, event.sequence)
