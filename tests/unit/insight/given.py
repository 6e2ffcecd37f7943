"""Worlds of which the truth is known, and the wrong ways to measure them that must be told from the right one."""

from collections.abc import Callable

import numpy as np

from services.insight.statistics.estimate import Floats, Ints
from services.insight.statistics.incidence import Spells, incidence, returned, split, table

Measure = Callable[[Spells, float], float]
"""What share had returned by this many days."""
RETURNED, JOB, OTHER = 1, 2, 3
DAYS = np.arange(1, 1_000)
RETURNING = np.select([DAYS < 14, DAYS < 45, DAYS < 90], [0.0024, 0.0056, 0.0040], 0.0014) * 1.1009
"""Chance to return on each day, of those still there; chosen so that 30 of 100 are back by day 90."""
WORKING = np.where(DAYS < 90, 0.0030, 0.0015)
LEAVING = np.full(len(DAYS), 0.0006)
HAZARDS = np.stack([RETURNING, WORKING, LEAVING])


def truth(horizon: int = 90, hazards: Floats = HAZARDS) -> Floats:
    """The share that has ended by this day, by cause, when nobody is lost sight of."""
    left = np.concatenate([[1.0], np.cumprod(1 - hazards.sum(axis=0))[:-1]])
    return np.cumsum(left * hazards, axis=1)[:, horizon - 1]


def ends(rng: np.random.Generator, many: int, hazards: Floats = HAZARDS, after: Ints | int = 0) -> tuple[Ints, Ints]:
    """On which day of age and by which cause referrals end that have lasted for `after` days; so many of them.

    Those still there on the last day end then.
    """
    left = np.concatenate([[1.0], np.cumprod(1 - hazards.sum(axis=0))])
    days = np.searchsorted(-left, -rng.random(many) * left[after])
    days = np.minimum(days, len(left) - 1)
    shares = np.cumsum(hazards, axis=0) / hazards.sum(axis=0)
    return days, 1 + (rng.random(many) > shares[:-1, days - 1]).sum(axis=0)


def followed(rng: np.random.Generator, many: int, days: int = 270, hazards: Floats = HAZARDS) -> tuple[Spells, Ints]:
    """Referrals of days 0 to `days`, with a growing intake, as they stand on the last; and the day each was made."""
    started = np.floor(days * rng.random(many) ** 0.4).astype(np.int64)
    ended, causes = ends(rng, many, hazards)
    ages = days - started
    return Spells(np.minimum(ended, ages), np.where(ended <= ages, causes, 0)), started


def right(spells: Spells, horizon: float) -> float:
    """Aalen and Johansen's."""
    return float(returned(spells, horizon).value or 0)


def jobs_ignored(spells: Spells, horizon: float) -> float:
    """1 - Kaplan-Meier: whoever found a job counts as still to return."""
    only = Spells(spells.durations, np.where(spells.causes == RETURNED, RETURNED, 0))
    return float(incidence(table(only, horizon))[-1])


def so_far(spells: Spells, horizon: float) -> float:
    """Returns per referral so far: whoever was referred yesterday counts as a success."""
    return float(((spells.causes == RETURNED) & (spells.durations <= horizon)).mean())


def open_ignored(spells: Spells, horizon: float) -> float:
    """Returns per referral that has ended: whoever is still under way does not exist."""
    return so_far(spells.of(spells.causes > 0), horizon)


def in_each(groups: Ints, spells: Spells, measure: Measure, horizon: float = 90) -> Floats:
    """The measure for each group."""
    return np.array([measure(part, horizon) for _, part in split(groups, spells)])
