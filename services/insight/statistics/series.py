"""An interrupted time series: did a figure by month or quarter jump, or turn, at a moment that was known beforehand."""

from dataclasses import dataclass

import numpy as np

from services.insight.statistics.estimate import LEVEL, Estimate, Floats, z_of


@dataclass(frozen=True, slots=True)
class Interrupted:
    """What changed at the moment, on the scale of the series: of logarithms 0.19 is 21 % more."""

    level: Estimate
    """The jump at the moment itself."""
    slope: Estimate
    """By how much more it grows per period from then on."""
    lags: int
    """Over how many periods errors were taken to hang together."""


def interrupted(
    values: Floats, since: int, season: int = 0, lags: int | None = None, level: float = LEVEL
) -> Interrupted:
    """Fits a line, with a jump and a turn at the place `since`, and a mean for each of `season` periods of a year.

    Errors are those of Newey and West (1987): neighbouring periods are alike, and a plain error would be too small.
    Without `lags` it is their rule, 4 (n / 100) ** (2 / 9). Raises ValueError when the series is too short for so much.
    """
    many = len(values)
    time = np.arange(many)
    design = np.column_stack([np.ones(many), time, time >= since, np.maximum(time - since, 0), *_seasons(time, season)])
    if not 2 <= since <= many - 2 or many <= design.shape[1]:
        raise ValueError("the series is too short on one side of the change")
    kept = int(4 * (many / 100) ** (2 / 9)) if lags is None else lags
    found, covariance = least_squares(design.astype(np.float64), values, kept)
    errors = np.sqrt(np.diag(covariance))
    jump, turn = (_of(float(found[place]), float(errors[place]), many, level) for place in (2, 3))
    return Interrupted(jump, turn, kept)


def _seasons(time: np.ndarray[tuple[int, ...], np.dtype[np.int64]], season: int) -> list[Floats]:
    return [(time % season == place).astype(np.float64) for place in range(1, season)]


def _of(value: float, error: float, n: int, level: float) -> Estimate:
    return Estimate(value, value - z_of(level) * error, value + z_of(level) * error, n, n, error, level)


def least_squares(design: Floats, values: Floats, lags: int) -> tuple[Floats, Floats]:
    """Coefficients, and their covariance when errors hang together over so many lags (Bartlett's kernel)."""
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise ValueError("two parts of the model cannot be told apart in this series")
    bread = np.linalg.inv(design.T @ design)
    found: Floats = bread @ (design.T @ values)
    scores = design * (values - design @ found)[:, None]
    filling = scores.T @ scores
    for lag in range(1, lags + 1):
        crossed = scores[lag:].T @ scores[:-lag]
        filling = filling + (1 - lag / (lags + 1)) * (crossed + crossed.T)
    return found, bread @ filling @ bread
