"""The columns of the lake: what every event says, and each field of each fact under its own name.

One name, one type. Where facts give a name different types, it stays with the fact that is published first (services
and facts in their order); the others' is `<fact>_<field>`. What is a list or has parts is JSON text.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from schemas.making.data import Json
from shared.facts import Common

LEFT_OUT = {"case_key": "The case's public key: it seals texts, and tells an analyst nothing."}
"""Fields that the lake leaves out, and why."""
PEOPLE = frozenset({"requested_by", "coach"})
"""Fields besides actor.id that hold a professional's pseudonym: in the lake a number, as ids are."""
COMMON = {
    "service": "string", "partition": "int32", "epoch": "int32", "record_offset": "int64", "sequence": "int64",
    "fact": "string", "version": "int32", "case_id": "int64", "caseversion": "int32", "municipality": "string",
    "occurred_at": "timestamp", "recorded_at": "timestamp", "actor_role": "string", "actor_id": "int64",
    "hand_off": "bool", "late": "bool", "implied": "bool", "imported": "bool", "warnings": "string",
    "unknown": "string",
}  # fmt: skip
"""What every event has, and the type."""
REST = {"more": "string"}
"""What no column has a place for, as JSON."""
TEXTS = {"service": "string", "sequence": "int64", "field": "string", "sealed": "string"}
"""The columns of the sealed texts, which lie apart."""
TYPES = {
    "id": "int64", "text": "string", "json": "string", "integer": "int32", "number": "double", "boolean": "bool",
    "date": "date32", "time": "timestamp",
}  # fmt: skip
"""How a field is read -> the type of its column."""


@dataclass
class Column:
    """A column and who fills it: per fact the field's own schema, with its references followed."""

    name: str
    type: str
    how: str
    facts: dict[str, Json] = field(default_factory=dict)
    definitions: Json = field(default_factory=dict)


def own_fields(schema: Json) -> Iterator[tuple[str, Json]]:
    """The fields of a fact besides what every fact says."""
    for name, node in schema["properties"].items():
        if name not in Common.model_fields:
            yield name, resolved(node, schema.get("$defs", {}))


def resolved(node: Json, definitions: Json) -> Json:
    """The node with the definition it refers to; what it says itself goes first."""
    if "$ref" not in node:
        return node
    return resolved(definitions[node["$ref"].rsplit("/", 1)[1]], definitions) | {
        name: value for name, value in node.items() if name != "$ref"
    }


def how(name: str, node: Json) -> str:
    """How a field is read: an entry of TYPES, or `sealed` or `left_out`, which are no columns."""
    if name in LEFT_OUT:
        return "left_out"
    if node.get("x-sealed"):
        return "sealed"
    if name in PEOPLE or name.endswith("_id"):
        return "id"
    kind = node.get("type", "object")
    if kind == "string":
        return {"date": "date", "date-time": "time"}.get(node.get("format", ""), "text")
    return str(kind) if kind in TYPES else "json"


def columns(schemas: Iterable[Json]) -> tuple[list[Column], dict[str, Any]]:
    """The columns of the facts' own fields by name, and per fact type how each field is read and where it goes."""
    found: dict[str, Column] = {}
    facts: dict[str, Any] = {}
    for schema in schemas:
        label = schema["x-type"].split(".", 2)[2]
        fact, _, version = label.rpartition(".v")
        fields: dict[str, list[str]] = {}
        for name, node in own_fields(schema):
            read = how(name, node)
            fields[name] = [read] if read not in TYPES else [read, _placed(found, fact, name, read, node, schema).name]
        facts[label] = {
            "fact": fact,
            "version": int(version),
            "service": schema["x-service"],
            "hand_off": schema["x-hand-off"],
            "fields": fields,
        }
    return [found[name] for name in sorted(found)], facts


def _placed(found: dict[str, Column], fact: str, name: str, read: str, node: Json, schema: Json) -> Column:
    """The column of a fact's field: the one of that name, unless that has another type."""
    fits = name not in COMMON and name not in REST and (name not in found or _same(found[name].how, read))
    column = name if fits else f"{fact}_{name}"
    one = found.setdefault(column, Column(column, TYPES[read], read))
    one.facts.setdefault(fact, node)
    one.definitions |= schema.get("$defs", {})
    return one


def _same(one: str, other: str) -> bool:
    """Whether both can stand in one column: JSON is text, and yet no text."""
    return TYPES[one] == TYPES[other] and (one == "json") == (other == "json")
