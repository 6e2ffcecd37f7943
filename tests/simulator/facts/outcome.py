"""What outcome registers: plans, interventions, measurements, jobs and how they last."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tests.simulator import tables as t
from tests.simulator.facts.table import DAY, Around, Table, about_spells
from tests.simulator.spells import RETURNED, WORKS
from tests.simulator.tables import drawn

PLANNED, INTERVENED, ADJUSTED, REFLECTED = 0.97, 0.94, 0.20, 0.30
FOLLOW_UPS = ((3, 91), (6, 182), (12, 365))
"""Months of work after which is asked how it goes, and the days."""
UNSURE = np.array([0.85, 0.07, 0.0, 0.05, 0.03])
"""What is answered while somebody works: places in FOLLOW_UP_STATES."""


def facts(around: Around) -> Iterator[Table]:
    """While a trajectory runs, and after it led to work."""
    yield from _plans(around)
    yield from _jobs(around)
    spells = around.spells
    back = np.flatnonzero((spells.cause == RETURNED) & (around.chance(len(spells)) < REFLECTED))
    at = spells.ended_at[back] + around.days(1, 21, len(back))
    yield about_spells(around, "step_reflected", back, at, "caseworker", reflected=np.array(2))


def _plans(around: Around) -> Iterator[Table]:
    """A plan, an instrument put to work, and the goal scored by both sides every six weeks, while it runs."""
    spells = around.spells
    started = np.flatnonzero((spells.started_at >= 0) & (around.chance(len(spells)) < PLANNED))
    at = spells.started_at[started] + around.days(0.5, 18, len(started))
    running = at < spells.ended_at[started]
    planned, at = started[running], at[running]
    factor = around.rng.integers(0, len(t.FACTORS), len(planned))
    area = around.rng.integers(0, len(t.LIFE_AREAS), len(planned))
    yield about_spells(around, "plan_agreed", planned, at, factor=factor, life_area=area)
    yield from _interventions(around, planned, at, factor)
    score = around.rng.integers(2, 8, len(planned))
    for number in (1, 2):
        measured = at + 42 * number * DAY
        runs = measured + 7_200 < spells.ended_at[planned]
        score = np.clip(score + around.rng.integers(-1, 3, len(planned)), 0, 10)
        for side in (0, 1):
            seen = np.clip(score + side * around.rng.integers(-1, 2, len(planned)), 0, 10)[runs]
            when = measured[runs] + 300 * side
            yield about_spells(around, "goal_measured", planned[runs], when, by=np.array(side), score=seen)
        adjusts = runs & (around.chance(len(planned)) < ADJUSTED)
        yield about_spells(around, "plan_adjusted", planned[adjusts], measured[adjusts] + 3_600)


def _interventions(
    around: Around, planned: NDArray[np.int64], at: NDArray[np.int64], factor: NDArray[np.int64]
) -> Iterator[Table]:
    since = at + around.days(1, 6, len(planned))
    begins = (since < around.spells.ended_at[planned]) & (around.chance(len(planned)) < INTERVENED)
    which, since = planned[begins], since[begins]
    instrument = around.rng.integers(0, len(t.INSTRUMENTS), len(which))
    yield about_spells(around, "intervention_started", which, since, instrument=instrument, factor=factor[begins])
    until = since + around.days(30, 90, len(which))
    over = until < around.spells.ended_at[which]
    result = drawn(around.rng, np.array([0.8, 0.2]), int(over.sum()))
    yield about_spells(around, "intervention_ended", which[over], until[over], intervention_result=result)


def _jobs(around: Around) -> Iterator[Table]:
    spells = around.spells
    works = np.flatnonzero(spells.cause == WORKS)
    at, lost, count = spells.ended_at[works], spells.job_lost_at[works], len(works)
    bits = np.array([1, 2, 4, 8, 16])
    given = (around.chance(count * len(bits)).reshape(-1, len(bits)) < 0.12) @ bits
    job = {
        "hours": np.array([16, 20, 24, 28, 32, 36, 40])[around.rng.integers(0, 7, count)],
        "contract": drawn(around.rng, t.CONTRACT_SHARES, count),
        "employer_instruments": given,
    }
    yield about_spells(around, "job_started", works, at + 300, **job)
    paid, now = np.array(0), np.array(0)
    yield about_spells(around, "outcome_reached", works, at + 600, perspective=paid, months=now)
    known = np.zeros(count, bool)
    for months, days in FOLLOW_UPS:
        asked = at + days * DAY
        gone = lost <= asked
        status = np.where(gone, 2, drawn(around.rng, UNSURE, count))
        which, after = ~known, np.array(months)
        yield about_spells(around, "follow_up_done", works[which], asked[which], months=after, status=status[which])
        lasts = ~gone
        yield about_spells(around, "outcome_reached", works[lasts], asked[lasts] + 600, perspective=paid, months=after)
        known |= gone
    why = drawn(around.rng, t.JOB_END_SHARES, count)
    yield about_spells(around, "job_ended", works, np.maximum(lost, at + 3_600), job_end=why)
