"""What the measures are computed from: columns per kind of row, as numbers; sliced, and looked at as of a moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Column = NDArray[Any]
NEVER = np.iinfo(np.int64).max
"""A moment that has not come."""
UNKNOWN = -1
"""No word, and neither yes nor no."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one kind. Moments are milliseconds (NEVER when there is none), words are places in `words`, yes or no is
    1 or 0; what is not known is UNKNOWN."""

    columns: Mapping[str, Column]
    words: Mapping[str, tuple[str, ...]]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def of(self, which: NDArray[np.bool_]) -> "Rows":
        """Only these."""
        return Rows({name: column[which] for name, column in self.columns.items()}, self.words)

    def is_(self, name: str, word: str) -> NDArray[np.bool_]:
        """Where a column holds this word."""
        known = self.words[name]
        found: NDArray[np.bool_] = self[name] == (known.index(word) if word in known else UNKNOWN - 1)
        return found

    def any_of(self, name: str, *words: str) -> NDArray[np.bool_]:
        """Where a column holds one of these words."""
        found: NDArray[np.bool_] = np.logical_or.reduce([self.is_(name, word) for word in words])
        return found


Frame = Mapping[str, Rows]
"""By kind of row: `referrals`, `returns`, …"""


def rows_of(table: pa.Table) -> Rows:
    """The rows of an Arrow table; words are numbered in the order in which they first come."""
    columns: dict[str, Column] = {}
    words: dict[str, tuple[str, ...]] = {}
    for name in table.column_names:
        column = table.column(name).combine_chunks()
        if pa.types.is_string(column.type):
            coded = column.dictionary_encode()
            words[name] = tuple(coded.dictionary.to_pylist())
            columns[name] = coded.indices.fill_null(UNKNOWN).to_numpy(zero_copy_only=False)
        else:
            columns[name] = _numbers(column)
    return Rows(columns, words)


def _numbers(column: Any) -> Column:
    kind = column.type
    if pa.types.is_boolean(kind):
        found = column.cast(pa.int8()).fill_null(UNKNOWN)
    elif pa.types.is_timestamp(kind):
        found = column.cast(pa.timestamp("ms", tz=kind.tz)).cast(pa.int64()).fill_null(NEVER)
    elif pa.types.is_date(kind):
        found = column.cast(pa.timestamp("ms")).cast(pa.int64()).fill_null(NEVER)
    else:
        found = column.fill_null(UNKNOWN)
    numbers: Column = found.to_numpy(zero_copy_only=False)
    return numbers


def renewed(before: Rows, fresh: Rows, cases: NDArray[np.int64], key: str) -> Rows:
    """Rows with those of some cases taken out and the fresh ones put in, in the order of the key: as if all were made
    anew. Both are in that order, and no two cases have one key."""
    stays = ~np.isin(before["case_id"], cases)
    places = np.searchsorted(before[key][stays], fresh[key])
    columns: dict[str, Column] = {}
    words: dict[str, tuple[str, ...]] = {}
    for name, column in before.columns.items():
        if name in before.words:
            known, added = _together(before.words[name], fresh.words[name])
            codes = added[fresh[name]]
            columns[name], words[name] = _numbered(np.insert(column[stays], places, codes), known)
        else:
            columns[name] = np.insert(column[stays], places, fresh[name])
    return Rows(columns, words)


def _together(words: tuple[str, ...], others: tuple[str, ...]) -> tuple[tuple[str, ...], Column]:
    """The words and then those of the others that are new; and where each of the others is now (UNKNOWN stays)."""
    place = {word: number for number, word in enumerate(words)}
    found = [place.setdefault(word, len(place)) for word in others]
    return tuple(place), np.array([*found, UNKNOWN], np.int32)


def _numbered(codes: Column, words: tuple[str, ...]) -> tuple[Column, tuple[str, ...]]:
    """The words that occur, in the order in which they first do."""
    first = np.full(len(words) + 1, len(codes))
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    order = np.argsort(first[:-1], kind="stable")
    order = order[first[order] < len(codes)]
    place = np.full(len(words) + 1, UNKNOWN, np.int32)
    place[order] = np.arange(len(order))
    return place[codes], tuple(words[number] for number in order)
