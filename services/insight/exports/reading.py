"""The part of the lake that is exported: of a municipality and a stretch of time, as the lake was when it began."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from services.insight.lake.opening import script

EXPORTED = Path(__file__).parent / "exported.sql"
MEMORY = "512MB"
"""What DuckDB sorts in; what is more goes to the disk."""
BATCH = 10_000
_THREADS = 2
Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class Part:
    """Which events: of this municipality, and that happened from `since` on and before `until`. None is no limit."""

    municipality: str | None = None
    since: datetime | None = None
    until: datetime | None = None


_EVENTS = """
CREATE OR REPLACE TEMP VIEW events AS SELECT e.* FROM memory.main.events e
    JOIN reached r ON r.service = e.service AND r.partition = e.partition AND (e.epoch, e.record_offset) <= r.last
WHERE (getvariable('municipality') IS NULL OR municipality = getvariable('municipality'))
    AND (getvariable('until') IS NULL OR occurred_at IS NULL OR occurred_at < getvariable('until'))"""
"""Whoever writes in the lake meanwhile changes nothing of what is read: every query ends at the same records."""


@contextmanager
def reading(lake: Path, part: Part, spill: Path) -> Iterator[Connection]:
    """A DuckDB with the views of exported.sql on this part; what does not fit in memory goes to the folder `spill`."""
    connection = duckdb.connect()
    try:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(f"SET threads = {_THREADS}")
        connection.execute("SET parquet_metadata_cache = true")
        connection.execute("SET temp_directory = ?", [str(spill)])
        for name, value in {"lake": str(lake), **vars(part)}.items():
            connection.execute(f"SET VARIABLE {name} = ?", [value])
        events, views = script()
        connection.execute(events)
        # views are checked when they are made: against a table without rows that costs a tenth of what the files would
        connection.execute("CREATE TEMP TABLE no_events AS SELECT * FROM events LIMIT 0")
        connection.execute("CREATE TEMP VIEW events AS SELECT * FROM no_events")
        connection.execute(views)
        connection.execute(EXPORTED.read_text())
        connection.execute(
            "CREATE TEMP TABLE reached AS SELECT service, partition, max((epoch, record_offset)) AS last"
            " FROM memory.main.events GROUP BY ALL"
        )
        connection.execute(_EVENTS)
        connection.execute("CREATE TEMP TABLE made_parties AS SELECT * FROM parties")
        connection.execute("CREATE TEMP VIEW parties AS SELECT * FROM made_parties")
        yield connection
    finally:
        connection.close()


def rows(connection: Connection, query: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, a batch in memory at a time. The connection answers one query at a time."""
    connection.execute(query)
    while batch := connection.fetchmany(BATCH):
        yield from batch


def one(connection: Connection, query: str) -> Any:
    """The one value of a query."""
    [value] = connection.execute(query).fetchall()[0]
    return value
