"""How long something took, with those that still wait counted: a slow hand-off that has not ended is not absent.

Half of the referrals accepted within six days, of all that were sent, is one figure; the middle of the waits that ended
is another, and shorter or the same. Both are here, under their own names. The share within so many days is `returned`.
"""

import numpy as np

from services.insight.statistics.estimate import LEVEL, Estimate, Flags, Floats
from services.insight.statistics.incidence import Spells, Table, incidence, interval, table


def as_one(spells: Spells) -> Spells:
    """The same waits, whatever ended them: for how long a wait lasts at all (Kaplan-Meier)."""
    return Spells(spells.durations, (spells.causes > 0).astype(np.int64), spells.entered)


def quantile(spells: Spells, share: float = 0.5, cause: int = 1, level: float = LEVEL) -> Estimate:
    """The time by which this share of all had ended by this cause, open ones counted, in the unit of the durations.

    None: it never came so far, or was not followed for so long. The interval holds every time at which the share itself
    could be this one (Brookmeyer and Crowley 1982); a bound that was not reached is None.
    """
    if not 0 < share < 1:
        raise ValueError(f"share must lie between 0 and 1, not {share}")
    if not len(spells):
        return Estimate(None, None, None, 0, 0, None, level, False)
    whole = table(spells, float(spells.durations.max()))
    low, high = interval(whole, cause, level, "log-log")
    value = _first(whole, incidence(whole, cause) >= share - 1e-12)
    return Estimate(
        value=value,
        low=_first(whole, high >= share),
        high=_first(whole, low >= share),
        n=len(spells),
        events=int(whole.of_cause(cause).sum()),
        level=level,
        complete=value is not None,
    )


def _first(counted: Table, reached: Flags) -> float | None:
    return float(counted.times[np.argmax(reached)]) if reached.any() else None


def quantile_of_ended(spells: Spells, share: float = 0.5, cause: int = 1, level: float = LEVEL) -> Estimate:
    """The plain quantile of the waits that ended by this cause; who still waits is not in it.

    The interval is by order statistics: which two waits hold the quantile between them, whatever waits look like.
    """
    waits = np.sort(spells.durations[spells.causes == cause]).astype(np.float64)
    n = len(waits)
    if not n:
        return Estimate(None, None, None, 0, 0, None, level, False)
    low, high = _order(waits, share, level)
    return Estimate(float(np.quantile(waits, share)), low, high, n, n, None, level)


def _order(waits: Floats, share: float, level: float) -> tuple[float | None, float | None]:
    """The waits whose places hold the quantile between them; None where there are too few to say."""
    n = len(waits)
    log_choose = np.concatenate([[0.0], np.cumsum(np.log(np.arange(n, 0, -1)) - np.log(np.arange(1, n + 1)))])
    places = np.arange(n + 1)
    chance = np.cumsum(np.exp(log_choose + places * np.log(share) + (n - places) * np.log1p(-share)))
    tail = (1 - level) / 2
    below = int(np.searchsorted(chance, tail, "right"))
    above = int(np.searchsorted(chance, 1 - tail, "left")) + 1
    return (float(waits[below - 1]) if below else None, float(waits[above - 1]) if above <= n else None)
