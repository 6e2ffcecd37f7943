"""Whether a schema may take the place of a released one: who reads the old must read the new, and the other way round.

Producers are closed, consumers tolerant: a field may be added when it is optional. All else breaks somebody: a field
that goes, or becomes required, or optional; a type, a pattern, a limit, a default that changes; a value that goes. A
value that comes breaks who lists all values; our own consumers do not, so it is allowed, and said: a notice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
_WORDS = frozenset({"$schema", "$defs", "title", "description", "x-title-en", "examples"})
"""Words for people: they bind nobody."""
_PLACES = frozenset({"properties", "required", "enum", "items", "anyOf", "oneOf", "allOf", "$ref"})
"""What is compared in its own way; of everything else any difference breaks, also of what is not known here."""


@dataclass(frozen=True)
class Change:
    """One difference that matters: where, what, and whether it breaks."""

    place: str
    what: str
    breaks: bool = True

    def __str__(self) -> str:
        return f"{self.place or 'the whole'}: {self.what}"


def changes(old: Json, new: Json) -> list[Change]:
    """What changed from the released schema to the current one, as far as it matters to somebody."""
    return list(_compare(_Pair(old, new), old, new, ""))


@dataclass(frozen=True)
class _Pair:
    """Both documents whole: where references lead."""

    old: Json
    new: Json


def _compare(whole: _Pair, old: Json, new: Json, place: str) -> Iterator[Change]:
    old, new = _resolved(whole.old, old), _resolved(whole.new, new)
    for name in sorted((old.keys() | new.keys()) - _WORDS - _PLACES):
        if old.get(name) != new.get(name):
            yield Change(place, f"{name} was {_shown(old, name)} and is {_shown(new, name)}")
    yield from _values(old, new, place)
    yield from _fields(whole, old, new, place)
    yield from _inner(whole, old, new, place)


def _resolved(document: Json, node: Json) -> Json:
    while "$ref" in node:
        found: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found | {name: value for name, value in node.items() if name != "$ref"}
    return node


def _shown(node: Json, name: str) -> str:
    return repr(node[name]) if name in node else "absent"


def _values(old: Json, new: Json, place: str) -> Iterator[Change]:
    """Values listed: one that goes breaks; one that comes is a notice."""
    if ("enum" in old) != ("enum" in new):
        yield Change(place, f"enum was {_shown(old, 'enum')} and is {_shown(new, 'enum')}")
        return
    before, after = old.get("enum", []), new.get("enum", [])
    for value in before:
        if value not in after:
            yield Change(place, f"the value {value!r} is gone")
    for value in after:
        if value not in before:
            yield Change(place, f"the value {value!r} is new: readers must bear what they do not know", breaks=False)


def _fields(whole: _Pair, old: Json, new: Json, place: str) -> Iterator[Change]:
    before, after = old.get("properties", {}), new.get("properties", {})
    must_before, must_after = set(old.get("required", ())), set(new.get("required", ()))
    for name in before:
        here = f"{place}.{name}" if place else name
        if name not in after:
            yield Change(here, "the field is gone")
            continue
        if (name in must_before) != (name in must_after):
            yield Change(here, "was required and is optional" if name in must_before else "is required now")
        yield from _compare(whole, before[name], after[name], here)
    for name in after.keys() - before.keys() & must_after:
        yield Change(f"{place}.{name}" if place else name, "is new and required")


def _inner(whole: _Pair, old: Json, new: Json, place: str) -> Iterator[Change]:
    """The parts of lists and of choices, each with the one in its place."""
    if ("items" in old) != ("items" in new):
        yield Change(place, "items were not described the same way")
    elif "items" in old:
        yield from _compare(whole, old["items"], new["items"], f"{place}[]")
    for name in ("anyOf", "oneOf", "allOf"):
        before, after = old.get(name, []), new.get(name, [])
        if len(before) != len(after):
            yield Change(place, f"{name} has another number of choices")
        for one, other in zip(before, after, strict=False):
            yield from _compare(whole, one, other, place)
