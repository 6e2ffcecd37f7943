"""What each referral's hazards say, without a draw: shares that return, and what a reform changes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.simulator import hazards, rounds
from tests.simulator.hazards import Floats
from tests.simulator.population import scale_of
from tests.simulator.spells import RETURNED, Spells, picked
from tests.simulator.world import World

WINDOW = 90
"""Days: back within three months."""


def waiting(days: int) -> Floats:
    """The chance that a referral is answered on day 0, 1, 2, ... after it was sent: geometric, never on day 0."""
    chance = 1 / rounds.ANSWER_MEAN
    return np.concatenate([[0.0], chance * (1 - chance) ** np.arange(days)])


def hazards_of(world: World, spells: Spells, log_return: Floats | None = None) -> Floats:
    """The hazards of these referrals; with `log_return`, as they would be with another multiplier of returning."""
    return hazards.rates(spells.log_return if log_return is None else log_return, spells.log_job, scale_of(world))


def returns_by(world: World, spells: Spells, day: int = WINDOW, *, since_sent: bool = False) -> Floats:
    """The chance of each referral to be back by this day: since it was accepted (if it is), or since it was sent."""
    found = hazards_of(world, spells)
    if since_sent:
        return hazards.incidence_since_sent(found, day, waiting(day), rounds.ACCEPTED)[hazards.RETURN]
    return hazards.incidence(found, day)[hazards.RETURN]


def true_incidence(
    world: World, spells: Spells, group: NDArray[Any], groups: int, day: int = WINDOW, *, since_sent: bool = False
) -> Floats:
    """The share of each group that is back by this day: the mean of what its referrals' hazards say.

    Of accepted referrals since acceptance, or of all since they were sent. NaN for a group without one.
    """
    counted = np.full(len(spells), True) if since_sent else spells.accepted_at >= 0
    share = returns_by(world, picked(spells, counted), day, since_sent=since_sent)
    return means(np.bincount(group[counted], share, groups), np.bincount(group[counted], minlength=groups))


def means(total: NDArray[Any], count: NDArray[Any]) -> Floats:
    """Total by count; NaN where there is nothing to divide by."""
    return np.divide(total, count, out=np.full(np.shape(total), np.nan), where=count > 0)


def reform_effect(world: World, spells: Spells, day: int = WINDOW) -> Floats:
    """What the reform changes in each referral's chance to be back by this day: with it less without it."""
    with_it, without = (
        hazards.incidence(hazards_of(world, spells, log), day)[hazards.RETURN]
        for log in (spells.with_reform, spells.without_reform)
    )
    return with_it - without


def potential_returns(world: World, spells: Spells, day: int = WINDOW) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(without, with) the reform: whether each is back by this day, with the luck it had. One of the two happened."""
    without, with_it = (
        hazards.ends(hazards_of(world, spells, log), spells.when, spells.why)
        for log in (spells.without_reform, spells.with_reform)
    )
    return (without[0] <= day) & (without[1] == RETURNED), (with_it[0] <= day) & (with_it[1] == RETURNED)
