"""The mapping: what is usual, what a municipality says otherwise, a file of one's own on top; all faults at once."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from services.insight.srg.fields import FIELDS
from services.insight.srg.plain import plain
from services.insight.srg.translating import Elements, Entry, JobEntry, Translation

FILE = Path(__file__).parent / "mapping.yaml"
SCHEMA: dict[str, Any] = json.loads((FILE.parent / "mapping.schema.json").read_text())
_OF_ALL = ("type", "description")
Json = dict[str, Any]


class MappingWrong(ValueError):  # noqa: N818 - an answer, not a fault
    """The mapping is not right; `faults` says every place and what is wrong there."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Translations:
    """What is usual, and what holds in municipalities that say otherwise."""

    usual: Translation
    by_municipality: Mapping[str, Translation]

    def of(self, municipality: str) -> Translation:
        """What holds in this municipality."""
        return self.by_municipality.get(municipality, self.usual)


def translations(file: str = "") -> Translations:
    """The mapping; with `file` what that says goes on top. Raises MappingWrong with all that is wrong."""
    paths = [FILE, *([Path(file)] if file else [])]
    faults: list[str] = []
    bodies = [_read(path, faults) for path in paths]
    if faults:
        raise MappingWrong(tuple(faults))
    merged: Json = {}
    for body in bodies:
        merged = _over(merged, body)
    sections = {"usual": merged["usual"]} | {
        code: _over(merged["usual"], own) for code, own in (merged.get("municipalities") or {}).items()
    }
    gaps = tuple(f"{paths[-1].name} {code}.{gap}" for code, section in sections.items() for gap in _gaps(section))
    if gaps:
        raise MappingWrong(gaps)
    found = {code: _translation(section) for code, section in sections.items()}
    return Translations(found.pop("usual"), found)


def _read(path: Path, faults: list[str]) -> Json:
    """The file's body; what is wrong with it goes into `faults`."""
    try:
        text = path.read_text(encoding="utf-8")
        twice = list(_twice(yaml.compose(text, Loader=yaml.CSafeLoader), ""))
        body = yaml.load(text, Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as trouble:
        faults.append(f"{path.name} cannot be read: {type(trouble).__name__}")
        return {}
    faults += [f"{path.name} {place}: is said twice" for place in twice]
    wrong = sorted(Draft202012Validator(SCHEMA).iter_errors(body), key=lambda one: one.json_path)
    faults += [f"{path.name} {one.json_path.removeprefix('$.')}: {one.message}" for one in wrong]
    return body if isinstance(body, dict) else {}


def _twice(node: yaml.Node | None, place: str) -> Iterator[str]:
    """The places of names that a mapping of the file says twice: the reader would keep the last one in silence."""
    if isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _twice(one, place)
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            here = f"{place}.{key.value}".lstrip(".")
            if key.value in seen:
                yield here
            seen.add(key.value)
            yield from _twice(value, here)


def _over(below: Json, above: Json) -> Json:
    """What is said above in the place of what is said below; lists as a whole, sections name by name."""
    made = dict(below)
    for name, value in above.items():
        before = made.get(name)
        made[name] = _over(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return made


def _gaps(section: Json) -> Iterator[str]:
    """What a section lacks, or says that cannot be, once everything is laid over each other."""
    for name, entry in section["trajectories"].items():
        yield from _lacking(f"trajectories.{name}", entry, (*_OF_ALL, "purpose"))
    for name, entry in section["goals"].items():
        yield from _lacking(f"goals.{name}", entry, ())
    for group in ("instruments", "jobs"):
        for name, entry in section[group].items():
            yield from () if entry is None else _lacking(f"{group}.{name}", entry, _OF_ALL)
    names = [section["elements"]["fields"].get(key) for key in FIELDS]
    names += [name for name in section["elements"]["groups"].values() if name]
    yield from (
        f"elements: {name} is the name of two" for name in sorted({one for one in names if names.count(one) > 1})
    )


def _lacking(place: str, entry: Json | None, asked: tuple[str, ...]) -> Iterator[str]:
    if entry is None:
        yield f"{place}: cannot be null"
        return
    yield from (f"{place}: says no {name}" for name in asked if entry.get(name) is None)


def _translation(section: Json) -> Translation:
    return Translation(
        **section["delivery"],
        elements=Elements(**section["elements"]),
        begins=section["begins"],
        trajectories={name: _entry(one) for name, one in section["trajectories"].items()},
        goals={name: _entry(one) for name, one in section["goals"].items()},
        instruments={name: one if one is None else _entry(one) for name, one in section["instruments"].items()},
        jobs={name: one if one is None else _job(one) for name, one in section["jobs"].items()},
        wage_value_for=_codes(section["wage_value_for"]),
        end_reason_for=_codes(section["end_reason_for"]),
        administrative=frozenset(section["administrative"]),
        provided_ends=frozenset(section["benefit_ends"]["provided"]),
        job_ends=frozenset(section["benefit_ends"]["jobs"]),
    )


def _entry(said: Json) -> Entry:
    codes = {name: str(said[name]) for name in ("type", "purpose", "ability") if name in said}
    description = {"description": plain(said["description"])} if "description" in said else {}
    return Entry(**codes, **description)


def _job(said: Json) -> JobEntry:
    contracts = said.get("contracts", {}).items()
    return JobEntry(_entry(said), {name: one if one is None else _entry(one) for name, one in contracts})


def _codes(said: list[int]) -> frozenset[str]:
    return frozenset(map(str, said))
