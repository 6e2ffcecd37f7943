"""OCEL 2.0 as SQLite (ocel-standard.org/specification/formats/sqlite), with nothing but the standard library.

A row in `event` or `object` for each, one more in the table of its type; an object's table has a row for what it began
with and one for each change, which names the column that changed.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from services.insight.exports import ocel
from services.insight.exports.progress import T, Told
from services.insight.exports.reading import BATCH, Connection

_SQL_TYPES = {"string": "TEXT", "time": "TIMESTAMP", "integer": "INTEGER", "float": "REAL", "boolean": "BOOLEAN"}
_TAKEN = frozenset({"map_type", "object"})
"""`event_map_type`, `event_object`: tables of the standard itself."""
_TABLES = """
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES event_map_type (ocel_type));
CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES object_map_type (ocel_type));
CREATE TABLE event_object (
    ocel_event_id TEXT REFERENCES event (ocel_id), ocel_object_id TEXT REFERENCES object (ocel_id), ocel_qualifier TEXT,
    PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier));
CREATE TABLE object_object (
    ocel_source_id TEXT REFERENCES object (ocel_id), ocel_target_id TEXT REFERENCES object (ocel_id),
    ocel_qualifier TEXT, PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier));
"""


def write(connection: Connection, out: Path, told: Told) -> None:
    """The whole log. `out` is half until this returns, so there is no journal to undo it by."""
    ocel.prepare(connection)
    with closing(sqlite3.connect(out, isolation_level=None)) as base:
        base.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;" + _TABLES)
        kinds, things = ocel.event_types(connection), ocel.object_types(connection)
        for kind, table in zip(kinds, _tables(base, "event", kinds), strict=True):
            for events in _batches(told.events(ocel.events(connection, kind))):
                _put_events(base, kind, table, events, told)
        for kind, table in zip(things, _tables(base, "object", things), strict=True):
            for some in _batches(told.objects(ocel.objects(connection, kind))):
                _put_objects(base, kind, table, some, told)
        base.execute("COMMIT")


def _tables(base: sqlite3.Connection, of: str, kinds: Sequence[ocel.Type]) -> list[str]:
    """Makes the tables of the types."""
    found = []
    for kind, short in zip(kinds, _short([kind.name for kind in kinds]), strict=True):
        changed = "" if of == "event" else ", ocel_changed_field TEXT"
        own = "".join(f', "{name}" {_SQL_TYPES[is_a]}' for name, is_a in kind.attributes)
        base.execute(
            f'CREATE TABLE "{of}_{short}" (ocel_id TEXT{" PRIMARY KEY" if of == "event" else ""}'
            f" REFERENCES {of} (ocel_id), ocel_time TIMESTAMP{changed}{own})"
        )
        base.execute(f"INSERT INTO {of}_map_type VALUES (?, ?)", (kind.name, short))  # noqa: S608 - event or object
        found.append(f"{of}_{short}")
    return found


def _short(names: Iterable[str]) -> list[str]:
    """For each name one that can stand in a table's; SQLite does not tell capitals apart."""
    used = set(_TAKEN)
    found = []
    for name in names:
        short = plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
        number = 1
        while short.lower() in used:
            number += 1
            short = f"{plain}_{number}"
        used.add(short.lower())
        found.append(short)
    return found


def _put_events(base: sqlite3.Connection, kind: ocel.Type, table: str, some: list[ocel.Event], told: Told) -> None:
    base.executemany("INSERT INTO event VALUES (?, ?)", ((one.id, kind.name) for one in some))
    marks = ", ".join("?" * (2 + len(kind.attributes)))
    base.executemany(f'INSERT INTO "{table}" VALUES ({marks})', ((one.id, one.time, *one.values) for one in some))  # noqa: S608
    relations = ((one.id, *relation) for one in some for relation in told.relations(one.relations))
    base.executemany("INSERT INTO event_object VALUES (?, ?, ?)", relations)


def _put_objects(base: sqlite3.Connection, kind: ocel.Type, table: str, some: list[ocel.Object], told: Told) -> None:
    base.executemany("INSERT INTO object VALUES (?, ?)", ((one.id, kind.name) for one in some))
    marks = ", ".join("?" * (3 + len(kind.attributes)))
    base.executemany(f'INSERT INTO "{table}" VALUES ({marks})', _object_rows(kind, some))  # noqa: S608 - our own names
    relations = ((one.id, *relation) for one in some for relation in told.relations(one.relations))
    base.executemany("INSERT INTO object_object VALUES (?, ?, ?)", relations)


def _object_rows(kind: ocel.Type, some: list[ocel.Object]) -> Iterator[tuple[Any, ...]]:
    names = [name for name, _ in kind.attributes]
    for one in some:
        yield one.id, ocel.BEGINNING, None, *one.values
        for name, time, value in one.changes:
            yield one.id, time, name, *(value if name == other else None for other in names)


def _batches(some: Iterator[T]) -> Iterator[list[T]]:
    while batch := list(islice(some, BATCH)):
        yield batch
