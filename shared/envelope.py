"""The envelope: CloudEvents 1.0 as the NL GOV profile wants them, on Kafka in binary mode; structured is read too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson

from shared.chain import case_hash

Headers = Sequence[tuple[str, bytes]]
_SCHEMA = "urn:nld:overdrachten:schema:"
_FIXED: list[tuple[str, bytes]] = [
    ("ce_specversion", b"1.0"),
    ("ce_dataclassification", b"confidential"),
    ("ce_dataregulation", b"GDPR"),
    ("content-type", b"application/json"),
]


class Unusable(Exception):  # noqa: N818 - a verdict on a record, with a code
    """A record that is no event of ours; `code` says why, and nothing of its content is repeated."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def fact_of(event_type: str) -> str:
    """`bread_sold` of `nl.overdrachten.bread_sold.v1`."""
    return event_type.split(".")[-2]


@dataclass(frozen=True, slots=True)
class Event:
    """One event: the envelope's attributes and the data as the bytes that were hashed."""

    id: str
    source: str
    type: str
    subject: str
    time: str
    sequence: int
    caseversion: int
    casehash: str
    causationid: str
    traceparent: str
    data: bytes

    @property
    def fact(self) -> str:
        """What happened."""
        return fact_of(self.type)


@lru_cache(maxsize=256)
def timestamp(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds: always the same text for the same moment."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def source_urn(oin: str, service: str) -> str:
    """The source attribute: the organisation's number and the service."""
    return f"urn:nld:oin:{oin}:systeem:overdracht-{service}"


def service_of(source: str) -> str:
    """`intake` of a source attribute; empty when it is none of ours."""
    return source.rpartition(":systeem:overdracht-")[2] if ":systeem:overdracht-" in source else ""


def hashed(event_id: str, source: str, kind: str, subject: str, time: str, version: int, cause: str) -> tuple[str, ...]:
    """The attributes a case hash covers, in their order."""
    return (event_id, source, kind, subject, time, str(version), cause)


def expected_hash(event: Event, previous: bytes) -> bytes:
    """What the event's case hash must be after `previous`."""
    attributes = hashed(
        event.id, event.source, event.type, event.subject, event.time, event.caseversion, event.causationid
    )
    return case_hash(previous, attributes, event.data)


@lru_cache(maxsize=256)
def schema_uri(kind: str) -> str:
    """The identity of the JSON Schema of a type's data."""
    return _SCHEMA + kind.removeprefix("nl.overdrachten.")


def headers(event: Event) -> list[tuple[str, bytes]]:
    """The Kafka headers of an event in binary mode."""
    subject = event.subject.encode()
    return [
        *_FIXED,
        ("ce_id", event.id.encode()),
        ("ce_source", event.source.encode()),
        ("ce_type", event.type.encode()),
        ("ce_subject", subject),
        ("ce_partitionkey", subject),
        ("ce_correlationid", subject),
        ("ce_time", event.time.encode()),
        ("ce_sequence", b"%020d" % event.sequence),
        ("ce_caseversion", b"%d" % event.caseversion),
        ("ce_casehash", event.casehash.encode()),
        ("ce_causationid", event.causationid.encode()),
        ("ce_dataschema", schema_uri(event.type).encode()),
        ("ce_traceparent", event.traceparent.encode()),
    ]


def structured(event: Event) -> bytes:
    """The event as structured JSON; the data stands in it byte for byte as it was hashed."""
    attributes: dict[str, object] = {
        name.removeprefix("ce_"): value.decode()
        for name, value in headers(event)
        if name not in ("content-type", "ce_caseversion")
    }
    attributes |= {"caseversion": event.caseversion, "datacontenttype": "application/json"}
    return orjson.dumps(attributes)[:-1] + b',"data":' + event.data + b"}"


def from_structured(body: dict[str, Any]) -> Event:
    """The event of a parsed structured JSON object. Raises Unusable."""
    try:
        return Event(
            id=str(body["id"]),
            source=str(body["source"]),
            type=str(body["type"]),
            subject=str(body["subject"]),
            time=str(body["time"]),
            sequence=int(body.get("sequence", 0)),
            caseversion=int(body["caseversion"]),
            casehash=str(body.get("casehash", "")),
            causationid=str(body.get("causationid", "")),
            traceparent=str(body.get("traceparent", "")),
            data=orjson.dumps(body.get("data")),
        )
    except KeyError as missing:
        raise Unusable(f"attribute_missing:{missing.args[0]}") from None
    except (TypeError, ValueError):
        raise Unusable("attribute_invalid") from None


def parse(value: bytes | None, record_headers: Headers) -> Event:
    """The event of a Kafka record in binary or structured mode. Raises Unusable."""
    found = dict(record_headers)
    kind = found.get("content-type", b"")
    if kind.startswith(b"application/cloudevents"):
        try:
            body = orjson.loads(value or b"")
        except orjson.JSONDecodeError:
            raise Unusable("not_json") from None
        if not isinstance(body, dict):
            raise Unusable("not_an_object")
        return from_structured(body)
    try:
        return Event(
            id=found["ce_id"].decode(),
            source=found["ce_source"].decode(),
            type=found["ce_type"].decode(),
            subject=found["ce_subject"].decode(),
            time=found["ce_time"].decode(),
            sequence=int(found.get("ce_sequence", b"0")),
            caseversion=int(found["ce_caseversion"]),
            casehash=found.get("ce_casehash", b"").decode(),
            causationid=found.get("ce_causationid", b"").decode(),
            traceparent=found.get("ce_traceparent", b"").decode(),
            data=value or b"",
        )
    except KeyError as missing:
        raise Unusable(f"attribute_missing:{missing.args[0]}") from None
    except ValueError:
        raise Unusable("attribute_invalid") from None
