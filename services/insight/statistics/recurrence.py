"""How often somebody comes back: the mean number of returns per person, when leaving for good ends the counting.

The pumping round in one figure. Who leaves for good (a job that lasts, moved away) has no more returns to come, which
is not the same as no longer being followed; a plain mean confuses the two (Ghosh and Lin 2000).
"""

from dataclasses import dataclass

import numpy as np

from services.insight.statistics.estimate import LEVEL, Estimate, Flags, Floats, Ints, poisson, z_of


@dataclass(frozen=True, slots=True)
class People:
    """People followed from their first referral on, and their returns. Raises ValueError when that cannot be."""

    until: Floats | Ints
    """How long each was followed: to now, or to when they left for good."""
    left: Flags
    """Whether they left for good then."""
    who: Ints
    """For each return the place of the person in `until`."""
    at: Floats | Ints
    """For each return when it was, since that person's first referral."""

    def __post_init__(self) -> None:
        if len(self.until) != len(self.left) or len(self.who) != len(self.at):
            raise ValueError("until and left are one per person, who and at one per return")
        if len(self.who) and (self.who.min() < 0 or self.who.max() >= len(self.until)):
            raise ValueError("every return must be of one of the people")
        if not (_none_below_zero(self.until) and _none_below_zero(self.at)):
            raise ValueError("times must not be negative or missing")


def _none_below_zero(times: Floats | Ints) -> bool:
    return not len(times) or bool(times.min() >= 0)


@dataclass(frozen=True, slots=True)
class Rounds:
    """The mean number of returns per person by time, and its variance at the horizon."""

    times: Floats
    mean: Floats
    variance: float
    returns: int


def rounds(people: People, horizon: float) -> Rounds:
    """Mean number of returns up to the horizon: the sum of S(s-) dN(s) / n(s), S being the share not gone for good.

    The variance takes a person as the unit (the sum of squared influences), for one person's returns belong together.
    A return told of after the person had left, or was no longer followed, belongs to no round and is not counted.
    """
    counts = (people.at <= horizon) & (people.at <= people.until[people.who])
    who, at = people.who[counts], people.at[counts]
    gone = people.left & (people.until <= horizon)
    times = np.unique(np.concatenate([at, people.until[gone]])).astype(np.float64)
    n = len(people.until) - np.searchsorted(np.sort(people.until), times, "left").astype(np.float64)
    returns = np.bincount(np.searchsorted(times, at), minlength=len(times))
    leaving = np.bincount(np.searchsorted(times, people.until[gone]), minlength=len(times)) / n
    left = np.concatenate([[1.0], np.cumprod(1 - leaving)[:-1]])[: len(times)]
    mean = np.cumsum(left * returns / n)
    still = np.where(leaving < 1, (mean[-1:] - mean) / np.where(leaving < 1, 1 - leaving, 1), 0.0)
    # What a person adds by coming back and by leaving, less what was expected of them while they were followed.
    expected = np.concatenate([[0.0], np.cumsum((left * returns / n - still * leaving) / n)])
    influence = -expected[np.searchsorted(times, people.until, "right")]
    influence += np.bincount(who, (left / n)[np.searchsorted(times, at)], minlength=len(people.until))
    influence[gone] -= (still / n)[np.searchsorted(times, people.until[gone])]
    return Rounds(times, mean, float(influence @ influence), len(at))


def rounds_per_person(people: People, horizon: float, level: float = LEVEL) -> Estimate:
    """The mean number of returns per person within the horizon, with an interval on the scale of its logarithm."""
    n = len(people.until)
    if not n:
        return Estimate(None, 0.0, None, 0, 0, None, level, False)
    found = rounds(people, horizon)
    mean, error = float(found.mean[-1]) if len(found.mean) else 0.0, float(np.sqrt(found.variance))
    known = int(np.sum(people.left | (people.until >= horizon)))
    complete = bool(people.until.max() >= horizon) or bool(people.left[people.until == people.until.max()].all())
    if found.returns and error:
        factor = float(np.exp(z_of(level) * error / mean))
        low, high = mean / factor, mean * factor
    else:
        low, high = (bound / max(known, 1) for bound in poisson(found.returns, level))
    return Estimate(mean, low, high if complete else None, n, found.returns, error, level, complete)


def several_returns(people: People, at_least: int = 2) -> Ints:
    """The places of the people who came back so often: a person looks at each."""
    counts = np.bincount(people.who[people.at <= people.until[people.who]], minlength=len(people.until))
    return np.flatnonzero(counts >= at_least)
