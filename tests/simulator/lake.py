"""A run as a lake: the files that insight's writer would have made of it, merged; months or tens of millions long.

Straight from the simulated log to Parquet, so that what reads lakes can be tried on sizes that no test can bring in
over the doors. No more than a group of rows per file is in memory. Sealed texts are not written: no figure rests on
them.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from services.insight.lake.columns import columns
from services.insight.lake.encoding import ROWS, options
from services.insight.lake.folders import month_folder, prepare, sync
from services.insight.lake.names import Place, Range
from services.insight.lake.seen import Sequences
from tests.simulator.columns import events
from tests.simulator.events import event_chunks
from tests.simulator.facts.table import SERVICES, Table, taken
from tests.simulator.making import numbers
from tests.simulator.settings import Dirt
from tests.simulator.tally import Tally, added
from tests.simulator.truth import truth
from tests.simulator.world import World

PARTITIONS = 3
LEVEL = 9
Ints = NDArray[np.int64]


@dataclass
class _File:
    """A month of a partition while it is written."""

    place: Place
    folder: Path
    first: int
    next: int
    reached: int = 0
    held: list[pa.Table] = field(default_factory=list)
    writer: Any = None

    @property
    def half(self) -> Path:
        """Where it stands until it is whole."""
        return self.folder / f"{self.place.topic}-{self.place.partition}.tmp"


@dataclass
class _Going:
    world: World
    lake: Path
    level: int
    hand_off: dict[str, bool]
    files: dict[Place, _File] = field(default_factory=dict)
    offsets: dict[Place, int] = field(default_factory=dict)
    seen: dict[str, Sequences] = field(default_factory=lambda: {name: Sequences() for name in SERVICES})
    month: str = ""
    rows: int = 0


def write_lake(
    world: World, lake: Path, *, dirt: Dirt | None = None, chunk: int = 500_000, level: int = LEVEL
) -> dict[str, Any]:
    """Writes the lake and returns the truth of it, with the number of its events.

    Files are those of the months in which things were recorded. What was delivered twice has two offsets and one row.
    """
    tallies: list[Tally] = []
    written = write_chunks(world, lake, event_chunks(world, chunk, dirt=dirt, tallies=tallies), level=level)
    return truth(world, added(tallies), dirt) | {"events": written}


def write_chunks(world: World, lake: Path, chunks: Iterator[Table] | Sequence[Table], *, level: int = LEVEL) -> int:
    """Writes a log that comes in chunks into a lake that is not there yet; how many rows it has."""
    keeps = prepare(lake)
    try:
        said = {one.fact: bool(one.hand_off) for one in columns().facts.values()}
        going = _Going(world, lake, level, said)
        for rows in chunks:
            for month, part in _months(rows, going.month):
                if month != going.month:
                    _close(going)
                    going.month = month
                _take(going, part)
        _close(going)
    finally:
        os.close(keeps)
    return going.rows


def _months(rows: Table, running: str) -> Iterator[tuple[str, Table]]:
    """The rows by the month they are written in: it never goes back."""
    month = np.maximum.accumulate(rows["recorded_at"].astype("datetime64[s]").astype("datetime64[M]"))
    if running:
        month = np.maximum(month, np.datetime64(running))
    bounds = [*np.flatnonzero(np.diff(month.astype(np.int64), prepend=-1)).tolist(), len(month)]
    for start, end in pairwise(bounds):
        yield str(month[start]), taken(rows, np.s_[start:end])


def _take(going: _Going, rows: Table) -> None:
    partition = numbers("case", rows["case"]) % PARTITIONS
    for code, service in enumerate(SERVICES):
        for number in range(PARTITIONS):
            own = np.flatnonzero((rows["service"] == code) & (partition == number))
            if len(own):
                _append(going, Place(service, number), taken(rows, own))


def _append(going: _Going, place: Place, rows: Table) -> None:
    count = len(rows["case"])
    first = going.offsets.get(place, 0)
    going.offsets[place] = first + count
    sequences = rows["sequence"]
    seen = going.seen[place.service]
    fresh = ~seen.has(sequences)
    once = np.zeros(count, bool)
    once[np.unique(sequences, return_index=True)[1]] = True
    fresh &= once
    seen.add(sequences[fresh])
    file = going.files.get(place)
    if file is None:
        file = going.files[place] = _File(place, month_folder(going.lake, "events", going.month), first, first)
    file.next = first + count
    file.reached = max(file.reached, int(sequences.max()))
    table = events(going.world, taken(rows, fresh), going.hand_off)
    placed = {
        "service": pa.repeat(pa.scalar(place.service), table.num_rows),
        "partition": pa.repeat(pa.scalar(place.partition, pa.int32()), table.num_rows),
        "record_offset": pa.array(first + np.flatnonzero(fresh)),
    }
    for name, column in placed.items():
        table = table.set_column(table.column_names.index(name), table.schema.field(name), column)
    file.held.append(table)
    going.rows += table.num_rows
    if sum(one.num_rows for one in file.held) >= ROWS:
        _flush(file, going.level)


def _flush(file: _File, level: int, last: bool = False) -> None:
    """Whole groups of rows, as the lake's own; the last one is as large as it is."""
    schema = columns().events
    if file.writer is None:
        file.writer = pq.ParquetWriter(file.half, schema, **options(schema, level))
    whole = pa.concat_tables(file.held)
    until = whole.num_rows if last else whole.num_rows // ROWS * ROWS
    if until:
        file.writer.write_table(whole.slice(0, until), row_group_size=ROWS)
    file.held = [whole.slice(until)]


def _close(going: _Going) -> None:
    """The month is over: its files get their names, which say how far they go."""
    for place, file in going.files.items():
        _flush(file, going.level, last=True)
        mark = {"last": file.reached, "reached": file.reached, "counts": {}}
        file.writer.add_key_value_metadata({"overdracht": orjson.dumps(mark).decode()})
        file.writer.close()
        name = Range(place, 0, file.first, file.next - 1).name
        os.replace(file.half, file.folder / name)
        sync(file.folder)
    going.files = {}
