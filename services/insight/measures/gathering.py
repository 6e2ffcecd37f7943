"""From the lake's files to the rows that measures are computed from: all of them, or those of some cases alone.

Each file is read once, and of it what the views name: their columns, their facts, their service. That lies in a scratch
database on the disk while the views are worked out, packed as DuckDB packs it, so that memory stays bounded however
long the log is.
"""

import re
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from services.insight.lake.columns import columns
from services.insight.lake.names import parsed
from services.insight.lake.opening import script

ROWS = Path(__file__).parent / "rows.sql"
KINDS: Mapping[str, str] = {
    "referrals": "referral_id", "returns": "referral_id", "turns": "referral_id, since, side", "cases": "case_id",
    "decisions": "case_id, sequence", "trajectories": "referral_id", "outcomes": "case_id, reached_at, perspective",
    "jobs": "job_id", "interventions": "intervention_id", "silences": "referral_id, sequence",
}  # fmt: skip
"""Kind of row -> what puts its rows in one order, so that the same rows give the same figures to the bit. What comes
first in it is of one case alone."""
_STEPS = frozenset({"referral_facts", "referral_ends", "turns", "handoffs", "jobs", "returns", "spells"})
"""Views that several others rest on: each is made once. What only one rests on is worked out within it, and of that
only what is asked for."""
_VIEW = re.compile(r"(?:--.*\n|\s)*CREATE OR REPLACE VIEW (\w+)")
Offsets = Mapping[str, tuple[int, int]]
"""`referral-0` -> the epoch, and the last offset of the partition that counts."""
MEMORY = "3GB"
_THREADS = 2


@contextmanager
def gathering(
    lake: Path, cases: Collection[int] | None = None, until: Offsets | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB with the views of rows: of these cases alone, and of what was on the log up to these offsets."""
    (lake / "spill").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=lake / "spill") as folder, duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(f"SET threads = {_THREADS}")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute("SET temp_directory = ?", [folder])
        # the lake's own view of all files is not read through: it binds every column of each anew in every query
        connection.execute("SET VARIABLE lake_files = ?", [list(map(str, (lake / "events").glob("month=0000-00/*")))])
        events, views = script()
        views += ROWS.read_text()
        connection.execute(events)
        connection.execute(f"ATTACH '{folder}/scratch.duckdb' AS scratch")
        connection.execute("USE scratch")
        _read(connection, _files(lake), views, cases, until)
        for statement in connection.extract_statements(views):
            connection.execute(statement)
            # at once: whatever rests on it would have it worked out within its own view, over and over
            if (view := _VIEW.match(statement.query.strip())) is not None and view[1] in _STEPS:
                _make(connection, view[1])
        yield connection


def _make(connection: duckdb.DuckDBPyConnection, view: str) -> None:
    connection.execute(f"CREATE TABLE made_{view} AS SELECT * FROM {view}")  # noqa: S608 - our own names
    connection.execute(f"CREATE OR REPLACE VIEW {view} AS SELECT * FROM made_{view}")  # noqa: S608 - as above


def gathered(
    lake: Path, cases: Collection[int] | None = None, until: Offsets | None = None
) -> Iterator[tuple[str, pa.Table]]:
    """Kind by kind the rows, in their order."""
    with gathering(lake, cases, until) as connection:
        for kind, order in KINDS.items():
            found = connection.sql(f"SELECT * FROM rows_{kind} ORDER BY {order}")  # noqa: S608 - our own names
            yield kind, found.to_arrow_table()


def _files(lake: Path) -> dict[str, list[str]]:
    """The files of events by service. They lie where they stay for a while, also when they are merged meanwhile."""
    found: dict[str, list[str]] = {}
    for month in sorted((lake / "events").iterdir()):
        for path in sorted(month.resolve().iterdir()):
            if (which := parsed(path.name)) is not None:
                found.setdefault(which.place.service, []).append(str(path))
    return found


def _read(
    connection: duckdb.DuckDBPyConnection,
    files: Mapping[str, list[str]],
    views: str,
    cases: Collection[int] | None,
    until: Offsets | None,
) -> None:
    """Makes `events`, of what the views name alone: by service a table with the columns that it has."""
    connection.execute("CREATE TABLE wanted AS SELECT unnest(?::BIGINT[]) AS case_id", [sorted(map(int, cases or ()))])
    ends = [[place, epoch, last] for place, (epoch, last) in (until or {}).items()]
    connection.execute("CREATE TABLE ends (place VARCHAR, epoch INTEGER, last BIGINT)")
    if ends:
        connection.executemany("INSERT INTO ends VALUES (?, ?, ?)", ends)
    facts = ", ".join(f"'{one}'" for one in _facts(views))
    wish = f"e.fact IN ({facts}) OR e.waiting_for IS NOT NULL"
    if cases is not None:
        wish = f"e.case_id IN (FROM wanted) AND ({wish})"
    if until is not None:
        wish = f"""({wish}) AND EXISTS (FROM ends o WHERE o.place = e.service || '-' || e.partition
            AND (e.epoch < o.epoch OR e.epoch = o.epoch AND e.record_offset <= o.last))"""
    tables = ["SELECT * FROM no_events"]
    connection.execute("CREATE TABLE no_events AS FROM memory.main.events LIMIT 0")
    for service, own in _columns(views).items():
        if service in files:
            said = ", ".join(f'e."{name}"' for name in own)
            source = "read_parquet(?, union_by_name = true)"
            connection.execute(
                f"CREATE TABLE events_{service} AS SELECT {said} FROM {source} e WHERE {wish}",  # noqa: S608 - our own names
                [files[service]],
            )
            tables.append(f"SELECT * FROM events_{service}")  # noqa: S608 - as above
    connection.execute(f"CREATE OR REPLACE VIEW events AS {' UNION ALL BY NAME '.join(tables)}")


def _facts(views: str) -> list[str]:
    """The facts that the views name."""
    return sorted({one.fact for one in columns().facts.values()} & set(re.findall(r"'(\w+)'", views)))


def _columns(views: str) -> dict[str, list[str]]:
    """By service the columns that the views name: those of every fact, and those of its own facts."""
    said, facts = set(re.findall(r"\w+", views)), columns().facts
    owned = {(service, column) for (service, _), one in facts.items() for _, column in (one.fields or {}).values()}
    special = {column for _, column in owned}
    return {
        service: [
            name
            for name in columns().events.names
            if name in said and (name not in special or (service, name) in owned)
        ]
        for service in sorted({service for service, _ in facts})
    }
