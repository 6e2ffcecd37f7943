"""All generated files: what they should hold, what they do hold, and which are no longer made."""

from pathlib import Path

import orjson

from schemas.making import catalogue, channels, data, doors, envelope, example, reports
from schemas.sources import FOLDER, INSIGHT, SERVICES, everything_told, reported_to

_OWNED = ("events", "asyncapi", "openapi")
"""The folders that hold generated files only."""
_FIRST = (
    "$schema", "$id", "title", "description", "type", "format", "pattern", "enum", "const", "minimum", "maximum",
    "minLength", "maxLength", "items", "additionalProperties", "required", "properties", "$defs",
)  # fmt: skip


def made() -> dict[str, str]:
    """Path within this folder -> text."""
    found: dict[str, str] = {}
    for told in everything_told():
        schema = data.schema(told)
        found[f"events/{told.file}.json"] = text(in_order(schema))
        found[f"events/{told.file}.example.json"] = text(example.example(told, schema))
    for reported in (one for service in SERVICES for one in reported_to(service)):
        schema = reports.schema(reported)
        found[f"events/{reported.file}.json"] = text(in_order(schema))
        found[f"events/{reported.file}.example.json"] = text(reports.example(reported, schema))
    found["envelope.v1.json"] = text(envelope.schema())
    for service in SERVICES:
        found[f"asyncapi/{service}.json"] = text(channels.document(service))
        found[f"openapi/{service}.json"] = text(in_order(doors.document(service)))
    found[f"asyncapi/{INSIGHT}.json"] = text(channels.follower())
    found[f"openapi/{INSIGHT}.json"] = text(in_order(doors.document(INSIGHT)))
    found["catalogue.json"] = text(catalogue.document())
    return found


def text(value: object) -> str:
    """JSON for people and for diffs."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def in_order(node: object, named: bool = False) -> object:
    """Keywords in one order, whatever order a library's version has; what has names of its own keeps their order."""
    if isinstance(node, list):
        return [in_order(one) for one in node]
    if not isinstance(node, dict):
        return node
    names = list(node) if named else sorted(node, key=lambda name: (_place(name), name))
    return {name: in_order(node[name], name in ("properties", "paths") and not named) for name in names}


def _place(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)


def compare(files: dict[str, str], folder: Path = FOLDER) -> list[str]:
    """The names of the files that differ from what is made, are missing, or are no longer made."""
    stale = [name for name, wanted in files.items() if not _holds(folder / name, wanted)]
    return sorted(stale + [name for name in _present(folder) if name not in files])


def write(files: dict[str, str], folder: Path = FOLDER) -> list[str]:
    """Writes what differs, removes what is no longer made; the names of those."""
    stale = compare(files, folder)
    for name in stale:
        place = folder / name
        if name in files:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(files[name])
        else:
            place.unlink()
    return stale


def _holds(place: Path, wanted: str) -> bool:
    return place.is_file() and place.read_text() == wanted


def _present(folder: Path) -> list[str]:
    return [str(one.relative_to(folder)) for name in _OWNED for one in (folder / name).glob("*.json")]
