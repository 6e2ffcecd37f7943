"""Slices: which part of the rows a figure is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.insight.measures.frame import Frame, Rows

DIMENSIONS: Mapping[str, tuple[str, str]] = {
    "municipality": ("gemeente", "municipality"),
    "provider": ("aanbieder", "provider"),
    "trajectory": ("traject", "trajectory"),
    "direction": ("richting", "direction"),
    "month": ("maand", "month"),
    "warm": ("warme overdracht", "warm hand-off"),
    "diagnosed_before": ("vooraf gediagnosticeerd", "diagnosed before"),
    "channel": ("aanmelding", "channel"),
    "instrument": ("instrument", "instrument"),
}
"""Dimension -> (Dutch, English)."""
_YES_NO = {"yes": 1, "no": 0}
Slice = Mapping[str, str]


@dataclass
class SliceUnknown(Exception):  # noqa: N818 - an answer, not a fault
    """There is no such slice: the dimension does not exist or has no such value."""

    dimension: str
    possible: tuple[str, ...]


@dataclass
class SliceImpossible(Exception):  # noqa: N818 - as above
    """The measure cannot be cut along this dimension."""

    dimension: str
    possible: tuple[str, ...]


def values_of(frame: Frame, dimension: str) -> tuple[str, ...]:
    """The values that a dimension has in these rows, in their order. Raises SliceUnknown when there is no such one."""
    if dimension not in DIMENSIONS:
        raise SliceUnknown(dimension, tuple(DIMENSIONS))
    if dimension in ("warm", "diagnosed_before"):
        return tuple(_YES_NO)
    found = {word for rows in frame.values() if dimension in rows.words for word in rows.words[dimension]}
    return tuple(sorted(found))


def check(frame: Frame, wanted: Slice) -> None:
    """Raises SliceUnknown when a dimension or a value does not exist."""
    for dimension, value in wanted.items():
        possible = values_of(frame, dimension)
        if value not in possible:
            raise SliceUnknown(dimension, possible)


def cut(rows: Rows, wanted: Slice) -> Rows:
    """The rows of a slice. Raises SliceImpossible when rows of this kind do not know a dimension."""
    for dimension in wanted:
        if dimension not in rows.columns:
            raise SliceImpossible(dimension, tuple(name for name in DIMENSIONS if name in rows.columns))
    if not wanted:
        return rows
    return rows.of(np.logical_and.reduce([_where(rows, name, value) for name, value in wanted.items()]))


def _where(rows: Rows, dimension: str, value: str) -> NDArray[np.bool_]:
    if dimension in rows.words:
        return rows.is_(dimension, value)
    found: NDArray[np.bool_] = rows[dimension] == _YES_NO[value]
    return found


def groups(rows: Rows, dimension: str) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Per row the place of its value in a dimension, and the values."""
    if dimension not in rows.columns:
        raise SliceImpossible(dimension, tuple(name for name in DIMENSIONS if name in rows.columns))
    column: Any = rows[dimension]
    if dimension in rows.words:
        return column.astype(np.int64), rows.words[dimension]
    return column.astype(np.int64), ("no", "yes")
