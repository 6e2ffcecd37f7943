"""How a referral ends: hazards per whole day since it was accepted, drawn from and computed with exactly.

On the t-th day (t = 1, 2, ...) a referral that still runs ends by cause k with probability h_k(t), and runs on with the
rest. The hazards are the same within four pieces of time, so that both the day of the end and the share that has ended
by a day have a closed form. Ends by a return, by a job, or otherwise (moved, pension, end of the right) compete.
"""

import numpy as np
from numpy.typing import NDArray

RETURN, JOB, OTHER = 0, 1, 2
"""Places of the causes among hazards and shares; as a cause of a spell they are one higher."""
FIRST_DAYS = (1, 14, 45, 90)
LENGTHS = (13, 31, 45, 2**31)
"""Days in each piece; the last one goes on."""
RETURN_RATES = (0.0024, 0.0056, 0.0040, 0.0014)
JOB_RATES = (0.0030, 0.0030, 0.0030, 0.0015)
OTHER_RATE = 0.0006
ALIKE = 1.1009
"""Return rates times this when everybody is alike: 12.25, 23.09 and 30.00 % are back by day 30, 60 and 90.

When people differ it is another number: `population.scale`."""
MOST = 0.95
"""No day ends more than this share of what runs, whatever multipliers there are."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def rates(log_return: Floats, log_job: Floats, scale: float) -> Floats:
    """Hazards [piece, cause, referral] under these logs of multipliers of return and job; `scale` see ALIKE."""
    hazards = np.empty((4, 3, len(log_return)))
    hazards[:, RETURN] = np.outer(RETURN_RATES, scale * np.exp(log_return))
    hazards[:, JOB] = np.outer(JOB_RATES, np.exp(log_job))
    hazards[:, OTHER] = OTHER_RATE
    total = hazards.sum(1)
    if total.max(initial=0.0) > MOST:
        hazards *= np.minimum(1.0, MOST / total)[:, None]
    return hazards


def ends(hazards: Floats, when: Floats, why: Floats) -> tuple[Ints, NDArray[np.int8]]:
    """(day of the end, cause: 1 return, 2 job, 3 other) from two uniform numbers per referral.

    The day is the first t by which the share that still runs is at most `when`.
    """
    need = -np.log(when)
    day = np.zeros(len(when), np.int64)
    cause = np.zeros(len(when), np.int8)
    for first, length, piece in zip(FIRST_DAYS, LENGTHS, hazards, strict=True):
        total = piece.sum(0)
        per_day = -np.log1p(-total)
        here = (day == 0) & (need <= length * per_day)
        day[here] = first - 1 + np.maximum(np.ceil(need[here] / per_day[here]), 1)
        chosen = why[here] * total[here]
        returned = piece[RETURN, here]
        cause[here] = 1 + (chosen >= returned) + (chosen >= returned + piece[JOB, here])
        need = need - length * per_day
    return day, cause


def incidence(hazards: Floats, day: Ints | int) -> Floats:
    """The share that has ended by this day, [cause, referral]: the exact cumulative incidence."""
    found = np.zeros(hazards.shape[1:])
    running = np.ones(hazards.shape[2])
    for first, length, piece in zip(FIRST_DAYS, LENGTHS, hazards, strict=True):
        spent = np.clip(np.asarray(day) - (first - 1), 0, length)
        total = piece.sum(0)
        left = np.exp(spent * np.log1p(-total))
        found += running * (1 - left) * piece / total
        running = running * left
    return found


def incidence_since_sent(hazards: Floats, day: int, waiting: Floats, accepted: float) -> Floats:
    """The same by this day after sending: `waiting[d]` is the chance of an answer on day d, `accepted` of a yes."""
    answered = np.cumsum(waiting)
    found = np.zeros(hazards.shape[1:])
    running = np.ones(hazards.shape[2])
    for age in range(1, day):
        piece = hazards[np.searchsorted(FIRST_DAYS, age, side="right") - 1]
        found += running * piece * answered[min(day - age, len(answered) - 1)]
        running = running * (1 - piece.sum(0))
    return accepted * found
