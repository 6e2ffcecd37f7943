"""A change that came to one municipality earlier than to another: what it did, from those where it had not come yet.

Imputation (Borusyak, Jaravel and Spiess 2024): learn each municipality's and each month's own level where the change
had not come yet, say what would have been without it, and take the mean of what is above that. Comparing early with
late directly, as two-way fixed effects do, counts those already changed as if they had not been.
"""

from dataclasses import dataclass

import numpy as np

from services.insight.statistics.estimate import LEVEL, Estimate, Flags, Floats, Ints, z_of

NEVER = np.iinfo(np.int64).max
"""The change never came, or not yet."""
LEADS = 4


@dataclass(frozen=True, slots=True)
class Staggered:
    """The effect, and what is needed to believe it."""

    effect: Estimate
    """Mean effect over all cells (municipality and month) where the change had come and that could be imputed."""
    by_age: tuple[Estimate, ...]
    """The effect by number of months since the change."""
    leads: tuple[Estimate, ...]
    """Placebo: the 'effect' one, two, ... months before the change. These must lie about 0."""
    never: int
    """Municipalities to which it never came: without them the last months say nothing."""
    left_out: int
    """Cells that could not be imputed: nobody in that month was without the change, or that municipality never was."""


def staggered(values: Floats, since: Ints, leads: int = LEADS, level: float = LEVEL) -> Staggered:
    """Effect on `values` (a row per municipality, a column per month) of a change that came in its month `since`.

    NaN: not known. Errors take a municipality as the unit. Raises ValueError where nothing is left to compare.
    """
    months = values.shape[1]
    age = np.arange(months) - since[:, None]
    known = np.isfinite(values)
    free, treated = known & (age < 0), known & (age >= 0)
    usable = _imputable(treated, free)
    if not usable.any():
        raise ValueError("there is no municipality to compare with")
    fitted = _fit(values, free)
    ages = (usable & (age == one) for one in range(int(age[usable].max()) + 1))
    return Staggered(
        effect=_effect(fitted, usable, age, level),
        by_age=tuple(_effect(fitted, cells, age, level) for cells in ages if cells.any()),
        leads=tuple(_lead(values, known, age, lead, level) for lead in range(1, leads + 1)),
        never=int((since >= months).sum()),
        left_out=int(treated.sum() - usable.sum()),
    )


def _imputable(treated: Flags, free: Flags) -> Flags:
    """Cells of a municipality and of a month that both were seen without the change."""
    found: Flags = treated & np.any(free, axis=1)[:, None] & np.any(free, axis=0)
    return found


def _lead(values: Floats, known: Flags, age: Ints, lead: int, level: float) -> Estimate:
    """What the same method finds in the first month when the change is said to have come so many months early."""
    free = known & (age < -lead)
    cells = _imputable(known & (age == -lead), free)
    if not cells.any():
        return Estimate(None, None, None, 0, 0, None, level, False)
    return _effect(_fit(values, free), cells, age, level)


@dataclass(frozen=True, slots=True)
class _Fitted:
    """Levels of municipalities and months, learned from the cells without the change."""

    free: Flags
    above: Floats
    """What each cell is above what it would be without the change; 0 where not known."""
    inverse: Floats
    """Of the months' part of the normal equations, the municipalities taken out."""


def _fit(values: Floats, free: Flags) -> _Fitted:
    weight = free.astype(np.float64)
    own = np.maximum(weight.sum(axis=1), 1)
    inverse = np.linalg.pinv(
        np.diag(weight.sum(axis=0)) - weight.T @ (weight / own[:, None]), rcond=1e-9, hermitian=True
    )
    known = np.where(np.isfinite(values), values, 0.0)
    seen = known * weight
    levels = _levels(weight, inverse, seen.sum(axis=1), seen.sum(axis=0))
    return _Fitted(free, np.where(np.isfinite(values), values - levels, 0.0), inverse)


def _levels(weight: Floats, inverse: Floats, of_rows: Floats, of_columns: Floats) -> Floats:
    """Solves the normal equations of one level per row and one per column; their sum, for every cell."""
    own = np.maximum(weight.sum(axis=1), 1)
    months = inverse @ (of_columns - weight.T @ (of_rows / own))
    rows = (of_rows - weight @ months) / own
    levels: Floats = rows[:, None] + months
    return levels


def _effect(fitted: _Fitted, cells: Flags, age: Ints, level: float) -> Estimate:
    """Mean over these cells, with an error by municipality that also holds when effects differ (their equation 8)."""
    many = int(cells.sum())
    share, weight = cells / many, fitted.free.astype(np.float64)
    # The mean is a weighted sum of all values: these are the weights of the cells it was learned from.
    drawn = -weight * _levels(weight, fitted.inverse, share.sum(axis=1), share.sum(axis=0))
    whole = share + drawn
    if not (np.allclose(whole.sum(axis=1), 0, atol=1e-9) and np.allclose(whole.sum(axis=0), 0, atol=1e-9)):
        raise ValueError("some municipalities and months cannot be compared with any other")
    value = float(fitted.above[cells].mean())
    surprise = np.where(fitted.free, fitted.above, 0.0)
    surprise[cells] = (fitted.above - _mean_by_age(fitted.above, cells, age))[cells]
    by_row = (whole * surprise).sum(axis=1)
    involved = int(np.count_nonzero((fitted.free | cells).any(axis=1)))
    error = float(np.sqrt(by_row @ by_row * involved / max(involved - 1, 1)))
    return Estimate(value, value - z_of(level) * error, value + z_of(level) * error, involved, many, error, level)


def _mean_by_age(above: Floats, cells: Flags, age: Ints) -> Floats:
    """The mean of the cells of the same age, for each cell."""
    kept = np.where(cells, age - age[cells].min(), 0)
    sums = np.bincount(kept[cells], weights=above[cells])
    means: Floats = (sums / np.maximum(np.bincount(kept[cells]), 1))[kept]
    return means
