"""A figure with its uncertainty: the one form in which statistics leave this package, and the intervals they get."""

from dataclasses import dataclass
from functools import cache
from math import exp, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

LEVEL = 0.95
"""How sure an interval is, unless asked otherwise."""
EXACT = 100
"""Up to this count the Poisson interval is exact; beyond it Wilson and Hilferty's form differs by 1 in 80,000."""

EDGE = 1e-12
"""A share so near 0 or 1 is 0 or 1, but for rounding."""
TOO_FAR = 50.0
"""No bound need lie further than this on a scale of logarithms, doubly so or not."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its interval; None as value: it cannot be known from these data, None as a bound: there is none."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    """How many people, spells or days it rests on."""
    events: int
    """How often that which is counted was seen."""
    error: float | None = None
    """Standard error on the scale of `value`; None where the scale of the interval is another one."""
    level: float = LEVEL
    complete: bool = True
    """False: nobody was followed as far as was asked; then the value is what was seen so far."""


def z_of(level: float) -> float:
    """How many standard errors an interval of this level reaches to either side. Raises ValueError outside (0, 1)."""
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    return NormalDist().inv_cdf((1 + level) / 2)


def wilson(share: Floats, n: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Interval of a share of n (Wilson 1927). n may be an effective size; with n = 0 it is all from 0 to 1."""
    z = z_of(level)
    centre = (n * share + z * z / 2) / (n + z * z)
    half = z * np.sqrt(n * share * (1 - share) + z * z / 4) / (n + z * z)
    return np.clip(np.minimum(centre - half, share), 0, 1), np.clip(np.maximum(centre + half, share), 0, 1)


def log_log(share: Floats, variance: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Interval of a share on the scale of log(-log); only for shares strictly between 0 and 1."""
    spread = np.clip(z_of(level) * np.sqrt(variance) / (share * np.log(share)), -TOO_FAR, TOO_FAR)
    return share ** np.exp(-spread), share ** np.exp(spread)


def share_of(events: int, n: int, level: float = LEVEL) -> Estimate:
    """A plain share, of things that are all known."""
    if not 0 <= events <= n:
        raise ValueError(f"events must lie between 0 and n, not {events} of {n}")
    share = events / n if n else 0.0
    low, high = wilson(np.array([share]), np.array([float(n)]), level)
    error = sqrt(share * (1 - share) / n) if n else None
    return Estimate(share if n else None, float(low[0]), float(high[0]), n, events, error, level)


def poisson(count: int, level: float = LEVEL) -> tuple[float, float]:
    """Interval of the mean of which this count was one draw (Garwood 1936)."""
    tail = (1 - level) / 2
    low = _mean_with(count - 1, 1 - tail) if count else 0.0
    return low, _mean_with(count, tail)


@cache
def _mean_with(count: int, chance: float) -> float:
    """The mean at which a Poisson count is at most `count` with this chance."""
    shape = count + 1
    z = -NormalDist().inv_cdf(chance)
    near = float(shape * (1 - 1 / (9 * shape) + z / (3 * sqrt(shape))) ** 3)
    if count > EXACT:
        return near
    low, high = 0.0, 2 * shape + 50.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(count, middle) > chance else (low, middle)
    return (low + high) / 2


def _at_most(count: int, mean: float) -> float:
    """The chance that a Poisson count with this mean is at most `count`."""
    term = total = exp(-mean)
    for step in range(1, count + 1):
        term *= mean / step
        total += term
    return total


def difference(after: Estimate, before: Estimate) -> Estimate:
    """After minus before, of two that do not overlap, from both intervals (Newcombe 1998, square and add)."""
    n, events, complete = after.n + before.n, after.events + before.events, after.complete and before.complete
    if after.value is None or before.value is None:
        return Estimate(None, None, None, n, events, None, after.level, False)
    step = after.value - before.value
    down = _both(_off(after.value, after.low), _off(before.value, before.high))
    up = _both(_off(after.value, after.high), _off(before.value, before.low))
    low, high = (None if down is None else step - down), (None if up is None else step + up)
    return Estimate(step, low, high, n, events, _both(after.error, before.error), after.level, complete)


def _off(value: float, bound: float | None) -> float | None:
    return None if bound is None else value - bound


def _both(one: float | None, other: float | None) -> float | None:
    """The root of the squares added up; None when one of the two is."""
    return None if one is None or other is None else sqrt(one * one + other * other)
