"""Lines of history and bodies of commands to items: every refusal here names the field and the rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from shared import strictly
from shared.facts import Actor, Command, Municipality, Said, Speaker
from shared.http.problems import field_errors
from shared.ids import fingerprint, from_number
from shared.ledger.model import Item
from shared.personal import shown_name
from shared.sealing import MAX_TEXT

_REQUIRED = ("at", "municipality", "dossier", "actor", "fact", "data")
_MUNICIPALITY: TypeAdapter[str] = TypeAdapter(Municipality)
_MAX_NUMBER = 100


@dataclass(frozen=True)
class LineRefused(Exception):  # noqa: N818 - an answer, not a fault
    """A line that is no command of this service."""

    code: str
    field: str | None = None
    errors: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Language:
    """What a service needs to read lines: its commands by fact, and the keys that hold a source's own numbers."""

    commands: Mapping[str, type[Command]]
    numbers: frozenset[str]
    id_key: bytes

    def case_of(self, municipality: str, dossier: str) -> str:
        """The case of a source's dossier number."""
        return from_number(self.id_key, municipality, "dossier", dossier)


def read_line(language: Language, raw: bytes, now: datetime, imported: bool, trace: str, request: str | None) -> Item:
    """The item of a line in the dossier format. Raises LineRefused."""
    line = _parsed(raw)
    for name in _REQUIRED:
        if name not in line:
            raise LineRefused("field_missing", name)
    for name in line:
        if name not in _REQUIRED:
            raise LineRefused("field_unknown", shown_name(name))
    municipality, dossier = line["municipality"], line["dossier"]
    try:
        _MUNICIPALITY.validate_python(municipality, strict=True)
    except ValidationError:
        raise LineRefused("field_invalid", "municipality") from None
    if not isinstance(dossier, str) or not 0 < len(dossier) <= _MAX_NUMBER:
        raise LineRefused("field_invalid", "dossier")
    command = language.commands.get(line["fact"]) if isinstance(line["fact"], str) else None
    if command is None:
        raise LineRefused("fact_unknown", "fact")
    speaker = speaker_of(line["actor"])
    body = read_body(language, command, line["data"], municipality)
    said = Said(_moment(line["at"], "at"), now, _actor(speaker), municipality, imported, speaker.organisation)
    key = fingerprint(language.id_key, orjson.dumps(line, option=orjson.OPT_SORT_KEYS))
    case_id = _stream(language, body) or language.case_of(municipality, dossier)
    return Item("command", "line", key, case_id, command.fact, body, said, key, trace, request)


def read_body(language: Language, command: type[Command], data: Any, municipality: str) -> Command:
    """The command of a body; source numbers become ids. Raises LineRefused."""
    if not isinstance(data, dict):
        raise LineRefused("field_invalid", "data")
    try:
        return command.model_validate_json(orjson.dumps(_with_ids(language, data, municipality)), strict=True)
    except ValidationError as wrong:
        errors = field_errors(wrong, "data")
        raise LineRefused(errors[0]["code"], errors[0]["field"], tuple(errors)) from None
    except (TypeError, RecursionError):  # nested past reason
        raise LineRefused("field_invalid", "data") from None


def _stream(language: Language, body: Command) -> str | None:
    """The id of what a fact about no case is about: an organisation, say."""
    return from_number(language.id_key, body.stream, getattr(body, body.stream)) if body.stream else None


def _parsed(raw: bytes) -> dict[str, Any]:
    try:
        line = strictly.loads(raw)
    except orjson.JSONDecodeError:
        raise LineRefused("not_json") from None
    except strictly.GivenTwice as twice:
        raise LineRefused("field_twice", twice.field) from None
    if not isinstance(line, dict):
        raise LineRefused("not_an_object")
    return line


def _with_ids(language: Language, data: dict[str, Any], municipality: str) -> dict[str, Any]:
    """`order: "O-1"` becomes `order_id: <id>`, also in lists of objects."""
    found: dict[str, Any] = {}
    for name, value in data.items():
        if name in language.numbers:
            if not isinstance(value, str) or not 0 < len(value) <= _MAX_NUMBER:
                raise LineRefused("field_invalid", f"data.{name}")
            kind = name.removeprefix("previous_")
            found[f"{name}_id"] = from_number(language.id_key, municipality, kind, value)
        elif isinstance(value, dict):
            found[name] = _with_ids(language, value, municipality)
        elif isinstance(value, list):
            found[name] = [_with_ids(language, x, municipality) if isinstance(x, dict) else x for x in value]
        elif isinstance(value, str) and len(value) > MAX_TEXT:
            raise LineRefused("text_too_long", f"data.{shown_name(name)}")
        else:
            found[name] = value
    return found


def speaker_of(value: Any) -> Speaker:
    """Who speaks. Raises LineRefused."""
    try:
        if isinstance(value, dict) and all(isinstance(one, str) for one in value.values()):
            return _known_speaker(tuple(sorted(value.items())))
        return Speaker.model_validate(value)
    except ValidationError as wrong:
        errors = field_errors(wrong, "actor")
        raise LineRefused(errors[0]["code"], errors[0]["field"], tuple(errors)) from None


@lru_cache(maxsize=4_096)
def _known_speaker(fields: tuple[tuple[str, str], ...]) -> Speaker:
    """The same people speak in line after line."""
    return Speaker.model_validate(dict(fields))


@lru_cache(maxsize=4_096)
def _actor(speaker: Speaker) -> Actor:
    return Actor.model_construct(role=speaker.role, id=speaker.id)


def _moment(value: Any, field: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise LineRefused("time_invalid", field) from None
    if moment.tzinfo is None or not 1900 < moment.year < 2200:
        raise LineRefused("time_invalid", field)
    return moment.astimezone(UTC)


def read_command(
    language: Language,
    command: type[Command],
    case_id: str,
    body: Any,
    speaker: Speaker,
    now: datetime,
    trace: str,
    key: str,
) -> Item:
    """The item of a single command's body {occurred_at?, municipality?, data}, from a speaker. Raises LineRefused."""
    municipality = body.get("municipality") or speaker.municipality or ""
    if municipality:
        try:
            _MUNICIPALITY.validate_python(municipality, strict=True)
        except ValidationError:
            raise LineRefused("field_invalid", "municipality") from None
    at = _moment(body["occurred_at"], "occurred_at") if body.get("occurred_at") is not None else now
    parsed = read_body(language, command, body.get("data", {}), municipality)
    case_id = _stream(language, parsed) or case_id
    said = Said(at, now, _actor(speaker), municipality, organisation=speaker.organisation)
    whole = [case_id, command.name, body, speaker.model_dump()]
    digest = fingerprint(language.id_key, orjson.dumps(whole, option=orjson.OPT_SORT_KEYS))
    return Item("command", "door", key, case_id, command.fact, parsed, said, key, trace, digest=digest)


def check_fields(body: Any) -> None:
    """The body of a single command has no other fields than these. Raises LineRefused."""
    if not isinstance(body, dict):
        raise LineRefused("not_an_object")
    for name in body:
        if name not in ("actor", "occurred_at", "municipality", "data"):
            raise LineRefused("field_unknown", shown_name(name))
