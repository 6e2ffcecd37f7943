"""How tables lie in Parquet: small, and readable by whatever reads Parquet.

Rows stand in the order of their records. Numbers that grow with it are kept as differences; everything else that comes
again and again, ids included, as a dictionary. Of other orders none was smaller both for a month as it comes in and for
a year of history (measured; README.md has the figures).
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 1 << 17
"""Rows in a group: what is held in memory at once when files are merged."""
_GROWING = ("sequence", "record_offset", "recorded_at", "occurred_at")
_MARK = b"overdracht"


def options(schema: pa.Schema, level: int) -> dict[str, Any]:
    """The writer's options for these columns."""
    growing = [name for name in schema.names if name in _GROWING]
    return {
        "compression": "zstd",
        "compression_level": level,
        "use_dictionary": [name for name in schema.names if name not in growing],
        "column_encoding": dict.fromkeys(growing, "DELTA_BINARY_PACKED"),
        "write_statistics": growing,
        "store_schema": False,
        "version": "2.6",
    }


def write(out: IO[bytes], tables: Iterable[pa.Table], schema: pa.Schema, mark: Mapping[str, Any], level: int) -> None:
    """A whole file: each table a group of rows (an empty one none), and what the lake has to remember of it."""
    with pq.ParquetWriter(out, schema, **options(schema, level)) as writer:
        for table in tables:
            if table.num_rows:
                writer.write_table(table, row_group_size=ROWS)
        writer.add_key_value_metadata({_MARK.decode(): orjson.dumps(mark).decode()})


def mark_of(path: Path) -> dict[str, Any]:
    """What the lake remembers of a file."""
    kept = (pq.read_metadata(path).metadata or {}).get(_MARK, b"{}")
    found: dict[str, Any] = orjson.loads(kept)
    return found
