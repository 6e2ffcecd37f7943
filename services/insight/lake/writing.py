"""The writer: records of a partition become a file of events and one of texts; the names say how far it is."""

import os
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from services.insight.lake import knowing
from services.insight.lake.columns import columns
from services.insight.lake.converting import Batch, convert
from services.insight.lake.encoding import write
from services.insight.lake.folders import month_folder, prepare, put, stored
from services.insight.lake.knowing import Standing
from services.insight.lake.names import Place, Range, faults
from services.insight.lake.pseudonyms import Pseudonyms
from services.insight.lake.reading import Counts, Record
from services.insight.lake.seen import Seen
from shared import logging

log = logging.get(__name__)
_LEVEL = 3
Now = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


@dataclass
class Lake:
    """A lake that is written in, by this process alone."""

    folder: Path
    names: Pseudonyms
    keeps: int
    now: Now
    seen: Seen
    standings: dict[Place, Standing]
    month: str
    """The newest month. Files never go to an earlier one, also when the clock goes back."""
    counts: Counts = field(default_factory=Counter)
    """What was counted since the lake began: rows, repeated, contradicts, unusable:…, unknown_type:…, misfit:…"""
    faults: list[str] = field(default_factory=list)
    """What is not right about the names of the files, as `gap <name>` or `overlap <name>`."""
    written_at: float | None = None

    def standing(self, place: Place) -> Standing:
        """Where a partition stands; at its beginning, when there is nothing of it."""
        return self.standings.setdefault(place, Standing(place))

    def running_month(self) -> str:
        """The month that files go to."""
        return max(self.month, f"{self.now().astimezone(UTC):%Y-%m}")

    def close(self) -> None:
        """Lets others write."""
        os.close(self.keeps)


def open_lake(folder: Path, key: bytes, now: Now = utc_now) -> Lake:
    """The lake in a folder, ready to be written in; what a crash left half is cleared. Raises InUse.

    `key`: 32 bytes, kept outside the lake; the same one as long as the lake lives, or ids get other numbers.
    """
    names = Pseudonyms(key)
    keeps = prepare(folder)
    try:
        files = stored(folder, "events")
        found = knowing.standings(files)
        _drop_ahead(folder, found)
        wrong = [f"{what} {one.name}" for what, one in faults(one.range for one in files)]
        for fault in wrong:
            log.warning("the lake's files do not join", fault=fault)
        month = max((one.month for one in files), default="")
        seen, counts = knowing.known(files)
        return Lake(folder, names, keeps, now, seen, found, month, counts, wrong)
    except BaseException:
        os.close(keeps)
        raise


def _drop_ahead(folder: Path, found: dict[Place, Standing]) -> None:
    """Texts are written before their events: what a crash left of texts alone is written again."""
    for one in stored(folder, "texts"):
        standing = found.get(one.range.place, Standing(one.range.place))
        if (one.range.epoch, one.range.last) >= (standing.epoch, standing.next):
            one.path.unlink()


def add(lake: Lake, place: Place, records: Sequence[Record]) -> pa.Table:
    """Writes records that follow on what the lake has of their partition; the rows that are new.

    Raises OSError when the disk does not take them: nothing has changed then, and the same may be tried again.
    """
    standing = lake.standing(place)
    batch = convert(records, place, standing.epoch, lake.names, lake.seen)
    which = Range(place, standing.epoch, standing.next, records[-1].offset)
    _put(lake, which, batch, max(standing.reached, batch.highest))
    lake.seen.add(place.service, *batch.keys)
    lake.counts.update(batch.counts)
    standing.next, standing.anchor = which.last + 1, (which.last, batch.last)
    standing.reached = max(standing.reached, batch.highest)
    lake.written_at = time.time()
    return batch.events


def lay(folder: Path, month: str, which: Range, events: pa.Table) -> None:
    """Puts rows that came from elsewhere (a simulation, say) into a lake nobody writes in. Raises InUse, ArrowInvalid.

    The table has the columns of `columns().events`; what it leaves out is empty. The range is of its own choice.
    """
    schema = columns().events
    absent = {one.name: pa.nulls(events.num_rows, one.type) for one in schema if one.name not in events.column_names}
    whole = pa.table({**dict(zip(events.column_names, events.columns, strict=True)), **absent})
    table = whole.select(schema.names).cast(schema)
    reached = pc.max(table["sequence"]).as_py() or 0
    mark = {"last": reached, "reached": reached, "counts": {"rows": table.num_rows}}
    keeps = prepare(folder)
    try:
        fill = partial(write, tables=[table], schema=schema, mark=mark, level=_LEVEL)
        put(month_folder(folder, "events", month), which.name, fill)
    finally:
        os.close(keeps)


def _put(lake: Lake, which: Range, batch: Batch, reached: int) -> None:
    """Texts first: where there are events, their texts are there too."""
    month = lake.month = lake.running_month()
    mark = {"last": batch.last, "reached": reached, "counts": batch.counts}
    texts = _written(lake, "texts", month, which, batch.texts, mark) if batch.texts.num_rows else None
    try:
        _written(lake, "events", month, which, batch.events, mark)
    except OSError:
        if texts is not None:  # tried again, they may go to another month
            texts.unlink()
        raise


def _written(lake: Lake, family: str, month: str, which: Range, table: pa.Table, mark: Mapping[str, Any]) -> Path:
    folder = month_folder(lake.folder, family, month)
    put(folder, which.name, partial(write, tables=[table], schema=table.schema, mark=mark, level=_LEVEL))
    return folder / which.name
