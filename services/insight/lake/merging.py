"""Merging: of every month that is over one file per partition; of the running month no more than a handful."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from services.insight.lake.columns import columns
from services.insight.lake.encoding import ROWS, mark_of, write
from services.insight.lake.folders import FAMILIES, Fill, Stored, merge, stored
from services.insight.lake.names import Range, runs

_LEVEL = 9
_MANY = 16
"""So many files of the running month that are about as large become one."""
_TOO_MANY = 256


Run = tuple[Stored, ...]
"""Files that follow on each other and become one."""


@dataclass(frozen=True)
class Job:
    """What there is to merge in a month of a family; all of it in one moment for a reader."""

    family: str
    month: str
    runs: tuple[Run, ...]


def jobs(lake: Path, running: str) -> Iterator[Job]:
    """What there is to merge, `running` being the month that is not over."""
    for family in FAMILIES:
        for month, some in groupby(stored(lake, family), lambda one: one.month):
            found = tuple(_runs(list(some), family, month >= running))
            if found:
                yield Job(family, month, found)


def _runs(files: Sequence[Stored], family: str, running: bool) -> Iterator[Run]:
    """Events are not merged across records that are missing: the names go on telling it. Not every batch has texts."""
    by_range = {one.range: one for one in files}
    for some in runs(by_range, gaps=family == "texts"):
        chosen = tuple(by_range[one] for one in some)
        chosen = _newest(chosen) if running else chosen
        if len(chosen) >= (_MANY if running else 2):
            yield chosen


def _newest(files: Run) -> Run:
    """The newest files, when so many of one size are among them: a record is merged a few times at most."""
    sizes = [one.range.last - one.range.first + 1 for one in files]
    limit = 1
    while limit <= max(sizes) * _MANY:
        start = max((number + 1 for number, size in enumerate(sizes) if size > limit), default=0)
        if sum(size > limit // _MANY for size in sizes[start:]) >= _MANY:
            return files[start:]
        limit *= _MANY
    return files if len(files) >= _TOO_MANY else ()


def do(lake: Path, job: Job) -> None:
    """Merges. Raises OSError; nothing has changed then."""
    known = columns().events if job.family == "events" else columns().texts
    gone = {one.path.name for some in job.runs for one in some}
    merge(lake, job.family, job.month, gone, dict(_merged(some, known) for some in job.runs))


def _merged(files: Run, known: pa.Schema) -> tuple[str, Fill]:
    """The name of the one file, and what fills it. Columns that only a later version knows stay."""
    first, last = files[0].range, files[-1].range
    schema = pa.unify_schemas([known, *(pq.read_schema(one.path) for one in files)])
    marks = [mark_of(one.path) for one in files]
    counts: Counter[str] = Counter()
    for one in marks:
        counts.update(one["counts"])
    mark = {"last": marks[-1]["last"], "reached": max(one["reached"] for one in marks), "counts": counts}
    tables = _tables([one.path for one in files], schema)
    name = Range(first.place, first.epoch, first.first, last.last).name
    return name, partial(write, tables=tables, schema=schema, mark=mark, level=_LEVEL)


def _tables(paths: Sequence[Path], schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows of the files, in groups; no more than a group is in memory."""
    held: list[pa.Table] = []
    for path in paths:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(ROWS):
                held.append(_conformed(pa.Table.from_batches([batch]), schema))
                while sum(one.num_rows for one in held) >= ROWS:
                    whole = pa.concat_tables(held)
                    yield whole.slice(0, ROWS)
                    held = [whole.slice(ROWS)]
    yield pa.concat_tables(held or [schema.empty_table()])


def _conformed(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table with all columns; those it has not are empty."""
    absent = [one for one in schema if one.name not in table.column_names]
    for one in absent:
        table = table.append_column(one, pa.nulls(table.num_rows, one.type))
    return table.select(schema.names).cast(schema)
