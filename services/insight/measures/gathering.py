"""From the lake's files to the rows that measures are computed from: all of them, or those of some cases alone."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from services.insight.lake.opening import script

ROWS = Path(__file__).parent / "rows.sql"
KINDS: Mapping[str, str] = {
    "referrals": "referral_id", "returns": "referral_id", "turns": "referral_id, since, side", "cases": "case_id",
    "decisions": "case_id, sequence", "trajectories": "referral_id", "outcomes": "case_id, reached_at, perspective",
    "jobs": "job_id", "silences": "referral_id, sequence",
}  # fmt: skip
"""Kind of row -> what puts its rows in one order, so that the same rows give the same figures to the bit."""
_STEPS = (
    "referral_facts", "referral_ends", "turns", "handoffs", "jobs", "outcomes", "returns", "spells", "coverage",
    "journeys",
)  # fmt: skip
"""Views that others rest on, in their order: each is made once."""
Offsets = Mapping[str, tuple[int, int]]
"""`referral-0` -> the epoch, and the last offset of the partition that counts."""
MEMORY = "4GB"
_THREADS = 2


@contextmanager
def gathering(
    lake: Path, cases: Collection[int] | None = None, until: Offsets | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB with the views of rows: of these cases alone, and of what was on the log up to these offsets."""
    connection = duckdb.connect()
    try:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(f"SET threads = {_THREADS}")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute("SET temp_directory = ?", [str(lake / "spill")])
        connection.execute("SET VARIABLE lake = ?", [str(lake)])
        events, views = script()
        connection.execute(events)
        # views are checked when they are made: against a table without rows that costs a tenth of what the files would
        connection.execute("CREATE TEMP TABLE no_events AS SELECT * FROM events LIMIT 0")
        connection.execute("CREATE TEMP VIEW events AS SELECT * FROM no_events")
        connection.execute(views)
        connection.execute(ROWS.read_text())
        _fill(connection, cases, until)
        for view in _STEPS:
            connection.execute(f"CREATE TEMP TABLE made_{view} AS SELECT * FROM {view}")  # noqa: S608 - our own names
            connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT * FROM made_{view}")  # noqa: S608 - as above
        yield connection
    finally:
        connection.close()


def gathered(
    lake: Path, cases: Collection[int] | None = None, until: Offsets | None = None
) -> Iterator[tuple[str, pa.Table]]:
    """Kind by kind the rows, in their order."""
    with gathering(lake, cases, until) as connection:
        for kind, order in KINDS.items():
            found = connection.sql(f"SELECT * FROM rows_{kind} ORDER BY {order}")  # noqa: S608 - our own names
            yield kind, found.to_arrow_table()


def _fill(connection: duckdb.DuckDBPyConnection, cases: Collection[int] | None, until: Offsets | None) -> None:
    """Puts the events that are asked for where the other views look for them."""
    wish = "SELECT e.* FROM memory.main.events e"
    if until is not None:
        connection.execute("CREATE TEMP TABLE ends (place VARCHAR, epoch INTEGER, last BIGINT)")
        ends = [[place, epoch, last] for place, (epoch, last) in until.items()]
        if ends:
            connection.executemany("INSERT INTO ends VALUES (?, ?, ?)", ends)
        wish += """ JOIN ends o ON o.place = e.service || '-' || e.partition
            AND (e.epoch < o.epoch OR e.epoch = o.epoch AND e.record_offset <= o.last)"""
    if cases is not None:
        wish += f" WHERE e.case_id IN ({', '.join(map(str, map(int, cases))) or 'NULL'})"
    if cases is not None or until is not None:
        connection.execute(f"CREATE TEMP TABLE some_events AS {wish}")
        wish = "SELECT * FROM some_events"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW events AS {wish}")
