"""What intake's door for reports takes, from its own OpenAPI document: so that no list of fields is kept beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from jsonschema import Draft202012Validator

Json = dict[str, Any]
PATH = "/benefit-reports"
Written = Literal["date", "moment", "text"]
_FORMATS: Mapping[str, Written] = {"date": "date", "date-time": "moment"}


@dataclass(frozen=True)
class Field:
    """A field of a report. `written`: how its value is written in JSON."""

    name: str
    required: bool
    written: Written
    check: Draft202012Validator = field(repr=False)

    def takes(self, value: str) -> bool:
        """Whether the door may take this value."""
        return bool(self.check.is_valid(value))


@dataclass(frozen=True)
class Contract:
    """Per report its fields (those of a part by their path: `case_mix.age_band`), and a check of it as a whole."""

    fields: Mapping[str, Mapping[str, Field]]
    whole: Mapping[str, Draft202012Validator] = field(repr=False)


def contract_of(document: Json) -> Contract:
    """The contract that an OpenAPI document tells. Raises KeyError when it has no such door."""
    content = document["paths"][PATH]["post"]["requestBody"]["content"]
    [line] = [one["schema"] for one in content.values()]
    refs = {kind["properties"]["report"]["const"]: kind["properties"]["data"]["$ref"] for kind in line["oneOf"]}
    fields = {
        report: {one.name: one for one in _fields(document, _resolved(document, {"$ref": ref}))}
        for report, ref in refs.items()
    }
    around = {"components": document["components"]}
    return Contract(fields, {report: _validator({"$ref": ref} | around) for report, ref in refs.items()})


def _fields(document: Json, schema: Json, before: str = "") -> Iterator[Field]:
    required = set(schema.get("required", ())) if not before else set()
    for name, node in schema["properties"].items():
        found = _resolved(document, node)
        if "properties" in found:
            yield from _fields(document, found, f"{before}{name}.")
        else:
            written: Written = _FORMATS.get(found.get("format", ""), "text")
            yield Field(before + name, name in required, written, _validator(found))


def _resolved(document: Json, node: Json) -> Json:
    """What a node stands for; of what may be null, what it is when it is not."""
    while True:
        if "$ref" in node:
            found: Any = document
            for step in node["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            node = found
        elif "anyOf" in node:
            [node] = [one for one in node["anyOf"] if one != {"type": "null"}]
        else:
            return node


def _validator(schema: Json) -> Draft202012Validator:
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
