"""The lake's folders: a file is there whole or not at all, and many files become one in one moment.

`events/month=2016-03` is a link to a folder below `held/`. A new file is written under another name, synced, and
renamed. Files are merged by making a folder beside the old one: links to what stays, the merged files, and then the
month's link is set to the new folder. Who lists the month sees the one or the other, never both and never half. The
old folder stays a while, for who still reads in it.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from services.insight.lake.columns import columns
from services.insight.lake.encoding import write
from services.insight.lake.names import Range, parsed

FAMILIES = ("events", "texts")
_EMPTY = "month=0000-00"
"""Holds a file without rows and with all columns: whatever else is there, a reader finds every column."""
_MONTH = re.compile(r"month=(\d{4}-\d\d)")
_HELD = re.compile(r"(\d{4}-\d\d)\.(\d+)")
Fill = Callable[[IO[bytes]], None]


class InUse(Exception):  # noqa: N818 - a state of the folder
    """Another process writes in this lake; one does at a time."""


@dataclass(frozen=True, slots=True, order=True)
class Stored:
    """A file of a family."""

    month: str
    range: Range
    path: Path


def prepare(lake: Path) -> int:
    """Makes the folders, clears what a crash left half, and keeps others from writing here. Raises InUse.

    Answers the descriptor that keeps the lake; closing it lets go.
    """
    (lake / "held").mkdir(parents=True, exist_ok=True)
    keeps = os.open(lake / "held" / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(keeps, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _made(lake)
    except BaseException as trouble:
        os.close(keeps)
        if isinstance(trouble, BlockingIOError):
            raise InUse(str(lake)) from trouble
        raise
    return keeps


def _made(lake: Path) -> None:
    for family, schema in zip(FAMILIES, (columns().events, columns().texts), strict=True):
        (lake / "held" / family).mkdir(exist_ok=True)
        (lake / family).mkdir(exist_ok=True)
        for half in lake.glob(f"{family}/month=*/*.tmp"):
            half.unlink()
        _empty(lake / family / _EMPTY, schema)


def _empty(folder: Path, schema: pa.Schema) -> None:
    folder.mkdir(exist_ok=True)
    there = folder / "columns.parquet"
    if not there.exists() or not pq.read_schema(there).equals(schema):
        put(folder, there.name, partial(write, tables=[], schema=schema, mark={}, level=1))


def stored(lake: Path, family: str) -> list[Stored]:
    """The files of a family, in the order of months and records."""
    return sorted(_stored(lake, family))


def _stored(lake: Path, family: str) -> Iterator[Stored]:
    for folder in (lake / family).iterdir():
        month = _MONTH.fullmatch(folder.name)
        if month is None or folder.name == _EMPTY:
            continue
        for path in folder.iterdir():
            if (which := parsed(path.name)) is not None:
                yield Stored(month[1], which, path)


def put(folder: Path, name: str, fill: Fill) -> None:
    """A file, whole and on the disk, or an OSError and nothing."""
    half = folder / f"{name}.tmp"
    try:
        with half.open("wb") as out:
            fill(out)
            out.flush()
            os.fsync(out.fileno())
        os.replace(half, folder / name)
    except OSError:
        half.unlink(missing_ok=True)
        raise
    sync(folder)


def sync(folder: Path) -> None:
    """The names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def month_folder(lake: Path, family: str, month: str) -> Path:
    """Where the month's files go, made when it is not there."""
    link = lake / family / f"month={month}"
    if not link.exists():
        _point(lake, family, month, _beside(lake, family, month))
    return link.resolve()


def merge(lake: Path, family: str, month: str, gone: AbstractSet[str], merged: Mapping[str, Fill]) -> None:
    """Other files in the place of those that go, in one moment for every reader."""
    old, new = month_folder(lake, family, month), _beside(lake, family, month)
    for path in old.iterdir():
        if path.name not in gone and parsed(path.name) is not None:
            os.link(path, new / path.name)
    for name, fill in merged.items():
        put(new, name, fill)
    _point(lake, family, month, new)
    os.utime(old)


def _beside(lake: Path, family: str, month: str) -> Path:
    """A new folder for a month; nobody sees it yet."""
    numbers = [int(found[2]) for found in _held(lake, family) if found[1] == month]
    folder = lake / "held" / family / f"{month}.{max(numbers, default=0) + 1}"
    folder.mkdir()
    return folder


def _held(lake: Path, family: str) -> Iterator["re.Match[str]"]:
    for folder in (lake / "held" / family).iterdir():
        if (found := _HELD.fullmatch(folder.name)) is not None:
            yield found


def _point(lake: Path, family: str, month: str, folder: Path) -> None:
    """The month is this folder from now on."""
    coming = lake / "held" / family / f"{month}.link"
    coming.unlink(missing_ok=True)
    os.symlink(os.path.join("..", "held", family, folder.name), coming)
    sync(folder.parent)
    os.replace(coming, lake / family / f"month={month}")
    sync(lake / family)


def sweep(lake: Path, before: float) -> None:
    """Removes the folders that no month points to any more, when they were left before this moment (Unix seconds)."""
    for family in FAMILIES:
        used = {path.resolve().name for path in (lake / family).iterdir()}
        for found in list(_held(lake, family)):
            folder = lake / "held" / family / found[0]
            if found[0] not in used and folder.stat().st_mtime < before:
                shutil.rmtree(folder)
