"""A full example of each event: envelope and data as they are published, the same at every making."""

from base64 import b64encode
from dataclasses import replace
from datetime import datetime
from hashlib import shake_256
from typing import Any

import orjson

from schemas.making.data import Json
from schemas.making.story import STORY, WHO
from schemas.making.values import VALUES
from schemas.sources import Told, Unexplained
from shared.chain import START
from shared.envelope import Event, expected_hash, source_urn, structured
from shared.ids import from_number
from shared.sealing import PREFIX

OIN = "00000001823288444000"
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
_KEY = b"example"


def event(told: Told, schema: Json) -> Event:
    """The first event of a case in its service, with the hash that belongs to it."""
    data = _data(told, schema)
    sequence = list(STORY).index(told.fact.name) + 1
    bare = Event(
        id=_by_time(told.file, data["occurred_at"]),
        source=source_urn(OIN, told.service),
        type=told.fact.type,
        subject=data.get("case_id") or an_id("organisation"),
        time=data["occurred_at"].replace(":00+00:00", ":04.271828Z"),
        sequence=sequence,
        caseversion=1,
        casehash="",
        causationid=an_id(f"cause {told.file}"),
        traceparent=TRACE,
        data=orjson.dumps(data),
    )
    return replace(bare, casehash=expected_hash(bare, START).hex())


def example(told: Told, schema: Json) -> Json:
    """The event as structured JSON."""
    found: Json = orjson.loads(structured(event(told, schema)))
    return found


def an_id(name: str) -> str:
    """An id that is always the same for the same name."""
    return from_number(_KEY, name)


def _by_time(name: str, moment: str) -> str:
    """An id like those of events: a UUIDv7, which begins with the time."""
    time, rest = f"{int(datetime.fromisoformat(moment).timestamp() * 1000):012x}", an_id(name)
    return f"{time[:8]}-{time[8:]}-7{rest[15:]}"


def _data(told: Told, schema: Json) -> Json:
    name = told.fact.name
    if name not in STORY:
        raise Unexplained(f"{name} has no place in the examples' story: give it one in schemas/making/story.py")
    moment, role = STORY[name]
    marks = {"late", "implied", "imported", "warnings", "unknown"}
    own = {field: node for field, node in schema["properties"].items() if field not in marks}
    known = {"occurred_at": moment, "actor": {"role": role, "id": WHO[role]}}
    return {field: known.get(field) or _value(name, field, node, schema["$defs"]) for field, node in own.items()}


def _value(owner: str, field: str, node: Json, definitions: Json) -> Any:
    for key in (f"{owner}.{field}", field):
        if key in VALUES and not node.get("x-sealed"):
            return VALUES[key]
    if node.get("x-sealed"):
        return _sealed(f"{owner}.{field}")
    if "$ref" in node:
        return _part(node["$ref"].rsplit("/", 1)[1], definitions)
    if node.get("type") == "array":
        return [_value(owner, field, node["items"], definitions)]
    return _plain(owner, field, node)


def _part(name: str, definitions: Json) -> Json:
    return {field: _value(name, field, node, definitions) for field, node in definitions[name]["properties"].items()}


def _plain(owner: str, field: str, node: Json) -> Any:
    if "enum" in node:
        return node["enum"][0]
    if node.get("type") == "boolean":
        return True
    if field == "case_key":
        return b64encode(_bytes("case key", 32)).decode()
    if field == "id" or field.endswith("_id") or field == "possible_duplicates":
        return an_id("goal_id" if field == "id" else field)
    raise Unexplained(f"{owner}.{field} has no example value: give it one in schemas/making/values.py")


def _sealed(name: str) -> str:
    """What a sealed text looks like: a key of 32 bytes, the text, a tag of 16. Nobody can open this one."""
    return PREFIX + b64encode(_bytes(name, 32 + 52 + 16)).decode()


def _bytes(name: str, count: int) -> bytes:
    return shake_256(name.encode()).digest(count)
