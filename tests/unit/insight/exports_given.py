"""Exports read back: as a strict reader of the standard does, and as PM4Py does."""

import os
import sqlite3
import warnings
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import orjson
from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.insight.exports.exporting import export
from services.insight.lake.names import Place
from shared.envelope import Event
from shared.ids import from_number
from tests.builders import ID_KEY, NOON
from tests.lakes import event, opened_lake, put, records

DAY_OF = "%Y-%m-%d"


class Strict(BaseModel):
    """No field that the standard does not name."""

    model_config = ConfigDict(extra="forbid")


class Declared(Strict):
    """An attribute of a type."""

    name: str
    type: Literal["string", "time", "integer", "float", "boolean"]


class Type(Strict):
    """A type of event or object."""

    name: str
    attributes: list[Declared]


class Value(Strict):
    """A value of an event."""

    name: str
    value: str


class Dated(Value):
    """A value of an object, since a moment."""

    time: AwareDatetime


class Relation(Strict):
    """A relation to an object."""

    objectId: str  # noqa: N815 - the standard's name
    qualifier: str


class OcelEvent(Strict):
    """An event."""

    id: str
    type: str
    time: AwareDatetime
    attributes: list[Value]
    relationships: list[Relation]


class OcelObject(Strict):
    """An object."""

    id: str
    type: str
    attributes: list[Dated]
    relationships: list[Relation]


class Ocel(Strict):
    """A log, as the JSON format of OCEL 2.0 has it."""

    eventTypes: list[Type]  # noqa: N815 - the standard's name
    objectTypes: list[Type]  # noqa: N815 - as above
    events: list[OcelEvent]
    objects: list[OcelObject]

    def event(self, name: str) -> OcelEvent:
        """The event with this id."""
        [found] = [one for one in self.events if one.id == name]
        return found

    def object(self, kind: str) -> OcelObject:
        """The only object of its type."""
        [found] = [one for one in self.objects if one.type == kind]
        return found


def read(path: Path) -> Ocel:
    """The log of a JSON file."""
    return Ocel.model_validate(orjson.loads(path.read_bytes()))


def ocel_of(lake: Path, **part: Any) -> Ocel:
    """The lake, or a part of it, as a log."""
    out = lake.parent / "log.json"
    export(lake, "ocel-json", out, **part)
    return read(out)


def related(one: OcelEvent | OcelObject) -> dict[str, str]:
    """By qualifier the object."""
    return {relation.qualifier: relation.objectId for relation in one.relationships}


def values(one: OcelEvent) -> dict[str, str]:
    """By name the value."""
    return {value.name: value.value for value in one.attributes}


def changes(one: OcelObject, name: str) -> list[tuple[str, str]]:
    """The values of an attribute, in the order of time: (day, value)."""
    return [(f"{value.time:{DAY_OF}}", value.value) for value in one.attributes if value.name == name]


def referral(number: int = 1) -> str:
    """A referral's id."""
    return from_number(ID_KEY, "GM0546", "referral", f"R-{number}")


def sent(sequence: int, number: int = 1, **own: Any) -> Event:
    """A referral is sent by the municipality to `org-werk`."""
    asked = {
        "referral_id": referral(number), "from_organisation": "org-leiden", "to_organisation": "org-werk",
        "trajectory": "reintegration", "goal": "paid_work", "factors": ["skills"], "warm": True,
        "respond_by": "2026-03-16", "start_by": "2026-03-23", "sequence_in_case": 1,
    }  # fmt: skip
    return event(sequence, "referral_sent", number=number, **{"at": NOON, **asked, **own})


def returned(sequence: int, number: int = 1, **own: Any) -> Event:
    """The provider returns it."""
    said = {
        "phase": "after_start", "known_at_referral": "no", "preventable": "yes", "proposed_next": "rediagnose",
        "reasons": [{"code": "person.debts", "primary": True}, {"code": "other", "primary": False}],
        "tried": ["job_coach"], "citizen_reading": {"view": "agrees"},
    }  # fmt: skip
    return event(sequence, "referral_returned", number=number, **{**said, **own})


def lake_of(folder: Path, *events: Event) -> Path:
    """A lake of these events, each on its service's first partition."""
    lake = opened_lake(folder / "lake")
    for service in ("intake", "diagnosis", "referral", "outcome"):
        some = [one for one in events if one.source.endswith(service)]
        if some:
            put(lake, records(some), Place(service, 0))
    lake.close()
    return folder / "lake"


def table(base: Path, query: str) -> list[tuple[Any, ...]]:
    """Rows of a SQLite file."""
    with closing(sqlite3.connect(base)) as connection:
        return connection.execute(query).fetchall()


def pm4py() -> ModuleType:
    """PM4Py, without what it says when it is imported; for tests alone (AGPL)."""
    os.environ |= {"PM4PY_SHOW_INTERNAL_WARNINGS": "False", "PM4PY_SHOW_PROGRESS_BAR": "False"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pm4py as found
    return found
