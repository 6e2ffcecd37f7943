"""Before and after a change of law or practice: what could have been seen at all, and what was.

Cohorts are by the day of the referral, so that a referral belongs to the law it was made under, and each is measured
with its own open spells counted. 'Cannot be known' is an outcome, and for a single municipality in half a year the
usual one.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Literal

from services.insight.statistics.estimate import LEVEL, Estimate, Flags, difference, z_of
from services.insight.statistics.incidence import QUARTER, Spells, returned

POWER = 0.8
Verdict = Literal["lower", "higher", "cannot_be_known"]


def detectable(share: float, before: int, after: int, power: float = POWER, level: float = LEVEL) -> float | None:
    """The smallest difference between two shares about this one that would be found with this chance; None for nobody.

    With n in each it is 2.8 * sqrt(2 p (1 - p) / n) at a power of 0.8.
    """
    if not (before and after):
        return None
    return _reach(power, level) * sqrt(share * (1 - share) * (1 / before + 1 / after))


def needed(share: float, step: float, power: float = POWER, level: float = LEVEL) -> int:
    """How many are needed, before and after each, to find such a difference with this chance."""
    if not step:
        raise ValueError("no number finds a difference of 0")
    return -int(-2 * share * (1 - share) * (_reach(power, level) / step) ** 2 // 1)


def _reach(power: float, level: float) -> float:
    return z_of(level) + z_of(2 * power - 1)


@dataclass(frozen=True, slots=True)
class Change:
    """Two cohorts beside each other, and what a comparison of them could have seen."""

    before: Estimate
    after: Estimate
    difference: Estimate
    detectable: float | None
    """The smallest difference that would have been found in four out of five cases, with the uncertainty there is."""
    verdict: Verdict


def before_after(
    spells: Spells, after: Flags, horizon: float = QUARTER, cause: int = 1, level: float = LEVEL
) -> Change:
    """The share returned of referrals made before and after; `after` says which of the spells began under the new law.

    It is a comparison of two times, and says nothing of what else changed between them.
    """
    was, now = returned(spells.of(~after), horizon, cause, level), returned(spells.of(after), horizon, cause, level)
    step = difference(now, was)
    smallest = _reach(POWER, level) * step.error if step.error else None
    return Change(was, now, step, smallest, _verdict(step))


def _verdict(step: Estimate) -> Verdict:
    if step.low is not None and step.low > 0:
        return "higher"
    return "lower" if step.high is not None and step.high < 0 else "cannot_be_known"
