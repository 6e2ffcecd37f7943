"""The JSON Schema of the envelope, and of its Kafka headers: as many attributes as the code sends, each explained."""

from typing import Any

from schemas.making.data import DIALECT, Json
from schemas.sources import Unexplained
from shared.envelope import Event, headers, schema_uri

URI = schema_uri("envelope.v1")
_UUID = {"type": "string", "format": "uuid"}
_HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
ATTRIBUTES: dict[str, Json] = {
    "specversion": {"const": "1.0", "description": "The version of CloudEvents."},
    "id": _UUID | {"description": "UUIDv7. Who has seen (source, id) has seen the event: take it once."},
    "source": {
        "type": "string",
        "pattern": r"^urn:nld:oin:\d{20}:systeem:overdracht-[a-z]+$",
        "description": "The municipality's OIN and the service that states it.",
    },
    "type": {
        "type": "string",
        "pattern": r"^nl\.overdrachten\.[a-z][a-z0-9_]*\.v[1-9]\d*$",
        "description": "The fact and its version. The catalogue has them all.",
    },
    "subject": _UUID | {"description": "The case; of a fact about no case, what it is about. Also the Kafka key."},
    "partitionkey": _UUID | {"description": "The same as subject: the order of a case holds."},
    "correlationid": _UUID | {"description": "The same as subject: what belongs to one journey, over all services."},
    "time": {
        "type": "string",
        "format": "date-time",
        "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$",
        "description": "When it was recorded, in UTC. When it happened is data.occurred_at.",
    },
    "sequence": {
        "type": "string",
        "pattern": r"^\d{20}$",
        "description": "The place in this source's log: growing, as text too. Gaps are possible.",
    },
    "caseversion": {
        "type": "integer",
        "minimum": 1,
        "maximum": 2_147_483_647,
        "description": "The place within the case in this service: 1, 2, 3 … without a gap.",
    },
    "casehash": _HASH | {"description": "The hash of the case's chain up to and including this event."},
    "causationid": _UUID | {"description": "The event or the command that caused it."},
    "dataschema": {
        "type": "string",
        "pattern": rf"^{schema_uri('')}[a-z][a-z0-9_]*\.v[1-9]\d*$",
        "description": "The $id of the JSON Schema of data.",
    },
    "traceparent": {
        "type": "string",
        "pattern": r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
        "description": "W3C trace context of who started it.",
    },
    "dataclassification": {"const": "confidential", "description": "How data is to be handled."},
    "dataregulation": {"const": "GDPR", "description": "The regulation that data falls under."},
    "datacontenttype": {"const": "application/json", "description": "Data is JSON."},
}


def schema() -> Json:
    """The event in structured mode. Unknown attributes are let be: who passes an event on may add them."""
    return {
        "$schema": DIALECT,
        "$id": URI,
        "title": "Envelop",
        "description": "CloudEvents 1.0 in the Dutch government's profile; in binary mode each attribute is a header.",
        "type": "object",
        "required": [*_sent(), "datacontenttype", "data"],
        "properties": {
            **{name: ATTRIBUTES[name] for name in (*_sent(), "datacontenttype")},
            "data": {"type": "object", "description": "The fact, by the schema that dataschema names."},
        },
        "propertyNames": {"pattern": "^[a-z0-9]{1,20}$"},
    }


def header_schema() -> Json:
    """The headers of a record in binary mode: the same attributes, all of them text."""
    properties = {f"ce_{name}": _as_text(ATTRIBUTES[name]) for name in _sent()}
    properties["content-type"] = ATTRIBUTES["datacontenttype"]
    return {"type": "object", "required": list(properties), "properties": properties}


def _as_text(attribute: Json) -> Json:
    if attribute.get("type") != "integer":
        return attribute
    return {"type": "string", "pattern": r"^[1-9]\d*$", "description": attribute["description"]}


def _sent() -> list[str]:
    """The attributes that the code puts into the headers, in a fixed order."""
    fields: dict[str, Any] = dict.fromkeys(Event.__slots__, "") | {"sequence": 0, "caseversion": 1, "data": b""}
    names = {name.removeprefix("ce_") for name, _ in headers(Event(**fields)) if name != "content-type"}
    if unknown := names - set(ATTRIBUTES):
        raise Unexplained(f"{', '.join(sorted(unknown))}: explain the attribute in schemas/making/envelope.py")
    return [name for name in ATTRIBUTES if name in names]
