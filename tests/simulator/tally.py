"""Sums over a run from which its truth is told; they add block by block, and no referral is kept.

So the truth of any length of history fits in memory.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.simulator import exact, hazards, tables
from tests.simulator.people import People
from tests.simulator.runs import Block
from tests.simulator.settings import DAY
from tests.simulator.spells import OPEN, RETURNED, Spells, picked
from tests.simulator.world import NEVER, World

DAYS = (30, 60, 90, 365)
Tally = dict[str, NDArray[Any]]


def tally(world: World, block: Block) -> Tally:
    """What this block adds: of the referrals sent before the history ends, and of all that ever became of them."""
    spells = picked(block.spells, block.spells.sent_at <= world.settings.ends)
    first = picked(spells, spells.first)
    found: Tally = {"people": np.array(len(block.people.number)), "referrals": np.array(len(spells))}
    found["causes"] = np.bincount(np.where(spells.ended_at <= world.settings.ends, spells.cause, OPEN), minlength=5)
    for name, chosen in (("first", first), ("any", spells)):
        found |= {f"{name}_{key}": value for key, value in _incidences(world, chosen).items()}
    found |= _cumulative(world, block.people, first, block.spells)
    return found | _reform(world, first)


def added(tallies: Iterable[Tally]) -> Tally:
    """The sum of tallies."""
    whole: Tally = {}
    for one in tallies:
        whole = {name: whole.get(name, 0) + value for name, value in one.items()}
    return whole


def _incidences(world: World, spells: Spells) -> Tally:
    """Counts and sums of chances: accepted referrals by day and cause, and returns within 90 days by slice."""
    taken = picked(spells, (spells.accepted_at >= 0) & (spells.accepted_at <= world.settings.ends))
    found = exact.hazards_of(world, taken)
    curve = np.array([hazards.incidence(found, day).sum(1) for day in DAYS])
    a = hazards.incidence(found, exact.WINDOW)[hazards.RETURN]
    b = exact.returns_by(world, spells, since_sent=True)
    sums: Tally = {"accepted": np.array(len(taken)), "sent": np.array(len(spells)), "curve": curve, "b": b.sum()}
    for name, of, size in _slices(world):
        sums[f"{name}_n"] = np.bincount(of(taken), minlength=size)
        sums[f"{name}_a"] = np.bincount(of(taken), a, size)
        sums[f"{name}_sent"] = np.bincount(of(spells), minlength=size)
        sums[f"{name}_b"] = np.bincount(of(spells), b, size)
    return sums


def _slices(world: World) -> list[tuple[str, Any, int]]:
    months = month_of(world, np.array([world.settings.ends]))[0] + 1
    return [
        ("company", lambda spells: spells.company, world.settings.companies),
        ("municipality", lambda spells: spells.municipality, world.settings.municipalities),
        ("month", lambda spells: month_of(world, spells.sent_at), int(months)),
        ("trajectory", lambda spells: spells.trajectory, len(tables.TRAJECTORIES)),
        ("warm", lambda spells: spells.warm.astype(np.int8), 2),
        ("reformed", lambda spells: spells.reformed.astype(np.int8), 2),
    ]


def month_of(world: World, at: NDArray[np.int64]) -> NDArray[np.int64]:
    """Calendar months (UTC) since that in which the world begins."""
    month = at.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
    return month - np.datetime64(world.settings.start, "M").astype(np.int64)


def _cumulative(world: World, them: People, first: Spells, spells: Spells) -> Tally:
    """Returns within a year since the first referral was sent, seen to the end whatever the history's end is."""
    began = np.full(len(them.number), NEVER)
    began[first.person - them.number[0]] = first.sent_at
    back = picked(spells, spells.cause == RETURNED)
    person = back.person - them.number[0]
    within = back.ended_at - began[person] <= 365 * DAY
    within &= began[person] != NEVER
    places, size = them.municipality[person[within]], world.settings.municipalities
    return {
        "mcf": np.bincount(places, minlength=size),
        "mcf_n": np.bincount(first.municipality, minlength=size),
    }


def _reform(world: World, first: Spells) -> Tally:
    """Sums over accepted first referrals of where and when the reform was: its effect, and both potential outcomes."""
    treated = picked(first, first.reformed & (first.accepted_at >= 0) & (first.accepted_at <= world.settings.ends))
    without, with_it = exact.potential_returns(world, treated)
    size = world.settings.municipalities
    sums = {"n": None, "effect": exact.reform_effect(world, treated), "without": without, "with": with_it}
    return {f"reform_{name}": np.bincount(treated.municipality, value, minlength=size) for name, value in sums.items()}
