"""Why people come back, and with what it is registered: before the reform mostly in general terms."""

from dataclasses import dataclass

import numpy as np

from tests.simulator import tables
from tests.simulator.people import Small, Yes
from tests.simulator.spells import DECLINED, RETURNED
from tests.simulator.tables import drawn
from tests.simulator.world import World

SEVERAL = 0.35
"""Returns with a second reason."""
CAPACITY = 0.6
"""Declines for want of places; the others for want of information."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """By referral, places in REASONS; -1 where there is none."""

    true: Small
    registered: Small
    second: Small


def draw_reasons(world: World, rng: np.random.Generator, cause: Small, misreferred: Yes, reformed: Yes) -> Reasons:
    """The reasons of returns and declines. Who was misreferred comes back as wrongly referred, one time in three."""
    count = len(cause)
    back = cause == RETURNED
    true = drawn(rng, tables.REASON_SHARES, count)
    wrongly = [place for place, code in enumerate(tables.REASONS) if code.startswith("fit.")]
    told = misreferred & (rng.random(count) < 1 / 3) & world.settings.heterogeneity
    true = np.where(told, wrongly[0] + drawn(rng, tables.REASON_SHARES[wrongly], count), true)
    after = world.settings.reform.general if world.settings.reform else tables.GENERAL_BEFORE
    general = rng.random(count) < np.where(reformed, after, tables.GENERAL_BEFORE)
    second = drawn(rng, tables.REASON_SHARES, count)
    several = back & ~general & (second != true) & (rng.random(count) < SEVERAL)
    registered = np.where(general, tables.GENERAL, true)
    declined = np.where(rng.random(count) < CAPACITY, *tables.DECLINES)
    registered = np.where(back, registered, np.where(cause == DECLINED, declined, -1))
    return Reasons(
        np.where(back, true, -1).astype(np.int8),
        registered.astype(np.int8),
        np.where(several, second, -1).astype(np.int8),
    )
