"""The columns of the lake's files, as they were made from the event models: columns.json beside this file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

MILLISECONDS = pa.timestamp("ms", tz="UTC")
_TYPES: dict[str, pa.DataType] = {
    "string": pa.string(), "int32": pa.int32(), "int64": pa.int64(), "double": pa.float64(), "bool": pa.bool_(),
    "date32": pa.date32(), "timestamp": MILLISECONDS,
}  # fmt: skip


@dataclass(frozen=True)
class FactRead:
    """How a fact is read: per field the way and the column. A type nobody here knows has no `fields`."""

    fact: str
    version: int | None
    hand_off: bool | None = None
    fields: Mapping[str, tuple[str, str]] | None = None


@dataclass(frozen=True)
class Columns:
    """What columns.json says."""

    events: pa.Schema
    texts: pa.Schema
    left_out: frozenset[str]
    people: frozenset[str]
    """Fields that hold a professional's pseudonym."""
    facts: Mapping[tuple[str, str], FactRead]
    """(service, `bread_sold.v1`) -> how it is read."""


@cache
def columns() -> Columns:
    """The columns of this version."""
    said: Any = orjson.loads((Path(__file__).parent / "columns.json").read_bytes())
    return Columns(
        _schema(said["events"]),
        _schema(said["texts"]),
        frozenset(said["left_out"]),
        frozenset(said["people"]),
        _facts(said["facts"]),
    )


def _schema(said: Mapping[str, str]) -> pa.Schema:
    return pa.schema([(name, _TYPES[kind]) for name, kind in said.items()])


def _facts(said: Mapping[str, Any]) -> dict[tuple[str, str], FactRead]:
    return {
        (one["service"], label): FactRead(
            one["fact"],
            one["version"],
            one["hand_off"],
            {name: (how, column[0] if column else "") for name, (how, *column) in one["fields"].items()},
        )
        for label, one in said.items()
    }
