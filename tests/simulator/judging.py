"""Rules for estimates beside a known truth: what does not hold is said in sentences, nothing when all is well.

The numbers may come out of a function or out of a whole system; here it does not matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.simulator.ranks import evenness, normal_ranks

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BIAS_ERRORS = 3.0
"""A bias is at most this many of its Monte Carlo errors."""
COVERS = (0.93, 0.97)
"""What share of 95% intervals hold the truth, over at least CELLS of them."""
CELLS = 1_000
BINS, EVEN = 10, 0.01
"""Ranks of the truth are even over so many bins, at this level."""
FALSE_ALARMS = 0.12
"""At most this share of streams in which nothing changes has an alarm within five years."""
WITHIN_ERRORS = 2.0
"""An effect of a reform is found within this many of its standard errors."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Estimates of groups of worlds beside the truth."""

    world: Ints
    value: Floats
    low: Floats
    high: Floats
    truth: Floats


@dataclass(frozen=True, slots=True)
class Incidence:
    """How well a share was estimated. `error` is the Monte Carlo error of the bias."""

    cells: int
    bias: float
    error: float
    coverage: float
    faults: tuple[str, ...]


def judge_cells(cells: Cells, *, coverage: bool = True) -> Incidence:
    """The rules for shares; without `coverage` only that of bias."""
    known = np.isfinite(cells.value) & np.isfinite(cells.low) & np.isfinite(cells.high)
    if not known.all():
        fault = f"nothing is said of {int((~known).sum())} of {len(known)} cells"
        return Incidence(len(known), np.nan, np.nan, np.nan, (fault,))
    wrong, world = cells.value - cells.truth, cells.world
    per_world = np.array([wrong[world == one].mean() for one in np.unique(world)])
    bias, error = float(per_world.mean()), float(per_world.std(ddof=1) / np.sqrt(len(per_world)))
    covered = float(np.mean((cells.low <= cells.truth) & (cells.truth <= cells.high)))
    faults = []
    if not abs(bias) < BIAS_ERRORS * error:
        faults.append(f"bias {bias:+.4f}, at most {BIAS_ERRORS:g} Monte Carlo errors of {error:.4f} allowed")
    if coverage and len(wrong) < CELLS:
        faults.append(f"{len(wrong)} cells are too few to judge intervals by; at least {CELLS}")
    if coverage and not COVERS[0] <= covered <= COVERS[1]:
        faults.append(f"95% intervals hold the truth in {covered:.3f} of the cells, {COVERS[0]} to {COVERS[1]} allowed")
    return Incidence(len(wrong), bias, error, covered, tuple(faults))


@dataclass(frozen=True, slots=True)
class Beliefs:
    """What was believed of companies' effects beside the truth."""

    raw: Floats
    mean: Floats
    sd: Floats
    truth: Floats


@dataclass(frozen=True, slots=True)
class Comparison:
    """How well companies were compared. `p`: the chance of ranks as uneven as these; `holds`: of the 90% intervals."""

    ranks: tuple[int, ...]
    p: float
    holds: float
    rmse_raw: float
    rmse: float
    correlation: float
    faults: tuple[str, ...]


def judge_beliefs(beliefs: Beliefs) -> Comparison:
    """The rules for comparisons: even ranks, and pooling that helps."""
    if not np.isfinite([beliefs.raw, beliefs.mean, beliefs.sd]).all():
        return Comparison((), np.nan, np.nan, np.nan, np.nan, np.nan, ("nothing is said of some companies",))
    ranks = normal_ranks(beliefs.truth, beliefs.mean, beliefs.sd)
    counts, p = evenness(ranks, BINS)
    rmse_raw, rmse = (float(np.sqrt(np.mean((x - beliefs.truth) ** 2))) for x in (beliefs.raw, beliefs.mean))
    faults = []
    if not p > EVEN:
        faults.append(f"ranks of the truth are uneven: {counts.tolist()}, p = {p:.2g}, more than {EVEN} needed")
    if not rmse < rmse_raw:
        faults.append(f"pooling does not help: error {rmse:.4f}, without it {rmse_raw:.4f}")
    holds = float(np.mean((ranks > 0.05) & (ranks < 0.95)))
    correlation = float(np.corrcoef(beliefs.mean, beliefs.truth)[0, 1])
    return Comparison(tuple(counts.tolist()), p, holds, rmse_raw, rmse, correlation, tuple(faults))


@dataclass(frozen=True, slots=True)
class Alarms:
    """The share of streams with an alarm."""

    streams: int
    share: float
    faults: tuple[str, ...]


def judge_alarms(rung: Sequence[bool]) -> Alarms:
    """The rule for streams in which nothing changed: whether each had an alarm."""
    share = float(np.mean(rung))
    fault = f"{share:.2f} of the streams has a false alarm within five years, at most {FALSE_ALARMS} allowed"
    return Alarms(len(rung), share, (fault,) if share > FALSE_ALARMS else ())


@dataclass(frozen=True, slots=True)
class Effects:
    """By world: what was found of a reform's effect, its standard error, and the truth."""

    value: Floats
    error: Floats
    truth: Floats


@dataclass(frozen=True, slots=True)
class Reformed:
    """How well the effect was found: the mean of the misses, in standard errors of that mean."""

    value: float
    truth: float
    errors: float
    faults: tuple[str, ...]


def judge_effects(effects: Effects) -> Reformed:
    """The rule for effects of a reform: their mean miss within two of its own standard errors."""
    missed = (effects.value - effects.truth) / effects.error
    errors = float(missed.mean() * np.sqrt(len(missed)))
    fault = f"the effect is missed by {errors:+.1f} standard errors, at most {WITHIN_ERRORS:g} allowed"
    faults = () if abs(errors) <= WITHIN_ERRORS else (fault,)
    return Reformed(float(effects.value.mean()), float(effects.truth.mean()), errors, faults)


def faults_of(reports: Sequence[Incidence | Comparison | Alarms | Reformed]) -> list[str]:
    """All that does not hold; nothing when the gate is passed."""
    return [fault for report in reports for fault in report.faults]
