"""Measures of the way from application to work: how long each step takes, who works, and after what was tried."""

import numpy as np

from services.insight.measures.figure import Figure, of
from services.insight.measures.frame import Rows
from services.insight.measures.referring import steps
from services.insight.statistics import durations
from services.insight.statistics.incidence import Spells, returned

YEAR_DAYS, HALF_YEAR_DAYS = 365.0, 182.0
FEWEST = 100
"""Of fewer nothing can be known of what an instrument did (measured against experiments; see DECISIONS)."""


def days_until(rows: Rows, at: int, step: str) -> Figure:
    """Median days from the application to a step, of all who applied; who still waits counts, who left competes."""
    kept = rows.of(rows["applied_at"] <= at)
    left = np.minimum(np.minimum(kept["withdrawn_at"], kept["closed_at"]), kept["benefit_ended_at"])
    return of(durations.quantile(steps(kept["applied_at"], kept[step], left, at)))


def working(rows: Rows, at: int) -> Figure:
    """Of people who were granted benefit the share that works within a year."""
    return of(returned(working_spells(granted(rows, at), at), YEAR_DAYS))


def granted(rows: Rows, at: int) -> Rows:
    """Who was granted benefit until then, and did not work already."""
    return rows.of((rows["granted_on"] <= at) & (rows["work_at"] >= rows["granted_on"]))


def working_spells(rows: Rows, at: int) -> Spells:
    """Days on benefit: ended by work (1), by any other end of the benefit or the case (2), or still going on."""
    return steps(rows["granted_on"], rows["work_at"], np.minimum(rows["closed_at"], rows["benefit_ended_at"]), at)


def after_instrument(rows: Rows, at: int) -> Figure:
    """Of what was tried the share after which the person worked within half a year. What followed, not what it caused:
    of fewer than a hundred it is not known."""
    kept = rows.of(rows["started_at"] <= at)
    found = returned(steps(kept["started_at"], kept["work_at"], kept["left_at"], at), HALF_YEAR_DAYS)
    if found.n < FEWEST:
        return Figure(None, None, None, found.n, found.events, False)
    return of(found)
