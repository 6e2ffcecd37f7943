"""What is wrong with a mapping: against its own schema, and against what the door takes; every error at once."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from overdracht.benefits.contract import Contract, Field
from overdracht.benefits.marked import Marked, Place, Wrong

_SCHEMA = Draft202012Validator(json.loads((Path(__file__).parent / "mapping.schema.json").read_bytes()))
Json = dict[str, Any]


def against_schema(found: Marked) -> Iterator[Wrong]:
    """Every rule of a mapping's form that is broken, at the deepest place that can be told."""
    for error in _SCHEMA.iter_errors(found.content):
        for inner in _deepest(error):
            yield from _told(found, inner)


def _deepest(error: ValidationError) -> Iterator[ValidationError]:
    """Of a choice between forms, what is wrong with the form that was meant: text, constant or column."""
    told: Any = error.instance
    if error.validator != "oneOf" or not isinstance(told, str | dict):
        yield error
        return
    meant = 0 if isinstance(told, str) else 1 if "constant" in told else 2
    for inner in error.context or ():
        if inner.schema_path[0] == meant:
            yield from _deepest(inner)


def _told(found: Marked, error: ValidationError) -> Iterator[Wrong]:
    place = tuple(str(part) for part in error.absolute_path)
    told: Any = error.instance
    value: Any = error.validator_value
    schema: Any = error.schema
    match error.validator:
        case "additionalProperties":
            for name in told.keys() - schema.get("properties", {}).keys():
                yield found.wrong((*place, name), "Dit hoort hier niet.", "this does not belong here")
        case "required":
            missing = ", ".join(name for name in value if name not in told)
            yield found.wrong(place, f"Hier ontbreekt: {missing}.", f"missing here: {missing}")
        case "enum" | "const":
            allowed = ", ".join(value) if isinstance(value, list) else str(value)
            yield found.wrong(place, f"Mogelijk is: {allowed}.", f"possible: {allowed}")
        case "not":
            yield found.wrong(place, "Kies values of bands, niet beide.", "choose values or bands, not both")
        case rule:
            yield found.wrong(place, f"Dit heeft niet de juiste vorm ({rule}).", f"the form is not right ({rule})")


def against_contract(found: Marked, contract: Contract) -> Iterator[Wrong]:
    """What the door would not take, whatever a row holds. What has not the right form is let be here."""
    content, reports = _part(found.content), _part(_part(found.content).get("reports"))
    for report, told in reports.items():
        if report in contract.fields:
            yield from _fields(found, report, _part(told), contract.fields[report])
    if "report" not in content and len(reports) > 1:
        yield found.wrong(
            ("reports",), "Zeg met report welke kolom de soort noemt.", "say with report which column names the kind"
        )
    for code, report in _part(_part(content.get("report")).get("values")).items():
        if report in contract.fields and report not in reports:
            place = ("report", "values", code)
            yield found.wrong(place, f"Hoe {report} te lezen is, staat er niet.", f"how to read {report} is not said")


def _part(node: Any) -> Json:
    return node if isinstance(node, dict) else {}


def _fields(found: Marked, report: str, told: Json, fields: Mapping[str, Field]) -> Iterator[Wrong]:
    for name, source in told.items():
        place = ("reports", report, name)
        if name not in fields or name == "municipality":
            yield found.wrong(place, "Dit veld bestaat niet in deze melding.", "this report has no such field")
        else:
            yield from _values(found, place, _part(source), fields[name])
    for name, one in fields.items():
        if one.required and name not in told:
            yield found.wrong(("reports", report), f"Het veld {name} is verplicht.", f"the field {name} is required")


def _values(found: Marked, place: Place, source: Json, one: Field) -> Iterator[Wrong]:
    """Every value that the mapping itself gives must be one that the field can have."""
    ours: dict[Place, Any] = {(name,): source[name] for name in ("constant", "default") if name in source}
    ours |= {("values", code): value for code, value in _part(source.get("values")).items()}
    ours |= {("bands", band): band for band in _part(source.get("bands"))}
    for inside, value in ours.items():
        if isinstance(value, str) and not one.takes(value):
            yield found.wrong((*place, *inside), f"Dit kan niet in {one.name}.", f"{one.name} does not take this")
    if "date" in source and one.written == "text":
        yield found.wrong((*place, "date"), f"{one.name} is geen datum.", f"{one.name} is no date")
