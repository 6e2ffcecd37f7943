"""Simulation-based calibration: where the truth lies within what was believed of it, and whether that is even."""

from math import erfc, exp, gamma, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_erfc = np.vectorize(erfc, otypes=[float])


def normal_ranks(truth: Floats, mean: Floats, sd: Floats) -> Floats:
    """The share (0..1) of a normal belief that lies below the truth; even when beliefs are right."""
    return np.asarray(0.5 * _erfc((mean - truth) / (sd * sqrt(2))))


def drawn_ranks(truth: Floats, draws: Floats, rng: np.random.Generator) -> Floats:
    """The same for a belief given as draws, [truth, draw]: a place among them, spread evenly within its step."""
    below = (draws < truth[:, None]).sum(1)
    return (below + rng.random(len(truth))) / (draws.shape[1] + 1)


def evenness(ranks: Floats, bins: int) -> tuple[NDArray[np.int64], float]:
    """How many ranks fall in each of so many equal bins, and the chance of so uneven a fall when all is right."""
    counts = np.histogram(ranks, bins, (0.0, 1.0))[0]
    expected = counts.sum() / bins
    return counts, chi2_tail(float(((counts - expected) ** 2).sum() / expected), bins - 1)


def chi2_tail(value: float, degrees: int) -> float:
    """The chance that a chi-square of so many degrees is at least this (Abramowitz & Stegun 26.4.4, .5)."""
    half = value / 2
    first = 0.5 if degrees % 2 else 0.0
    tail = erfc(sqrt(half)) if degrees % 2 else 0.0
    powers = (half ** (k + first) / gamma(k + first + 1) for k in range(degrees // 2))
    return tail + exp(-half) * sum(powers)
