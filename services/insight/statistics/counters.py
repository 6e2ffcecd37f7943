"""The same share from whole-number counters, which may be added up in any order and from any number of places.

State is how many spells there are per cell: the day they started, the age in days at which they ended, and the cause
(0, with age 0, while open). Every change is itself such a state; adding is all there is. So what comes late, twice
split up or corrected leaves the same numbers, to the bit; only what comes twice must be dropped before.

Days are days of the calendar and an age is the difference of two of them, so the 90th day counts whole. Against the
exact clock that moves few spells; the headline uses the clock.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from services.insight.statistics.estimate import Floats, Ints
from services.insight.statistics.incidence import Table

Cell = tuple[int, int, int]
"""Day of the start, age in days at the end, cause of the end."""
Cells = dict[Cell, int]
OPEN = 0
DAYS = 90


def start(day: int) -> Cells:
    """One spell starts on this day."""
    return {(day, 0, OPEN): 1}


def end(day: int, age: int, cause: int) -> Cells:
    """One spell that started on this day ends. It may be told before the start is."""
    if age < 0 or cause < 1:
        raise ValueError(f"a spell ends at an age of 0 days or more by a cause of 1 or more, not {age} and {cause}")
    return {(day, 0, OPEN): -1, (day, age, cause): 1}


def undo(change: Mapping[Cell, int]) -> Cells:
    """What takes this back: a correction is the old one undone and the new one added."""
    return {cell: -count for cell, count in change.items()}


def add(into: Cells, change: Mapping[Cell, int]) -> None:
    """Adds a change to a state, in place; cells of nobody are not kept, so equal states are equal."""
    for cell, count in change.items():
        total = into.get(cell, 0) + count
        if total:
            into[cell] = total
        else:
            into.pop(cell, None)


def merged(parts: Iterable[Mapping[Cell, int]]) -> Cells:
    """The state of the whole from the states of its parts."""
    whole: Cells = {}
    for part in parts:
        add(whole, part)
    return whole


def counted(days: Ints, ages: Ints, causes: Ints) -> Cells:
    """The state of many spells at once; ages of open ones are not looked at."""
    if not len(days):
        return {}
    ages = np.where(causes > OPEN, ages, 0)
    width, height = int(causes.max()) + 1, int(ages.max()) + 1
    first = int(days.min())
    keys, counts = np.unique(((days - first) * height + ages) * width + causes, return_counts=True)
    rest, cause = np.divmod(keys, width)
    day, age = np.divmod(rest, height)
    cells = zip((day + first).tolist(), age.tolist(), cause.tolist(), strict=True)
    return dict(zip(cells, counts.tolist(), strict=True))


def table(cells: Mapping[Cell, int], today: int, horizon: int = DAYS, window: int | None = None) -> Table:
    """Who was followed and who ended, for every day of age; see `table_of`."""
    keys = np.array(list(cells), dtype=np.int64).reshape(-1, 3)
    counts = np.fromiter(cells.values(), np.int64, len(cells))
    return table_of(keys[:, 0], keys[:, 1], keys[:, 2], counts, today, horizon, window)


def table_of(
    days: Ints, ages: Ints, causes: Ints, counts: Ints, today: int, horizon: int = DAYS, window: int | None = None
) -> Table:
    """Who was followed and who ended, for every day of age, from the rows of a state, as it was on the day `today`.

    With a window only the last so many days of the calendar count, today among them: then each spell is followed from
    the age it had when the window opened. What ended after today is open: so a past day is looked at by naming it.
    """
    shut = (causes > OPEN) & (days + ages <= today)
    last = np.where(shut, ages, today - days)
    first = np.zeros_like(last) if window is None else np.maximum(today - window + 1 - days, 0)
    kept = last >= first
    shut, first, last, counts, causes = shut[kept], first[kept], last[kept], counts[kept], causes[kept]
    at_risk = np.cumsum(_at(first, counts, horizon) - np.concatenate([[0.0], _at(last, counts, horizon)[:-1]]))
    ends = shut & (last <= horizon)
    width = int(causes[ends].max(initial=1))
    cells = _at(last[ends] * width + causes[ends] - 1, counts[ends], (horizon + 1) * width - 1)
    ended = cells.astype(np.int64).reshape(horizon + 1, width)
    # An end that is told before its start counts as at risk when it ends, so no more end than there are.
    at_risk = np.maximum(at_risk, ended.sum(axis=1))
    return Table(np.arange(horizon + 1.0), at_risk, ended, int(counts.sum()), _seen_until(at_risk))


def _at(places: Ints, counts: Ints, last: int) -> Floats:
    """How many there are at each place up to the last; whole numbers, which a float holds exactly up to 2**53."""
    near = places <= last
    return np.bincount(places[near], weights=counts[near], minlength=last + 1).astype(np.float64)


def _seen_until(at_risk: Floats) -> float:
    gaps = np.flatnonzero(at_risk <= 0)
    return float(gaps[0] - 1 if len(gaps) else len(at_risk) - 1)
