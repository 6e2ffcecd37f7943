"""Looks at one line before it is sent: is it a registered fact at all, and which phase and lane is it for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from zlib import crc32

import orjson

from overdracht.importing.plan import LANES, MADE_BY_THE_PRODUCT
from overdracht.importing.reading import TOO_LONG
from shared.personal import holds_person_number, shown_name

SENTENCES = {
    "line_too_long": ("Deze regel is langer dan 1 MB.", "This line is longer than 1 MB."),
    "line_cut_off": ("Het bestand breekt midden in deze regel af.", "The file breaks off in the middle of this line."),
    "not_utf8": ("Deze regel is geen geldige UTF-8.", "This line is not valid UTF-8."),
    "not_json": ("Deze regel is geen geldige JSON.", "This line is not valid JSON."),
    "not_an_object": ("Deze regel is geen JSON-object.", "This line is not a JSON object."),
    "key_double": ("Een veld staat twee keer in deze regel.", "A field occurs twice in this line."),
    "field_missing": ("Dit veld is verplicht.", "This field is required."),
    "field_invalid": ("De waarde van dit veld is niet geldig.", "The value of this field is not valid."),
    "fact_unknown": ("Dit feit bestaat niet.", "There is no such fact."),
    "fact_not_yours": (
        "Dit feit stelt het product zelf vast; het kan niet worden ingevoerd.",
        "The product states this fact itself; it cannot be put in.",
    ),
    "time_invalid": (
        "Het tijdstip moet een datum met tijd en tijdzone zijn (ISO 8601).",
        "The time must be a date with time and offset (ISO 8601).",
    ),
    "out_of_order": (
        "Deze regel ligt vóór een eerdere regel van hetzelfde dossier.",
        "This line lies before an earlier line of the same dossier.",
    ),
}
_SHAPE: tuple[tuple[str, type], ...] = (
    ("at", str),
    ("municipality", str),
    ("dossier", str),
    ("actor", dict),
    ("fact", str),
    ("data", dict),
)
_MASK = "*********"


@dataclass(frozen=True, slots=True)
class Reject:
    """Why a line is not accepted; enough to find and mend it, without repeating its content."""

    code: str
    field: str | None = None
    possible: tuple[str, ...] = ()
    dossier: str | None = None
    fact: str | None = None
    sentences: tuple[str, str] | None = None


def check(line: bytes, phase_of: Mapping[str, int]) -> int | Reject:
    """The route (phase times LANES plus lane) of a line, or why it is rejected."""
    if line == TOO_LONG:
        return Reject("line_too_long")
    try:
        said = orjson.loads(line)
    except orjson.JSONDecodeError:
        return Reject(_unreadable(line))
    if type(said) is not dict:
        return Reject("not_an_object")
    double = None if orjson.dumps(said) == line else _double_key(line)
    if double is not None:
        return about(said, "key_double", shown_name(double))
    for name, kind in _SHAPE:
        value = said.get(name)
        if (not value and kind is str) or type(value) is not kind:
            return about(said, "field_missing" if value is None else "field_invalid", name)
    phase = phase_of.get(said["fact"])
    if phase is None:
        return about(said, "fact_unknown", "fact", get_close_matches(said["fact"], phase_of, 3, 0.6))
    if phase == MADE_BY_THE_PRODUCT:
        return about(said, "fact_not_yours", "fact")
    return phase * LANES + lane_of(said["municipality"], said["dossier"])


def lane_of(municipality: str, dossier: str) -> int:
    """The lane of a dossier: one dossier never changes lanes, so its order holds."""
    return crc32(f"{municipality}\x1f{dossier}".encode()) % LANES


def of_line(line: bytes, answer: Mapping[str, Any]) -> Reject:
    """A service's own rejection of a line that passed here."""
    said = orjson.loads(line)
    return Reject(
        code=answer.get("code", "rejected"),
        field=answer.get("field"),
        possible=tuple(answer.get("possible") or ()),
        dossier=_dossier(said),
        fact=said["fact"],
        sentences=(answer.get("nl", ""), answer.get("en", "")),
    )


def about(said: Mapping[str, Any], code: str, field: str | None, possible: list[str] | None = None) -> Reject:
    """A rejection of a line that could be read."""
    return Reject(
        code, field, tuple(possible or ()), _dossier(said), shown_name(said.get("fact")) if "fact" in said else None
    )


def _dossier(said: Mapping[str, Any]) -> str | None:
    dossier = said.get("dossier")
    if not isinstance(dossier, str) or len(dossier) > 80:
        return None
    return _MASK if holds_person_number(dossier) else dossier


def _unreadable(line: bytes) -> str:
    try:
        line.decode()
    except UnicodeDecodeError:
        return "not_utf8"
    return "not_json"


def _double_key(line: bytes) -> str | None:
    """The first key that occurs twice in one object; a parser that keeps the last would hide the other's value."""
    found: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> None:
        names = [name for name, _ in items]
        if len(set(names)) < len(names):
            found.extend(name for name in names if names.count(name) > 1)

    try:
        json.loads(line, object_pairs_hook=pairs)
    except (RecursionError, ValueError):
        return None
    return found[0] if found else None
