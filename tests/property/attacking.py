"""An outsider who asks all there is to ask and subtracts: what is left of a whole, along rows and columns, again and
again. Nothing here knows how figures are held back; only that what is rounded may lie half a step off."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
FAR = 10**6
STEP = 5
SMALL = 10


@dataclass
class Table:
    """Counts of two dimensions as an outsider bounds them, with a row and a column for what is in no part, and last the
    totals: low <= truth <= high."""

    low: Ints
    high: Ints


def told(count: int | None, exact: bool) -> tuple[int, int]:
    """What a number that is shown, or not, says."""
    if count is None:
        return 0, FAR
    return (count, count) if exact else (max(0, count - STEP), count + STEP)


def solved(table: Table) -> Table:
    """All that follows by subtraction: of each line the total is the sum of the parts."""
    low, high = table.low.copy(), table.high.copy()
    for _ in range(50):
        before = (low.copy(), high.copy())
        for lows, highs in ((low, high), (low.T, high.T)):
            _along(lows, highs)
        if np.array_equal(before[0], low) and np.array_equal(before[1], high):
            break
    return Table(low, high)


def _along(low: Ints, high: Ints) -> None:
    """Bounds of each row's parts by its total and the other parts, and of its total by its parts."""
    lows, highs = low[:, :-1].sum(1, keepdims=True), high[:, :-1].sum(1, keepdims=True)
    low[:, -1:], high[:, -1:] = np.maximum(low[:, -1:], lows), np.minimum(high[:, -1:], highs)
    parts_low, parts_high = low[:, :-1].copy(), high[:, :-1].copy()
    low[:, :-1] = np.maximum(parts_low, low[:, -1:] - (highs - parts_high))
    high[:, :-1] = np.minimum(parts_high, high[:, -1:] - (lows - parts_low))


def found(table: Table) -> Iterator[tuple[int, int, int]]:
    """(row, column, count) of the small counts that are known for sure, totals among them."""
    known = solved(table)
    for row, column in np.argwhere((known.low == known.high) & (known.low > 0) & (known.low < SMALL)).tolist():
        yield row, column, int(known.low[row, column])


def left_over(whole: int | None, parts: Sequence[int | None]) -> int | None:
    """What the parts that are not shown are together, when the whole is shown."""
    return None if whole is None else whole - sum(part for part in parts if part is not None)
