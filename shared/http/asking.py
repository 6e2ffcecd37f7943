"""What the doors may be told, as JSON Schema: commands and lines, from the same models that read them."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from shared.facts import Command, Municipality, Speaker
from shared.sealing import MAX_TEXT

Json = dict[str, Any]
PLACE = "#/components/schemas/"
_NUMBER: Json = {"type": "string", "minLength": 1, "maxLength": 100}
_MOMENT: Json = {"type": "string", "format": "date-time", "description": "With an offset; when it happened."}


class Given(BaseModel):
    """What is said around a command's own fields."""

    actor: Speaker
    municipality: Municipality | None = None


def schemas(
    commands: Mapping[str, type[Command]], numbers: Iterable[str], bodies: Iterable[type[BaseModel]] = ()
) -> dict[str, Json]:
    """Every command's fields, the body of its door, the line of history, and other bodies that are read: by name."""
    models: list[type[BaseModel]] = [*commands.values(), Given, *bodies]
    _, made = models_json_schema([(one, "validation") for one in models], ref_template=PLACE + "{model}")
    found = {name: _numbered(_told(schema), frozenset(numbers)) for name, schema in made["$defs"].items()}
    around = found.pop("Given")["properties"]
    asked = {body_of(command): _body(command, around) for command in commands.values()}
    return found | asked | {"Line": _line(commands, around)}


def body_of(command: type[Command]) -> str:
    """The name of the schema of a command's body."""
    return f"{command.__name__}Body"


def _body(command: type[Command], around: Json) -> Json:
    data: Json = {"$ref": PLACE + command.__name__}
    if command.asked:
        said = {name: {"not": {"type": "null"}} for name in command.asked}
        data = {"allOf": [data, {"required": list(command.asked), "properties": said}]}
    optional = not command.asked and not any(field.is_required() for field in command.model_fields.values())
    return {
        "type": "object",
        "description": str(command.__doc__),
        "additionalProperties": False,
        "required": [] if optional else ["data"],
        "properties": {**around, "occurred_at": {"anyOf": [_MOMENT, {"type": "null"}]}, "data": data},
    }


def _line(commands: Mapping[str, type[Command]], around: Json) -> Json:
    """A line says everything itself; history may leave out what a command of today must say."""
    said: Json = {
        "at": _MOMENT,
        "municipality": {"type": "string", "pattern": r"^GM\d{4}$"},
        "dossier": _NUMBER | {"description": "The source's own number."},
        "actor": around["actor"],
        "fact": {"enum": list(commands)},
        "data": {"type": "object"},
    }
    pairs = [
        {"properties": {"fact": {"const": fact}, "data": {"$ref": PLACE + command.__name__}}}
        for fact, command in commands.items()
    ]
    return {
        "type": "object",
        "description": "One registered fact.",
        "additionalProperties": False,
        "required": list(said),
        "properties": said,
        "oneOf": pairs,
    }


def _numbered(node: Any, numbers: frozenset[str]) -> Any:
    """Where an id may be given, the source's own number may be given instead: `order` for `order_id`."""
    if isinstance(node, list):
        return [_numbered(one, numbers) for one in node]
    if not isinstance(node, dict):
        return node
    found = {name: _numbered(value, numbers) for name, value in node.items()}
    either = [name for name in sorted(numbers) if f"{name}_id" in node.get("properties", {})]
    for name in either:
        instead = _NUMBER | {"description": f"The source's own number, instead of `{name}_id`."}
        found["properties"] = found["properties"] | {name: instead}
    required = [name for name in either if f"{name}_id" in node.get("required", ())]
    if required:
        found["required"] = [name for name in node["required"] if name.removesuffix("_id") not in required]
        found["allOf"] = [{"oneOf": [{"required": [f"{name}_id"]}, {"required": [name]}]} for name in required]
    return found


def _told(node: Any) -> Any:
    """As it may be said: without titles that only repeat a field's name, with the limits that hold at the door."""
    if isinstance(node, list):
        return [_told(one) for one in node]
    if not isinstance(node, dict):
        return node
    found = {name: _told(value) for name, value in node.items() if name not in ("title", "properties")}
    if "properties" in node:
        found["properties"] = {name: _told(value) for name, value in node["properties"].items()}
    if found.get("x-sealed"):
        found |= {"maxLength": MAX_TEXT, "description": "Plain here; sealed before it is kept."}
    if found.get("type") == "object" and "maxLength" in found:
        found["maxProperties"] = found.pop("maxLength")
    return found
