"""Every answer that is no refusal says what it holds, down to the last field: nobody has to try out what comes back."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import orjson
import pytest

from schemas.sources import FOLDER, INSIGHT, SERVICES
from tests.contract.design_rules import Json, operations, resolved

FACT = "the fields of a fact stand in the schema of that fact, one for each type: schemas/events"
OPEN = {
    "get /events application/cloudevents-batch+json [].data": FACT,
    "get /cases/{case_id} application/json .timeline[].data": FACT,
}
"""Places that are open, and why."""
_SAYS_NOTHING = {"title", "description", "default", "examples"}


def document(service: str) -> Json:
    found: Json = orjson.loads((FOLDER / "openapi" / f"{service}.json").read_bytes())
    return found


def open_places(document: Json) -> Iterator[str]:
    """Where an answer could hold anything: no body, no schema, any object, any list."""
    for place, operation in operations(document):
        for status, answer in operation["responses"].items():
            if not status.startswith("2"):
                continue
            content = resolved(document, answer).get("content")
            if not content and status != "204":
                yield f"{place} {status} has no body"
            for kind, said in (content or {}).items():
                yield from _open(document, said.get("schema", {}), f"{place} {kind} ", ())


def _open(document: Json, schema: Any, place: str, within: tuple[str, ...]) -> Iterator[str]:
    """The open places of a schema. `within`: what it stands in, for what holds itself."""
    name = schema.get("$ref") if isinstance(schema, dict) else None
    if name in within:
        return
    if name is not None:
        within = (*within, name)
        schema = resolved(document, schema)
    if not isinstance(schema, dict) or not schema.keys() - _SAYS_NOTHING:
        yield place
        return
    for way in ("anyOf", "oneOf", "allOf"):
        for one in schema.get(way, ()):
            yield from _open(document, one, place, within)
    if schema.get("type") == "object":
        yield from _open_object(document, schema, place, within)
    if schema.get("type") == "array":
        yield from _open_list(document, schema, place, within)


def _open_object(document: Json, schema: Json, place: str, within: tuple[str, ...]) -> Iterator[str]:
    others = schema.get("additionalProperties", True)
    if others is True:
        yield place
    elif others is not False:
        yield from _open(document, others, f"{place}.*", within)
    for name, one in schema.get("properties", {}).items():
        yield from _open(document, one, f"{place}.{name}", within)


def _open_list(document: Json, schema: Json, place: str, within: tuple[str, ...]) -> Iterator[str]:
    """A list of so many things says of each what it is; any other says it of all."""
    each = schema.get("prefixItems", ())
    for number, one in enumerate(each):
        yield from _open(document, one, f"{place}[{number}]", within)
    if not each or schema.get("maxItems") != len(each):
        yield from _open(document, schema.get("items", {}), f"{place}[]", within)


@pytest.mark.parametrize("service", [*SERVICES, INSIGHT])
def test_every_answer_is_described_to_its_last_field(service: str) -> None:
    assert sorted(set(open_places(document(service))) - set(OPEN)) == []


def test_what_is_open_for_a_reason_is_still_there() -> None:
    assert {place for service in SERVICES for place in open_places(document(service))} == set(OPEN)


GOOD: Json = {
    "paths": {"/breads": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {
        "$ref": "#/components/schemas/Breads"}}}}, "404": {}}}}},
    "components": {"schemas": {
        "Breads": {"type": "object", "additionalProperties": False, "properties": {
            "items": {"type": "array", "items": {"$ref": "#/components/schemas/Bread"}},
            "sizes": {"type": "array", "prefixItems": [{"type": "integer"}], "maxItems": 1},
        }},
        "Bread": {"type": "object", "additionalProperties": {"anyOf": [{"type": "null"}, {"type": "number"}]},
                  "properties": {"inside": {"$ref": "#/components/schemas/Bread"}}},
    }},
}  # fmt: skip
CONTENT = ("paths", "/breads", "get", "responses", "200", "content")
BREADS = ("components", "schemas", "Breads", "properties")
BREAD = ("components", "schemas", "Bread")


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        (CONTENT, {}, "get /breads 200 has no body"),
        ((*CONTENT, "application/json"), {}, "get /breads application/json "),
        ((*CONTENT, "application/json", "schema"), {"title": "Breads"}, "get /breads application/json "),
        ((*BREADS, "items"), {"type": "array"}, "get /breads application/json .items[]"),
        ((*BREADS, "sizes", "maxItems"), 2, "get /breads application/json .sizes[]"),
        ((*BREADS, "sizes", "prefixItems"), [{}], "get /breads application/json .sizes[0]"),
        ((*BREAD, "additionalProperties"), True, "get /breads application/json .items[]"),
        ((*BREAD, "additionalProperties"), {"anyOf": [{}]}, "get /breads application/json .items[].*"),
        ((*BREAD, "properties", "inside"), {}, "get /breads application/json .items[].inside"),
    ],
)
def test_an_open_place_is_found_wherever_it_is(path: tuple[str, ...], value: Any, found: str) -> None:
    spoilt = deepcopy(GOOD)
    node = spoilt
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    assert list(open_places(GOOD)) == []
    assert found in open_places(spoilt)
