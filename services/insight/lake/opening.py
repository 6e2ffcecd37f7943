"""The lake opened for reading: a DuckDB with the views on it, as anybody can have who has the files and views.sql."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

VIEWS = Path(__file__).parent / "views.sql"
_REST = "-- All that follows rests on events alone.\n"


def opened(lake: Path, files: Sequence[Path] | None = None) -> duckdb.DuckDBPyConnection:
    """A connection with the views; each query sees what is there then. With `files` it sees these, and only these."""
    connection = duckdb.connect()
    try:
        connection.execute("SET VARIABLE lake = ?", [str(lake)])
        if files is not None:
            connection.execute("SET VARIABLE lake_files = ?", [[str(one) for one in files]])
        connection.execute(VIEWS.read_text())
    except BaseException:
        connection.close()
        raise
    return connection


def script() -> tuple[str, str]:
    """views.sql in two: what makes `events` of the files, and the views that rest on it."""
    events, views = VIEWS.read_text().split(_REST, 1)
    return events, views
