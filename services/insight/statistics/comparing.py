"""Providers beside what was to be expected of their people: a ratio, what is left of it by shrinking, and the funnel.

Nothing here has a rank, and none can be read from the order: results stand as the providers were given. Beside every
comparison stands what it could have seen; 'cannot be known' is an answer.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from services.insight.statistics.estimate import LEVEL, Estimate, Floats, poisson, z_of
from services.insight.statistics.funnel import INNER, OUTER, Spread, Variant, limits, spread
from services.insight.statistics.incidence import Table
from services.insight.statistics.shrinking import pooled, shrink

POWER = 0.8
Place = Literal["within", "between", "outside"]
"""Within the inner limits, between them and the outer ones, or outside both: that calls for a talk, no more."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One provider beside what was to be expected of its people."""

    observed: int
    expected: float
    ratio: Estimate
    """Observed / expected, with the interval of a Poisson count."""
    shrunk: Estimate
    """The same, drawn towards the whole by as much as chance can explain: the figure to publish."""
    inner: tuple[float, float]
    outer: tuple[float, float]
    """Limits of the funnel at this provider's size."""
    place: Place
    seen_above: float
    """The smallest ratio above 1 that would have passed the inner limit in four out of five cases."""
    seen_below: float
    """The largest ratio below 1 for which the same holds; 0 when none is small enough."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All providers, in the order in which they were given."""

    providers: tuple[Compared, ...]
    spread: Spread
    middle: float
    """The mean log ratio, each weighing as much as it says."""
    between: float
    """Variance of the log ratio between providers, beyond chance (DerSimonian and Laird 1986)."""


def compare(observed: Floats, expected: Floats, variant: Variant = "shmi", level: float = LEVEL) -> Comparison:
    """Compares providers by counts and by what was to be expected. Raises ValueError where nothing was expected."""
    if len(observed) != len(expected) or not (np.all(expected > 0) and np.all(observed >= 0)):
        raise ValueError("every provider must have a count and an expectation above 0")
    if not len(observed):
        return Comparison((), Spread(0.0, 0.0, variant), 0.0, 0.0)
    found = spread(observed, expected, variant)
    middle, between = pooled(np.log((observed + 0.5) / (expected + 0.5)), 1 / np.sqrt(observed + 0.5))
    shrunk = np.exp(shrink(observed, expected, level))
    inner, outer = limits(expected, found, INNER), limits(expected, found, OUTER)
    rows = np.column_stack([observed, expected, *shrunk, *inner, *outer, *seen(expected, found)])
    return Comparison(tuple(_compared(row, level) for row in rows.tolist()), found, middle, between)


def _compared(row: list[float], level: float) -> Compared:
    observed, expected, value, low, high, inner_low, inner_high, outer_low, outer_high, above, below = row
    count, own = round(observed), observed / expected
    place: Place = "within" if inner_low <= own <= inner_high else "between"
    return Compared(
        observed=count,
        expected=expected,
        ratio=ratio_of(count, expected, level),
        shrunk=Estimate(value, low, high, count, count, None, level),
        inner=(inner_low, inner_high),
        outer=(outer_low, outer_high),
        place=place if outer_low <= own <= outer_high else "outside",
        seen_above=above,
        seen_below=below,
    )


def ratio_of(observed: int, expected: float, level: float = LEVEL) -> Estimate:
    """Observed / expected with the exact interval of the count; the expectation is taken as known."""
    low, high = poisson(observed, level)
    return Estimate(observed / expected, low / expected, high / expected, observed, observed, None, level)


def seen(expected: Floats, found: Spread, power: float = POWER) -> tuple[Floats, Floats]:
    """Smallest ratio above 1, and largest below, that would pass the inner limits with this chance.

    The limits hold ordinary differences as well; around a given provider's own ratio there is chance alone.
    """
    low, high = limits(expected, found, INNER)
    # The root of a count varies by a half, whatever its mean.
    reach = z_of(2 * power - 1) / (2 * np.sqrt(expected))
    return (np.sqrt(high) + reach) ** 2, np.maximum(np.sqrt(low) - reach, 0) ** 2


def as_share(whole: Table, ratio: float, cause: int = 1) -> float:
    """What the share at the horizon would be if everybody were returned at this ratio: a ratio made readable.

    Rests on the whole's own table, other ends as they are there; so jobs can neither flatter nor hurt a provider.
    """
    own, all_ends = whole.of_cause(cause), whole.ended.sum(axis=1)
    n = np.maximum(whole.at_risk, 1)
    other = (all_ends - own) / n
    hazard = np.minimum(ratio * own / n, 1 - other)
    left = np.concatenate([[1.0], np.cumprod(1 - hazard - other)[:-1]])
    return float(left @ hazard)
