"""The attributes of exported events: per fact its codes, numbers, dates; never a text, never who said it."""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from services.insight.lake.columns import columns


class Attribute(NamedTuple):
    """An attribute: its name, its type in OCEL, and what of `told` (exported.sql) it is."""

    name: str
    type: str
    sql: str


_ALWAYS = (
    Attribute("speaker", "string", "side_of(actor_role)"),
    Attribute("role", "string", "code(actor_role)"),
    Attribute("hand_off", "boolean", "hand_off"),
    Attribute("late", "boolean", "late"),
    Attribute("implied", "boolean", "implied"),
    Attribute("imported", "boolean", "imported"),
    Attribute("recorded_at", "time", "moment(recorded_at)"),
    Attribute("warnings", "string", "codes(warnings)"),
    Attribute("unknown", "string", "codes(unknown)"),
)
"""What every event has. Who spoke is told by side and role: an event log is not for watching a professional."""
_TYPES = {
    "text": ("string", "code({})"),
    "boolean": ("boolean", "{}"),
    "integer": ("integer", "{}"),
    "number": ("float", "{}"),
    "date": ("string", "{}::VARCHAR"),
    "time": ("time", "moment({})"),
}
"""How a field is read -> type and SQL. A day is no moment, and OCEL has no type for it: it is a text, 2026-03-02."""
RELATED = frozenset({"from_organisation", "to_organisation", "organisation"})
"""Columns that are objects, not attributes."""
NESTED: dict[str, tuple[Attribute, ...]] = {
    "case_mix": (),
    "possible_duplicates": (),
    "terms": (),
    "citizen_reading": (Attribute("citizen_view", "string", "code(citizen_reading ->> 'view')"),),
    "corrected_reasons": (Attribute("corrected_reason", "string", "primary_reason(corrected_reasons)"),),
    "discussed_with": (Attribute("discussed_with", "string", "codes(discussed_with)"),),
    "documents": (Attribute("documents", "string", "codes(documents)"),),
    "employer_instruments": (Attribute("employer_instruments", "string", "codes(employer_instruments)"),),
    "factors": (
        Attribute("factors", "string", "codes(factors)"),
        Attribute("hindering", "string", "hindering(factors)"),
    ),
    "goals": (Attribute("goals", "integer", "json_array_length(goals)::INTEGER"),),
    "plan_adjusted_cause": (Attribute("cause", "string", "code(plan_adjusted_cause ->> 'kind')"),),
    "principles": (Attribute("principles", "string", "codes(principles)"),),
    "reasons": (
        Attribute("primary_reason", "string", "primary_reason(reasons)"),
        Attribute("reasons", "string", "reason_codes(reasons)"),
    ),
    "shared": (
        Attribute("decided_by", "string", "code(shared ->> 'decided_by')"),
        Attribute("citizen_view", "string", "code(shared ->> 'citizen_view')"),
    ),
    "tried": (Attribute("tried", "string", "codes(tried)"),),
}
"""Columns with JSON -> what is exported of them; the case mix is of the case. Several codes are joined by `;`."""


@cache
def attributes_of(fact: str) -> tuple[Attribute, ...]:
    """The attributes of events of a fact; of one that nobody here knows, what every event has."""
    own = [
        attribute
        for read in columns().facts.values()
        if read.fact == fact
        for how, column in (read.fields or {}).values()
        for attribute in _attributes(how, column)
    ]
    return tuple({attribute.name: attribute for attribute in (*_ALWAYS, *own)}.values())


def _attributes(how: str, column: str) -> Iterable[Attribute]:
    if how == "json":
        return NESTED.get(column, ())
    if how not in _TYPES or column in RELATED:
        return ()
    kind, sql = _TYPES[how]
    return (Attribute(column, kind, sql.format(f'"{column}"')),)


def coded() -> tuple[str, ...]:
    """The columns that are to hold codes."""
    fields = [field for read in columns().facts.values() for field in (read.fields or {}).values()]
    return tuple(sorted({column for how, column in fields if how == "text"} | {"actor_role"}))
