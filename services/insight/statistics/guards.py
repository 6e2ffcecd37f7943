"""What a single figure would hide or invite: published beside it, never apart from it.

Choosing easy people (creaming), keeping hard ones without doing anything (parking), returning just after the window
(late dumping), writing the same reason always (collapse), or none (unknown).
"""

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np

from services.insight.statistics.estimate import (
    LEVEL,
    Estimate,
    Flags,
    Floats,
    Ints,
    difference,
    share_of,
    wilson,
    z_of,
)
from services.insight.statistics.incidence import Spells, seen_to_end

WITHOUT_CONTACT = 30.0
"""Days without contact from which an open spell counts as parked."""
IN_WINDOW, AFTER_WINDOW = (75.0, 90.0), (90.0, 120.0)
"""Days 76 to 90 and 91 to 120, as ages in days: after the first bound, up to and with the second."""
FEWER = 0.5
"""Reasons count as collapsed when at most this part of their variety is left."""


def creaming(risk: Floats, refused: Flags, level: float = LEVEL) -> Estimate:
    """Mean expected hazard of the refused minus that of the accepted; above 0, the harder people were refused."""
    groups = risk[refused], risk[~refused]
    n, events = len(risk), len(groups[0])
    if not all(len(group) for group in groups):
        return Estimate(None, None, None, n, events, None, level, False)
    step = float(groups[0].mean() - groups[1].mean())
    if not all(len(group) > 1 for group in groups):
        return Estimate(step, None, None, n, events, None, level)
    error = sqrt(sum(float(group.var(ddof=1)) / len(group) for group in groups))
    return Estimate(step, step - z_of(level) * error, step + z_of(level) * error, n, events, error, level)


def parking(days_without_contact: Floats | Ints, limit: float = WITHOUT_CONTACT, level: float = LEVEL) -> Estimate:
    """Share of the open spells in which there was no contact for so many days or more."""
    return share_of(int((days_without_contact >= limit).sum()), len(days_without_contact), level)


def late_dumping(spells: Spells, cause: int = 1, level: float = LEVEL) -> Estimate:
    """Hazard of return on days 91 to 120 as a multiple of that on days 76 to 90; durations in days.

    Returns grow rarer with age; a jump at day 91 says that they wait for the window to close. The interval is that of
    the share of all these returns that came after it, given the days followed on either side, so it holds for few, too.
    """
    counts, days = zip(*(_rate(spells, cause, *band) for band in (AFTER_WINDOW, IN_WINDOW)), strict=True)
    n, events = int((spells.durations > IN_WINDOW[0]).sum()), sum(counts)
    if not events or not all(days):
        return Estimate(None, None, None, n, events, None, level, False)
    low, high = wilson(np.array([counts[0] / events]), np.array([float(events)]), level)
    scale = days[1] / days[0]
    value = counts[0] / counts[1] * scale if counts[1] else None
    top = float(high[0])
    return Estimate(
        value, _odds(float(low[0])) * scale, _odds(top) * scale if top < 1 else None, n, events, None, level
    )


def _odds(share: float) -> float:
    return share / (1 - share)


def _rate(spells: Spells, cause: int, after: float, until: float) -> tuple[int, float]:
    """How many ended so in a band of ages, and how many days were followed in it."""
    entered = 0.0 if spells.entered is None else np.maximum(spells.entered, 0)
    days = np.maximum(np.minimum(spells.durations, until) - np.maximum(entered, after), 0).sum()
    ended = seen_to_end(spells, until, cause) & (spells.durations > after)
    return int(ended.sum()), float(days)


@dataclass(frozen=True, slots=True)
class Reasons:
    """How varied the reasons are that were given."""

    n: int
    variety: float
    """How many reasons, all as frequent, would be as varied (exponent of Shannon's entropy); 0 for none."""
    evenness: float
    """Entropy as a part of the most it could be with this many codes: 0, always the same one; 1, all as often."""
    largest: Estimate
    """Share of the code that was given most."""


def reasons(counts: Ints, level: float = LEVEL) -> Reasons:
    """The variety of reasons from how often each code of the list was given, codes that were never given among them."""
    n = int(counts.sum())
    shares = counts[counts > 0] / max(n, 1)
    entropy = -sum(share * log(share) for share in shares.tolist())
    most = log(len(counts)) if len(counts) > 1 else 0.0
    evenness = min(1.0, max(0.0, entropy / most)) if most else 0.0
    return Reasons(n, exp(entropy) if n else 0.0, evenness, share_of(int(counts.max(initial=0)), n, level))


@dataclass(frozen=True, slots=True)
class Collapse:
    """Whether reasons fell together onto one code, against an earlier time."""

    before: Reasons
    after: Reasons
    grown: Estimate
    """By how much the share grew of the code that is now given most."""
    collapsed: bool
    """The variety is halved or worse, and that growth is more than chance."""


def collapse(before: Ints, after: Ints, level: float = LEVEL) -> Collapse:
    """Reasons of two times beside each other: counts by code, in the same order of codes."""
    if len(before) != len(after):
        raise ValueError("before and after must count the same codes")
    was, now = reasons(before, level), reasons(after, level)
    most = int(after.argmax()) if len(after) else 0
    parts = (share_of(int(counts[most]) if len(counts) else 0, int(counts.sum()), level) for counts in (after, before))
    grown = difference(*parts)
    fell = was.n > 0 and now.n > 0 and now.variety <= FEWER * was.variety
    return Collapse(was, now, grown, fell and grown.low is not None and grown.low > 0)


def unknown(without_reason: int, returns: int, level: float = LEVEL) -> Estimate:
    """Share of the returns that say no specific reason."""
    return share_of(without_reason, returns, level)
