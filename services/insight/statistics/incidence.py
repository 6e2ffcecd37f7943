"""What share had come back by a given time, when others end otherwise and some are still under way.

The estimator of Aalen and Johansen (1978). A job is not 'no return yet', and a young referral is not a success: both
are what a plain ratio makes of them. Times are in any one unit; the headline uses seconds, with a horizon of 90.0 days,
that moment included.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from services.insight.statistics.estimate import EDGE, LEVEL, Estimate, Flags, Floats, Ints, log_log, wilson

Form = Literal["wilson", "log-log"]
DAY = 86_400
QUARTER = 90 * DAY
"""'Within three months of referral', in seconds."""


@dataclass(frozen=True, slots=True)
class Spells:
    """Stretches of time, one per referral: how long, and how each ended. Raises ValueError when that cannot be."""

    durations: Floats | Ints
    """From the start to the end, or to now; not negative."""
    causes: Ints
    """0: still open (or no longer followed); 1 and up: how it ended."""
    entered: Floats | Ints | None = None
    """How long it had lasted when following began; followed from after that moment. Below 0: from the start."""

    def __post_init__(self) -> None:
        sizes = {len(one) for one in (self.durations, self.causes, self.entered) if one is not None}
        if len(sizes) != 1:
            raise ValueError("durations, causes and entered must be of one length")
        if len(self.durations) and not (self.durations.min() >= 0 and self.causes.min() >= 0):
            raise ValueError("durations and causes must not be negative or missing")

    def __len__(self) -> int:
        return len(self.durations)

    def of(self, which: Flags | Ints) -> "Spells":
        """Only these."""
        entered = None if self.entered is None else self.entered[which]
        return Spells(self.durations[which], self.causes[which], entered)


@dataclass(frozen=True, slots=True)
class Table:
    """Who was followed and who ended, at every time up to a horizon at which something ended, and at the horizon."""

    times: Floats
    """Ascending; the last one is the horizon."""
    at_risk: Floats
    """How many were followed and had not ended just before each time."""
    ended: Ints
    """How many ended, by time (row) and cause (column, cause 1 first). Ends go before censorings at one time."""
    n: int
    """How many spells there are in all."""
    seen_until: float
    """Up to which time somebody was followed without a gap."""

    def of_cause(self, cause: int) -> Ints:
        """How many ended by this cause, by time."""
        if cause < 1:
            raise ValueError(f"causes count from 1, not {cause}")
        return self.ended[:, cause - 1] if cause <= self.ended.shape[1] else np.zeros(len(self.times), np.int64)


def seen_to_end(spells: Spells, horizon: float, cause: int | None = None) -> Flags:
    """Which were seen to end by the horizon, by this cause or by any."""
    ended = spells.causes > 0 if cause is None else spells.causes == cause
    found: Flags = ended & (spells.durations <= horizon)
    return found if spells.entered is None else found & (spells.entered < spells.durations)


def table(spells: Spells, horizon: float) -> Table:
    """The table of these spells up to and with the horizon."""
    seen = seen_to_end(spells, horizon)
    times = np.append(np.unique(spells.durations[seen]), horizon).astype(np.float64)
    times = times[:-1] if len(times) > 1 and times[-2] == horizon else times
    leaving = np.sort(spells.durations)
    at_risk = len(spells) - np.searchsorted(leaving, times, "left")
    if spells.entered is not None:
        at_risk -= len(spells) - np.searchsorted(np.sort(spells.entered), times, "left")
    return Table(times, at_risk.astype(np.float64), _ended(spells.of(seen), times), len(spells), _followed(spells))


def _ended(seen: Spells, times: Floats) -> Ints:
    width = int(seen.causes.max(initial=1))
    cells = np.searchsorted(times, seen.durations) * width + seen.causes - 1
    return np.bincount(cells, minlength=len(times) * width).reshape(len(times), width)


def _followed(spells: Spells) -> float:
    """The first time after which nobody was followed."""
    if not len(spells):
        return -1.0
    if spells.entered is None:
        return float(spells.durations.max())
    order = np.argsort(spells.entered, kind="stable")
    entered, until = spells.entered[order], np.maximum.accumulate(spells.durations[order])
    if entered[0] > 0:
        return -1.0
    gaps = np.flatnonzero(entered[1:] > until[:-1])
    return float(until[gaps[0]] if len(gaps) else until[-1])


def before(counted: Table) -> Floats:
    """The share that had not ended just before each time."""
    left = np.ones(len(counted.times))
    np.cumprod(1 - counted.ended[:-1].sum(axis=1) / divisor(counted)[:-1], out=left[1:])
    return left


def incidence(counted: Table, cause: int = 1) -> Floats:
    """The share that had ended by this cause, at each time: the sum of S(s-) d(s) / n(s)."""
    grown: Floats = np.cumsum(before(counted) * counted.of_cause(cause) / divisor(counted))
    return np.minimum(grown, 1.0)


def divisor(counted: Table) -> Floats:
    """How many were at risk, for dividing by: where there was nobody nothing ended either."""
    return np.maximum(counted.at_risk, 1)


def variance(counted: Table, cause: int = 1) -> Floats:
    """Variance of `incidence` at each time (delta method; Dinse and Larson 1986, equation 6)."""
    n, left, share = divisor(counted), before(counted), incidence(counted, cause)
    ended, own = counted.ended.sum(axis=1).astype(np.float64), counted.of_cause(cause).astype(np.float64)
    stay = n - ended
    # Where all end at once nobody is left to whom the share could still grow: that term is 0, not 0/0.
    a = np.divide(ended, n * stay, out=np.zeros_like(n), where=stay > 0)
    b = left**2 * own * (n - own) / n**3
    c = left * own / n**2
    squares = share**2 * np.cumsum(a) - 2 * share * np.cumsum(share * a) + np.cumsum(share**2 * a)
    crossed = share * np.cumsum(c) - np.cumsum(share * c)
    whole: Floats = squares + np.cumsum(b) - 2 * crossed
    return np.maximum(whole, 0.0)


def effective_size(counted: Table, share: Floats, var: Floats) -> Floats:
    """Of how many that were followed to the end this share would be as uncertain, at each time.

    Where nothing or everything ended there is no variance to go by. Then it is the smallest number that was followed,
    scaled up by those who had ended before: one more end would have counted as one of so many.
    """
    left = before(counted)
    smallest = np.minimum.accumulate(np.where(left > 0, counted.at_risk / np.where(left > 0, left, 1), np.inf))
    known = _inside(share, var)
    size = np.where(known, share * (1 - share) / np.where(known, var, 1), smallest)
    return np.minimum(size, counted.n)


def _inside(share: Floats, var: Floats) -> Flags:
    """Where neither nothing nor everything has ended, so that there is a variance to go by."""
    found: Flags = (var > 0) & (share > EDGE) & (share < 1 - EDGE)
    return found


def interval(counted: Table, cause: int = 1, level: float = LEVEL, form: Form = "wilson") -> tuple[Floats, Floats]:
    """The interval of `incidence` at each time: never missing, always within 0 and 1, also for nobody or everybody."""
    return _bounds(counted, incidence(counted, cause), variance(counted, cause), level, form)


def _bounds(counted: Table, share: Floats, var: Floats, level: float, form: Form) -> tuple[Floats, Floats]:
    low, high = wilson(share, effective_size(counted, share, var), level)
    if form == "log-log":
        inside = _inside(share, var)
        low[inside], high[inside] = log_log(share[inside], var[inside], level)
    return low, high


def estimate(counted: Table, cause: int = 1, level: float = LEVEL, form: Form = "wilson") -> Estimate:
    """The share at the horizon. What nobody was followed long enough to see may be a return still: in `high`."""
    if not counted.n:
        return Estimate(None, 0.0, 1.0, 0, 0, None, level, False)
    share, var = incidence(counted, cause), variance(counted, cause)
    low, high = _bounds(counted, share, var, level, form)
    unseen = _unseen(counted)
    return Estimate(
        value=float(share[-1]),
        low=float(low[-1]),
        high=min(1.0, float(high[-1]) + unseen),
        n=counted.n,
        events=int(counted.of_cause(cause).sum()),
        error=float(np.sqrt(var[-1])),
        level=level,
        complete=unseen == 0,
    )


def _unseen(counted: Table) -> float:
    """The share of which it is not known how it went on, because following stopped before the horizon."""
    if counted.seen_until >= counted.times[-1]:
        return 0.0
    rows = int(np.searchsorted(counted.times, counted.seen_until, "right"))
    return float(np.prod(1 - counted.ended[:rows].sum(axis=1) / divisor(counted)[:rows]))


def returned(spells: Spells, horizon: float = QUARTER, cause: int = 1, level: float = LEVEL) -> Estimate:
    """The share that ended by this cause within the horizon; durations and horizon in the same unit."""
    return estimate(table(spells, horizon), cause, level)


def returned_by(groups: Ints, spells: Spells, horizon: float = QUARTER, cause: int = 1) -> dict[int, Estimate]:
    """`returned` for each group: a municipality, a provider, a month; every spell has one."""
    return {group: returned(part, horizon, cause) for group, part in split(groups, spells)}


def split(groups: Ints, spells: Spells) -> Iterator[tuple[int, Spells]]:
    """The spells of each group, in the order of the groups' numbers; sorted once, however many groups there are."""
    if len(groups) != len(spells):
        raise ValueError("every spell must have one group")
    order = np.argsort(groups, kind="stable")
    names, starts = np.unique(groups[order], return_index=True)
    for name, part in zip(names.tolist(), np.split(order, starts[1:]), strict=False):
        yield name, spells.of(part)


def within(spells: Spells, started: Floats | Ints, opens: float, closes: float) -> Spells:
    """Only what happened in a window of the calendar: for a figure of now that rests on nothing older.

    `started`, `opens` and `closes` are moments in the unit of the durations. Who ended before the window or started
    after it is left out; who was under way when it opened is followed from then on; what was still to come is open.
    """
    inside = (started <= closes) & (started + spells.durations >= opens)
    part, start = spells.of(inside), started[inside]
    ended_later = start + part.durations > closes
    entered = np.where(start >= opens, -1, opens - start)
    entered = entered if part.entered is None else np.maximum(entered, part.entered)
    durations = np.where(ended_later, closes - start, part.durations)
    return Spells(durations, np.where(ended_later, 0, part.causes), entered)
