"""A run of a world in blocks of days, so that any length of history fits in memory; or whole, when it does anyway."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tests.simulator.people import People, draw_people
from tests.simulator.rounds import draw_spells
from tests.simulator.settings import Settings
from tests.simulator.spells import Spells, joined
from tests.simulator.world import World, draw_world

BLOCK = 50_000
"""About so many people at a time. Part of what a seed means: another size draws other people."""


@dataclass(frozen=True, slots=True)
class Block:
    """Who applied on consecutive days, and all that will ever become of them."""

    place: int
    first_day: int
    end_day: int
    people: People
    spells: Spells


def blocks(world: World) -> Iterator[Block]:
    """The whole run, in order of application."""
    cuts = _cuts(world)
    number = 1
    for place, (first, end) in enumerate(pairwise(cuts)):
        rng = np.random.default_rng([world.settings.seed, 1, place])
        people = draw_people(world, rng, first, end, number)
        number += len(people.number)
        yield Block(place, first, end, people, draw_spells(world, people, rng))


def simulate(settings: Settings) -> tuple[World, Spells]:
    """The world and all its referrals at once."""
    world = draw_world(settings)
    return world, joined([block.spells for block in blocks(world)])


def _cuts(world: World) -> list[int]:
    """Days at which a block begins, and the end of the last one."""
    before = np.concatenate([[0], np.cumsum(world.arrivals)[:-1]])
    starts = np.flatnonzero(np.diff(before // BLOCK, prepend=-1))
    return [*starts.tolist(), world.settings.days]
