"""What systems outside report as events: the JSON Schema of their data, a full example, and how they come on Kafka.

These are not facts of ours. Their envelope is the bare CloudEvents one, their data may say who people are, and so they
stand on a topic of their own that only one service reads.
"""

from typing import Any

from schemas.making.data import DIALECT, Json, on_the_log
from schemas.making.records import BINDING
from schemas.making.values import REPORTED
from schemas.sources import Reported, Unexplained, meaning
from shared.outside import NAMES

SYSTEM = "urn:nld:oin:00000001001299757000:systeem:uitkeringen"
_EXPLAINED: dict[str, Json] = {
    "specversion": {"const": "1.0", "description": "The version of CloudEvents."},
    "id": {
        "type": "string",
        "minLength": 1,
        "description": "The sender's own. What counts once is the number in data.",
    },
    "source": {
        "type": "string",
        "pattern": r"^urn:nld:[A-Za-z0-9:._-]+$",
        "description": "The system that reports; it is believed when OUTSIDE_SOURCES names it or its organisation.",
    },
    "type": {"type": "string", "description": "What is reported, and the version."},
    "time": {"type": "string", "format": "date-time", "description": "When the sender recorded it."},
    "traceparent": {"type": "string", "description": "W3C trace context; it goes on into what follows."},
}
_MORE = ("time", "traceparent")
"""Attributes that are read or of use, and not asked."""


def schema(told: Reported) -> Json:
    """The schema of a report's data. What is not known is absent, never null."""
    made = on_the_log(told.model.model_json_schema())
    for name in ("bsn", "person"):
        if name in made["properties"]:
            made["properties"][name]["x-personal"] = True
    return {
        "$schema": DIALECT,
        "$id": told.uri,
        "title": told.nl,
        "description": meaning(told.model),
        "type": "object",
        "additionalProperties": False,
        "required": made["required"],
        "properties": made["properties"],
        "$defs": dict(sorted(made.get("$defs", {}).items())),
        "x-title-en": told.en,
        "x-type": told.type,
        "x-heard-by": told.service,
    }


def example(told: Reported, made: Json) -> Json:
    """A whole event in structured mode."""
    return {
        "specversion": "1.0",
        "id": f"{told.model.word}-2026-000417",
        "source": SYSTEM,
        "type": told.type,
        "time": "2026-04-07T12:31:07Z",
        "datacontenttype": "application/json",
        "dataschema": told.uri,
        "data": _data(told.model.name, made["properties"], made["$defs"]),
    }


def _data(owner: str, properties: Json, definitions: Json) -> Json:
    return {name: _value(owner, name, node, definitions) for name, node in properties.items()}


def _value(owner: str, name: str, node: Json, definitions: Json) -> Any:
    if "$ref" in node:
        return _data(owner, definitions[node["$ref"].rsplit("/", 1)[1]]["properties"], definitions)
    for key in (f"{owner}.{name}", name):
        if key in REPORTED:
            return REPORTED[key]
    raise Unexplained(f"{owner}.{name} has no example value: give it one in schemas/making/values.py")


def headers() -> Json:
    """The headers of such a record in binary mode."""
    names = [*NAMES, *_MORE]
    if unknown := set(names) - set(_EXPLAINED):
        raise Unexplained(f"{', '.join(sorted(unknown))}: explain the attribute in schemas/making/reports.py")
    properties: Json = {f"ce_{name}": _EXPLAINED[name] for name in names}
    properties["content-type"] = {
        "type": "string",
        "description": "application/json; with application/cloudevents+json all stands in the value (structured).",
    }
    return {"type": "object", "required": [f"ce_{name}" for name in NAMES], "properties": properties}


def message(told: Reported) -> Json:
    """The message of one kind of report."""
    key: Json = {"type": "string", "description": "Any; never a number of a person. The order does not matter."}
    return {
        "name": told.type,
        "title": told.nl,
        "summary": meaning(told.model),
        "contentType": "application/json",
        "headers": {"$ref": "#/components/schemas/outside-headers"},
        "payload": {"$ref": f"../events/{told.file}.json"},
        "bindings": {"kafka": {"key": key, "bindingVersion": BINDING}},
        "x-example": f"../events/{told.file}.example.json",
    }
