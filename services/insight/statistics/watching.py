"""Watching for change day by day, without waiting until day 90: observed minus expected returns, and waits.

Expected is person-days at risk times the hazard that was usual, so a referral of yesterday counts for yesterday. An
alarm asks to look; it says nothing of why. The form of the sum is that of Steiner and Jones (2010).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log, sqrt

import numpy as np

from services.insight.statistics.counters import OPEN, Cell
from services.insight.statistics.estimate import Flags, Floats, Ints
from services.insight.statistics.incidence import Table, incidence

RATIO = 1.5
"""The change that must be found quickly: returns half as frequent again."""
FALSE_ALARM = 0.10
"""Chance of an alarm within five years in which nothing changed."""
FIVE_YEARS = 1_826


def cusum(observed: Floats | Ints, expected: Floats, ratio: float = RATIO) -> Floats:
    """C_t = max(0, C_(t-1) + O ln R - (R - 1) E), along the last axis; R below 1 looks for improvement."""
    if not (ratio > 0 and ratio != 1):
        raise ValueError("ratio must be above 0, and not 1")
    total = np.cumsum(np.asarray(observed) * log(ratio) - (ratio - 1) * expected, axis=-1)
    return total - np.minimum(np.minimum.accumulate(total, axis=-1), 0.0)


def alarms(observed: Floats | Ints, expected: Floats, threshold: float, ratio: float = RATIO) -> list[int]:
    """The days on which the sum passed the threshold; after each it starts again from nothing."""
    found: list[int] = []
    begin = 0
    while begin < len(observed):
        passed = np.flatnonzero(cusum(observed[begin:], expected[begin:], ratio) > threshold)
        if not len(passed):
            break
        found.append(begin + int(passed[0]))
        begin = found[-1] + 1
    return found


def hazard(usual: Table, cause: int = 1) -> Floats:
    """The part of those still there that returns on each day of age, in the time that counts as usual."""
    return usual.of_cause(cause) / np.maximum(usual.at_risk, 1)


def returning(usual: Table, cause: int = 1) -> Floats:
    """The part of an intake that returns on each day of age, other ends and all."""
    return np.diff(incidence(usual, cause), prepend=0.0)


def by_day(cells: Mapping[Cell, int], usual: Floats, since: int, today: int, cause: int = 1) -> tuple[Floats, Floats]:
    """Returns observed and expected on each day from `since` to `today`, from counters and the usual hazard by age."""
    rows = np.array([(*cell, count) for cell, count in cells.items()], dtype=np.int64).reshape(-1, 4)
    day, age, how, count = rows[rows[:, 0] <= today].T
    shut = (how > OPEN) & (day + age <= today)
    last, many = np.where(shut, age, today - day), len(usual)
    seen = shut & (how == cause) & (age < many) & (day + age >= since)
    span = today - since + 1
    observed = np.bincount((day + age - since)[seen], weights=count[seen], minlength=span).astype(np.float64)
    # A spell stands in the row of its first day and the column of its last age; at risk is who leaves then or later.
    first = min(since, int(day.min(initial=since)))
    leaving = np.zeros((today - first + 1, many))
    np.add.at(leaving, (day - first, np.minimum(last, many - 1)), count)
    at_risk = np.cumsum(leaving[:, ::-1], axis=1)[:, ::-1]
    expected = np.zeros(len(at_risk) + many)
    for column, rate in enumerate(usual.tolist()):
        expected[column : column + len(at_risk)] += at_risk[:, column] * rate
    return observed, expected[since - first : since - first + span]


def threshold(
    per_day: Floats | float,
    by_age: Floats,
    *,
    ratio: float = RATIO,
    false_alarm: float = FALSE_ALARM,
    days: int = FIVE_YEARS,
    paths: int = 1_000,
    seed: int = 0,
) -> float:
    """The threshold at which this intake, unchanged, gives an alarm within `days` with the chance `false_alarm`.

    `per_day` is the mean intake per day (one figure, or one for each day of a week that comes round), `by_age` the part
    of it that returns at each age. Intakes and returns are drawn anew on every path; with the same seed the answer is
    the same.
    """
    rng = np.random.default_rng(seed)
    run_in = len(by_age)
    mean = np.resize(np.asarray(per_day, dtype=np.float64), run_in + days)
    highest = np.empty(paths)
    for path in range(paths):
        expected = np.convolve(rng.poisson(mean), by_age)[run_in : run_in + days]
        highest[path] = cusum(rng.poisson(expected), expected, ratio).max()
    return float(np.quantile(highest, 1 - false_alarm, method="higher"))


@dataclass(frozen=True, slots=True)
class Smoothed:
    """A series with its noise taken out, and where it lies when nothing has changed."""

    value: Floats
    low: Floats
    high: Floats
    outside: Flags


def ewma(waits: Floats, mean: float, deviation: float, weight: float = 0.2, width: float = 3.0) -> Smoothed:
    """Exponentially weighted mean of waits, in the order in which they came (Roberts 1959).

    `mean` and `deviation` are those of a time that was in order, on the scale of `waits`; waits are skew, so give
    logarithms.
    """
    if not 0 < weight <= 1:
        raise ValueError("weight must be above 0 and at most 1")
    smooth, level = np.empty(len(waits)), mean
    for place, wait in enumerate(waits.tolist()):
        level = weight * wait + (1 - weight) * level
        smooth[place] = level
    age = np.arange(1, len(waits) + 1)
    reach = width * deviation * sqrt(weight / (2 - weight)) * np.sqrt(1 - (1 - weight) ** (2 * age))
    low, high = mean - reach, mean + reach
    return Smoothed(smooth, low, high, (smooth < low) | (smooth > high))
