"""An export into a file: whole or not at all, and only for who reads this account's files."""

import gzip
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Literal, get_args

from pydantic import TypeAdapter, ValidationError

from services.insight.exports import ocel_json, ocel_sqlite, xes
from services.insight.exports.attributes import coded
from services.insight.exports.progress import Progress, Told
from services.insight.exports.reading import Connection, Part, one, reading
from services.insight.lake.folders import sync
from shared.facts import Municipality
from shared.refusals import Refused, Sentences

Kind = Literal["ocel-json", "ocel-sqlite", "xes"]
SENTENCES: Sentences = {
    "lake_missing": ("In deze map staat geen datameer.", "There is no lake in this folder."),
    "period_empty": ("Het einde moet na het begin liggen.", "The end must lie after the beginning."),
    "not_compressed": (
        "SQLite wordt niet ingepakt; kies een naam zonder .gz.",
        "SQLite is not compressed; choose a name without .gz.",
    ),
}
_MUNICIPALITY: TypeAdapter[str] = TypeAdapter(Municipality)
_STREAMS: dict[str, Callable[[Connection, IO[bytes], Told], None]] = {"ocel-json": ocel_json.write, "xes": xes.write}


@dataclass(frozen=True)
class Exported:
    """What is in the file. For XES objects are traces, and there are no relations."""

    events: int
    objects: int
    relations: int
    withheld: int
    """Values that were to be codes and are not written like one: they are not in it."""
    undated: int
    """Facts that do not say when they happened: they are not in it."""


def export(
    lake: Path,
    kind: Kind,
    out: Path,
    *,
    municipality: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    progress: Progress | None = None,
) -> Exported:
    """Writes what happened from `since` on and before `until`, in this municipality, to `out`; over what was there.

    `out` is compressed when its name ends in .gz. The same lake gives the same bytes, or for SQLite the same tables.
    Individual cases are in it: it is for the data's own controller (see the package). Raises Refused, OSError.
    """
    check(lake, kind, out, municipality, since, until)
    told = Told(progress)
    with TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as beside:
        half = Path(beside) / "half"
        half.touch(0o600)
        with reading(lake, Part(municipality, since, until), Path(beside) / "spill") as connection:
            if kind == "ocel-sqlite":
                ocel_sqlite.write(connection, half, told)
            else:
                with _opened(half, out.suffix == ".gz") as file:
                    _STREAMS[kind](connection, file, told)
            left = _left_out(connection)
        _flush(half)
        os.replace(half, out)
    sync(out.parent)
    if progress is not None:
        progress(told.event_count)
    return Exported(told.event_count, told.object_count, told.relation_count, *left)


def check(
    lake: Path, kind: str, out: Path, municipality: str | None, since: datetime | None, until: datetime | None
) -> None:
    """Raises Refused, and names the field, when this cannot be exported."""
    if kind not in get_args(Kind):
        raise Refused("field_invalid", "kind", get_args(Kind))
    if kind == "ocel-sqlite" and out.suffix == ".gz":
        raise Refused("not_compressed", "out")
    if not any(lake.glob("events/month=*/*.parquet")):
        raise Refused("lake_missing", "lake")
    for field, moment in (("since", since), ("until", until)):
        if moment is not None and moment.utcoffset() is None:
            raise Refused("time_invalid", field)
    if since is not None and until is not None and until <= since:
        raise Refused("period_empty", "until")
    if municipality is not None:
        try:
            _MUNICIPALITY.validate_python(municipality)
        except ValidationError:
            raise Refused("field_invalid", "municipality") from None


@contextmanager
def _opened(path: Path, compressed: bool) -> Iterator[IO[bytes]]:
    """The file to write in; compressed without a name and a time, which would make other bytes each time."""
    with path.open("wb") as plain:
        if not compressed:
            yield plain
            return
        with gzip.GzipFile("", "wb", fileobj=plain, mtime=0) as packed:
            yield packed  # type: ignore[misc]


def _left_out(connection: Connection) -> tuple[int, int]:
    """Values that are no codes, and facts without a moment."""
    odd = " + ".join(f'count(*) FILTER ("{name}" IS NOT NULL AND code("{name}") IS NULL)' for name in coded())
    return (
        one(connection, f"SELECT {odd} FROM told"),  # noqa: S608 - our own names
        one(connection, "SELECT count(*) FROM events WHERE occurred_at IS NULL"),
    )


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
