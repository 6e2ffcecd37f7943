"""An early signal per provider: returns observed less expected, day by day, without waiting for day 90.

The threshold is drawn from the provider's own intake, so that one that does not change gives an alarm in five years
with a chance of one in ten. An alarm asks for a talk, no more.
"""

from dataclasses import dataclass

import numpy as np

from services.insight.measures.disclosing import SMALL
from services.insight.measures.frame import Frame, Rows
from services.insight.measures.referring import DAY, first, spells
from services.insight.statistics import counters, watching
from services.insight.statistics.estimate import Floats
from services.insight.statistics.incidence import Spells, table

HORIZON = 90
_PATHS = 400


@dataclass(frozen=True)
class Signal:
    """One provider: the course of its chart (a value per day), the threshold, and the days on which it was passed."""

    provider: str
    n: int
    threshold: float
    now: float
    alarms: tuple[str, ...]
    """Dates."""


def signals(frame: Frame, at: int) -> list[Signal]:
    """The signal of each provider with ten referrals or more, in the order of their names."""
    rows = first(frame["referrals"])
    rows = rows.of((rows["sent_at"] <= at) & (rows["provider"] >= 0))
    if not len(rows):
        return []
    exact = spells(rows, at)
    usual = table(Spells(exact.durations // DAY, exact.causes), HORIZON)
    by_age = watching.hazard(usual)
    returning = watching.returning(usual)
    words = rows.words["provider"]
    sizes = np.bincount(rows["provider"], minlength=len(words))
    found = [
        _signal(words[place], rows.of(rows["provider"] == place), at, by_age, returning)
        for place in np.flatnonzero(sizes >= SMALL)
    ]
    return sorted(found, key=lambda one: one.provider)


def _signal(name: str, rows: Rows, at: int, by_age: Floats, returning: Floats) -> Signal:
    exact = spells(rows, at)
    days = rows["sent_at"] // DAY
    since, today = int(days.min()), at // DAY
    ages = (rows["sent_at"] + exact.durations) // DAY - days
    cells = counters.counted(days, ages, exact.causes)
    observed, expected = watching.by_day(cells, by_age, since, today)
    per_day = len(rows) / max(today - since + 1, 1)
    threshold = watching.threshold(per_day, returning, paths=_PATHS)
    course = watching.cusum(observed, expected)
    passed = watching.alarms(observed, expected, threshold)
    dates = tuple(str(np.datetime64(since + day, "D")) for day in passed)
    return Signal(name, len(rows), threshold, float(course[-1]), dates)
