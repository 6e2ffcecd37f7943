"""The lake as an object-centric event log (OCEL 2.0, ocel-standard.org, 16 October 2023): what it says, in any format.

Ids are the lake's: event `referral-41` has sequence 41 in the service referral, `case-…` is a case's pseudonym.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from services.insight.exports.attributes import attributes_of
from services.insight.exports.reading import Connection, rows

Relation = tuple[str, str]
"""The id of an object, and what it is here."""
BEGINNING = "1970-01-01T00:00:00.000Z"
"""What OCEL says of a value that an object has from the start."""


class Type(NamedTuple):
    """A type of event or object, and its attributes: (name, type)."""

    name: str
    attributes: tuple[tuple[str, str], ...]


class Event(NamedTuple):
    """An event; its values in the order of its type's attributes."""

    id: str
    time: str
    values: tuple[Any, ...]
    relations: list[Relation]


class Object(NamedTuple):
    """An object: the values it began with, in the order of its type's attributes, and (name, time, value) since."""

    id: str
    values: tuple[Any, ...]
    changes: list[tuple[str, str, str]]
    relations: list[Relation]


_ABOUT = {
    "of_case": "dossier", "of_referral": "doorverwijzing", "of_diagnosis": "diagnose", "of_plan": "plan",
    "of_job": "werk", "of_speaker": "afzender", "of_hearer": "ontvanger", "of_provider": "aanbieder",
    "of_municipality": "gemeente",
}  # fmt: skip
"""Column of `told` -> what the object is to the event."""
_STRINGS = {
    "Case": (
        "municipality", "kind", "channel", "age_band", "education", "language_level", "household",
        "months_without_work_band", "region", "benefit", "direction", "state",
    ),
    "Referral": ("trajectory", "goal", "respond_by", "start_by", "turn", "ending"),
    "Diagnosis": ("instrument", "instrument_version", "state"),
    "Plan": ("next_check_on", "state"),
    "Job": ("contract", "employer_instruments", "state"),
    "Organisation": ("kind",),
}  # fmt: skip
_OTHERS = {
    "Referral": (("warm", "boolean"), ("number_in_case", "integer")),
    "Job": (("hours_per_week", "integer"), ("started_at", "time")),
}
OBJECTS = tuple(
    Type(name, (*((one, "string") for one in strings), *_OTHERS.get(name, ()))) for name, strings in _STRINGS.items()
)
"""The types of objects. Each is the view `object_…` of its name; what may change in it is always a string."""
_BELONGS = {
    "Case": {"to_municipality": "gemeente", "to_earlier": "eerder dossier"},
    "Referral": {
        "to_case": "dossier", "to_sender": "afzender", "to_receiver": "ontvanger",
        "to_previous": "vorige doorverwijzing",
    },
    "Diagnosis": {"to_case": "dossier"},
    "Plan": {"to_case": "dossier", "to_referral": "doorverwijzing"},
    "Job": {"to_case": "dossier"},
    "Organisation": {},
}  # fmt: skip
"""Type -> column of its view -> what that object is to it."""


def prepare(connection: Connection) -> None:
    """Finds the objects, once. No relation names one that is not among them."""
    connection.execute("CREATE TEMP TABLE found AS SELECT * FROM touched")


def event_types(connection: Connection) -> list[Type]:
    """The types that occur, in the order of their names."""
    found = rows(connection, "SELECT DISTINCT activity FROM told ORDER BY activity")
    return [Type(name, tuple((one.name, one.type) for one in attributes_of(name))) for (name,) in list(found)]


def object_types(connection: Connection) -> list[Type]:
    """The types that occur, in the order of OBJECTS."""
    found = {name for (name,) in rows(connection, "SELECT DISTINCT type FROM found")}
    return [one for one in OBJECTS if one.name in found]


def events(connection: Connection, kind: Type) -> Iterator[Event]:
    """The events of a type, in the order in which they happened."""
    wanted = [one.sql for one in attributes_of(kind.name)]
    query = f"""SELECT event, happened, {", ".join([*_ABOUT, *wanted])} FROM told
        WHERE activity = '{kind.name}' ORDER BY occurred_at, service, sequence"""  # noqa: S608 - a code, and our own
    first = 2 + len(_ABOUT)
    for row in rows(connection, query):
        yield Event(row[0], row[1], row[first:], _related(row[2:first], _ABOUT.values()))


def objects(connection: Connection, kind: Type) -> Iterator[Object]:
    """The objects of a type, in the order of their ids; what changed comes after what an object began with."""
    names, belongs = [name for name, _ in kind.attributes], _BELONGS[kind.name]
    links = [f"CASE WHEN {link} IN (SELECT id FROM found) THEN {link} END" for link in belongs]  # noqa: S608 - ours
    said = ", ".join(["id", "NULL AS name", "NULL AS time", "NULL AS value", *names, *links])
    left = ", ".join("NULL" for _ in (*names, *links))
    query = f"""
        SELECT {said} FROM object_{kind.name.lower()} WHERE id IN (SELECT id FROM found WHERE type = '{kind.name}')
        UNION ALL
        SELECT id, name, time, value{left and ", " + left} FROM object_changes('{kind.name}')
        WHERE id IN (SELECT id FROM found WHERE type = '{kind.name}')
        ORDER BY id, name NULLS FIRST, time"""  # noqa: S608 - our own names
    first = 4 + len(names)
    for name, some in groupby(rows(connection, query), lambda row: row[0]):
        whole, *changed = some
        relations = _related(whole[first:], belongs.values())
        yield Object(name, whole[4:first], [row[1:4] for row in changed], relations)


def _related(ids: tuple[str | None, ...], qualifiers: Any) -> list[Relation]:
    return [(one, qualifier) for one, qualifier in zip(ids, qualifiers, strict=True) if one is not None]
