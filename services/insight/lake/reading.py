"""Records to facts: the envelope from the headers, the data from JSON, the same kinds of facts together."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import orjson

from services.insight.lake.columns import Columns, FactRead
from shared.envelope import Unusable, parse, service_of
from shared.facts import TYPE_PREFIX

Counts = Counter[str]
_COMMON = (
    "case_id", "municipality", "occurred_at", "actor.role", "actor.id", "late", "implied", "imported", "warnings",
    "unknown",
)  # fmt: skip
"""What every fact says, the actor taken apart."""


class Record(Protocol):
    """A record as a consumer gets it."""

    @property
    def offset(self) -> int:
        """Its place on the partition."""

    @property
    def value(self) -> bytes | None:
        """The data."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes]]:
        """The attributes of the envelope."""


class Envelope(NamedTuple):
    """What the lake reads of an envelope; the data as they came."""

    offset: int
    type: bytes
    sequence: int
    caseversion: int
    subject: str
    time: bytes
    value: bytes


@dataclass
class Group:
    """Facts of one type: where each stands in the batch, its fields, and what of its data is none of them."""

    reads: FactRead
    places: list[int] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    """Per fact the values of `names`; what is not said is None."""
    left: dict[int, dict[str, Any]] = field(default_factory=dict)
    """Row -> what is left of its data."""

    def __post_init__(self) -> None:
        self.names = (*_COMMON, *(self.reads.fields or {}))

    def add(self, place: int, data: dict[str, Any]) -> None:
        """One fact. Its data are taken apart at once: going over them again later costs more than all the rest."""
        take = data.pop
        actor = take("actor", None)
        if isinstance(actor, dict):
            data["actor.role"], data["actor.id"] = actor.pop("role", None), actor.pop("id", None)
        if actor:
            data["actor"] = actor
        self.places.append(place)
        self.rows.append([take(name, None) for name in self.names])
        if data:
            self.left[len(self.rows) - 1] = data

    def columns(self) -> dict[str, tuple[Any, ...]]:
        """The values by field; fields that no fact says are not in it."""
        found = zip(self.names, zip(*self.rows, strict=True), strict=True)
        return {name: values for name, values in found if values.count(None) < len(values)}


def envelopes(records: Iterable[Record], service: str, counts: Counts) -> list[Envelope]:
    """The records that are events of this service; what is none is counted under `unusable`, by what is wrong."""
    found = []
    trusted: dict[tuple[bytes, bytes], str] = {}
    for record in records:
        headers = dict(record.headers)
        try:
            source = headers["ce_source"]
            envelope = Envelope(
                record.offset,
                headers["ce_type"],
                int(headers["ce_sequence"]),
                int(headers["ce_caseversion"]),
                headers["ce_subject"].decode(),
                headers["ce_time"],
                record.value or b"",
            )
        except (KeyError, ValueError):
            try:
                source, envelope = _slowly(record)
            except Unusable as verdict:
                counts[f"unusable:{verdict.code}"] += 1
                continue
        which = (source, envelope.type)
        if which not in trusted:
            trusted[which] = _doubt(source, envelope.type, service)
        if trusted[which]:
            counts[f"unusable:{trusted[which]}"] += 1
        elif envelope.sequence < 1 or not 0 < envelope.caseversion < 1 << 31 or envelope.sequence >= 1 << 63:
            counts["unusable:attribute_invalid"] += 1
        else:
            found.append(envelope)
    return found


def _doubt(source: bytes, kind: bytes, service: str) -> str:
    """Why these attributes are none of this service's; empty when all is well."""
    if service_of(source.decode("utf-8", "replace")) != service:
        return "source_unknown"
    name = kind.decode("utf-8", "replace")
    return "" if name.isprintable() and 0 < len(name) <= 200 else "attribute_invalid"


def _slowly(record: Record) -> tuple[bytes, Envelope]:
    """The envelope of a record that is not in binary mode. Raises Unusable."""
    event = parse(record.value, record.headers)
    said = (event.type.encode(), event.sequence, event.caseversion, event.subject, event.time.encode(), event.data)
    return event.source.encode(), Envelope(record.offset, *said)


def groups(events: Sequence[Envelope], service: str, known: Columns, counts: Counts) -> list[Group]:
    """The events by type, in their order; what is no JSON object is counted and in none."""
    found: dict[bytes, Group] = {}
    for place, event in enumerate(events):
        group = found.get(event.type)
        if group is None:
            group = found[event.type] = Group(_reads(event.type, service, known))
        try:
            data = orjson.loads(event.value)
        except orjson.JSONDecodeError:
            counts["unusable:not_json"] += 1
            continue
        if not isinstance(data, dict):
            counts["unusable:not_an_object"] += 1
            continue
        group.add(place, data)
    for kind, group in found.items():
        if group.reads.fields is None:
            counts[f"unknown_type:{kind.decode('utf-8', 'replace')}"] += len(group.places)
    return [group for group in found.values() if group.places]


def _reads(kind: bytes, service: str, known: Columns) -> FactRead:
    """How facts of a type are read. A type that is not ours is its own name."""
    name = kind.decode("utf-8", "replace")
    label = name.removeprefix(TYPE_PREFIX)
    if label != name and (service, label) in known.facts:
        return known.facts[service, label]
    fact, dot, version = label.rpartition(".v")
    if label == name or not dot or not version.isdecimal() or int(version) >= 1 << 31:
        return FactRead(name, None)
    return FactRead(fact, int(version))
