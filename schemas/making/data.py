"""The JSON Schema of each fact's data: what every fact says and the fact's own fields, closed, as it is on the log."""

from typing import Any

from schemas.sources import Told, meaning
from shared.facts import Common
from shared.sealing import PREFIX

Json = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
SEALED = (
    "Sealed to the case's own key: `hpke1.` and base64. Only the vault opens it; unreadable for good once that key "
    "is destroyed."
)
_OF_A_CASE = ("case_id", "municipality")


def schema(told: Told) -> Json:
    """The schema of one fact."""
    common, own = on_the_log(Common.model_json_schema()), on_the_log(told.fact.model_json_schema())
    around = _around(common, told.fact.about_a_case)
    definitions = common.get("$defs", {}) | own.get("$defs", {})
    return {
        "$schema": DIALECT,
        "$id": told.uri,
        "title": told.nl,
        "description": meaning(told.fact),
        "type": "object",
        "additionalProperties": False,
        "required": around["required"] + own.get("required", []),
        "properties": around["properties"] | own.get("properties", {}),
        "$defs": dict(sorted(definitions.items())),
        "x-title-en": told.en,
        "x-type": told.fact.type,
        "x-service": told.service,
        "x-hand-off": told.fact.hand_off,
    }


def _around(common: Json, about_a_case: bool) -> Json:
    """What every fact says; a fact about no case says nothing of a case."""
    properties = dict(common["properties"])
    properties["case_id"] = {"type": "string", "format": "uuid", "description": "The case."}
    if about_a_case:
        return {"required": [*_OF_A_CASE, *common["required"]], "properties": properties}
    for name in _OF_A_CASE:
        del properties[name]
    return {"required": common["required"], "properties": properties}


def on_the_log(node: Any) -> Any:
    """A model's schema as its data are published: what is not known is absent, never null; texts are sealed."""
    if isinstance(node, list):
        return [on_the_log(one) for one in node]
    if not isinstance(node, dict):
        return node
    node = _never_null(node)
    found = {name: on_the_log(value) for name, value in node.items() if name not in ("title", "properties")}
    if "properties" in node:
        found["properties"] = {name: on_the_log(value) for name, value in node["properties"].items()}
    return _sealed(found) if found.get("x-sealed") else found


def _never_null(node: Json) -> Json:
    choices = [one for one in node.get("anyOf", ()) if one != {"type": "null"}]
    if len(choices) == len(node.get("anyOf", ())):
        return node
    around = {name: value for name, value in node.items() if name not in ("anyOf", "default")}
    return (choices[0] if len(choices) == 1 else {"anyOf": choices}) | around


def _sealed(node: Json) -> Json:
    """The rules of a text hold for what is written; on the log it stands sealed."""
    said = node.get("description")
    return {
        "type": "string",
        "pattern": "^" + PREFIX.replace(".", r"\.") + "[A-Za-z0-9+/]+={0,2}$",
        "maxLength": node["maxLength"],
        "description": f"{said} {SEALED}" if said else SEALED,
        "x-sealed": True,
    }
