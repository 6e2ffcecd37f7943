"""Everything that a running product keeps or hands out, as the texts that a reader of it would see.

Searching bytes proves nothing of what is compressed (columns of the lake, large values in a table, batches on a topic
if they were) or written otherwise than read (bytes in hex). So each is read as its own readers do.
"""

import gzip
import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from services.insight.exports.exporting import export
from tests.product import SERVICES, Product, sql

_HEX = re.compile(r"\\+x((?:[0-9a-f]{2})+)")
_STILL_MS = 10_000
_TABLES = """
    select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema') order by 1
"""


def files(*folders: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file and its bytes, without the zeros that a broker sets aside at the end; of one that is gone meanwhile
    (PostgreSQL replaces some) there is nothing to read."""
    for path in (path for folder in folders for path in folder.rglob("*")):
        found = b""
        with suppress(FileNotFoundError):
            found = path.read_bytes() if path.is_file() else b""
        yield path, found.rstrip(b"\0")


async def of_the_lake(product: Product) -> AsyncIterator[tuple[str, str]]:
    """(where, text) of every different value in every column of every Parquet file, and of what is said beside them."""
    for file in sorted((product.data / "lake").rglob("*.parquet")):
        for column, text in parquet(file):
            yield f"{file.relative_to(product.data)} {column}", text


def parquet(file: Path) -> Iterator[tuple[str, str]]:
    """(column, text) of a file."""
    opened = pq.ParquetFile(file)
    for name, value in (opened.metadata.metadata or {}).items():
        yield "metadata", f"{name!r}{value!r}"
    for name, column in zip(opened.schema_arrow.names, opened.read().columns, strict=True):
        values = column if pa.types.is_nested(column.type) else column.unique()
        yield from ((name, str(value)) for value in values.to_pylist() if value is not None)


async def of_the_topics(product: Product) -> AsyncIterator[tuple[str, str]]:
    """(where, text) of key, value and headers of every record on every topic, the broker's own included."""
    bootstrap = product.places["kafka"]["bootstrap_servers"]
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await consumer.start()
    try:
        places = await _partitions(bootstrap)
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        ends = await consumer.end_offsets(places)
        while behind := [one for one in places if await consumer.position(one) < ends[one]]:
            got = await consumer.getmany(*behind, timeout_ms=_STILL_MS)
            assert got, f"nothing more came of {behind}"
            for place, some in got.items():
                for record in some:
                    parts = (record.key, record.value, *(part for pair in record.headers for part in pair))
                    yield place.topic, " ".join(map(_plain, parts))
    finally:
        await consumer.stop()


async def _partitions(bootstrap: str) -> list[TopicPartition]:
    """Of every topic."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        topics = await admin.describe_topics()
    finally:
        await admin.close()
    return [TopicPartition(one["topic"], part["partition"]) for one in topics for part in one["partitions"]]


def _plain(part: Any) -> str:
    return part.decode(errors="replace") if isinstance(part, bytes) else str(part)


async def of_the_tables(product: Product) -> AsyncIterator[tuple[str, str]]:
    """(where, text) of every row of every table, with what is kept as bytes read as text."""
    for service in SERVICES:
        for (table,) in await sql(product, service, _TABLES):
            for (row,) in await sql(product, service, f"select to_jsonb(t)::text from {table} t"):
                yield f"{service} {table}", unhexed(row)


def unhexed(row: str) -> str:
    """A row, with what is in it as bytes also read as text."""
    return " ".join((row, *(bytes.fromhex(found).decode(errors="replace") for found in _HEX.findall(row))))


async def of_the_exports(product: Product) -> AsyncIterator[tuple[str, str]]:
    """(where, text) of an export of every kind, of the whole lake."""
    lake, folder = product.data / "lake", product.data / "exported"
    folder.mkdir()
    export(lake, "ocel-json", folder / "log.json")
    yield "ocel-json", (folder / "log.json").read_text()
    export(lake, "xes", folder / "log.xes.gz")
    yield "xes", gzip.decompress((folder / "log.xes.gz").read_bytes()).decode()
    export(lake, "ocel-sqlite", folder / "log.sqlite")
    for text in sqlite(folder / "log.sqlite"):
        yield "ocel-sqlite", text
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


def sqlite(file: Path) -> Iterator[str]:
    """Every row of every table of a file."""
    with closing(sqlite3.connect(file)) as connection:
        tables = connection.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (name,) in tables:
            for row in connection.execute(f'select * from "{name}"'):
                yield " ".join(str(value) for value in (name, *row))


KEPT: dict[str, Callable[[Product], AsyncIterator[tuple[str, str]]]] = {
    "lake": of_the_lake,
    "topics": of_the_topics,
    "tables": of_the_tables,
    "exports": of_the_exports,
}
"""Where -> its texts."""
