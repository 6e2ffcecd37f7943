"""A run as the log of events it leads to, as flat columns in chunks: tens of millions of events in constant memory.

Besides the columns of facts each event has

- `event`: its number, by which a second delivery is known; `corrects`: the number of the event it corrects, or -1;
  `corrected_at`: when that one is said to have happened;
- `service`: a place in SERVICES; `sequence`: its place in that service's log, from 1;
- `caseversion`: its place within the case in that service, from 1 without a gap;
- `recorded_at`: seconds since 1970, as `occurred_at` is.

Events come in the order in which they were recorded, all services together; any split by case keeps that order. What
services say by themselves when a term passes (the overdue facts) is not there.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tests.simulator.dirt import delivered, dirtied, recorded
from tests.simulator.facts import facts_of
from tests.simulator.facts.table import SERVICE_OF, SERVICES, Table, taken
from tests.simulator.runs import Block, blocks
from tests.simulator.settings import DAY, Dirt
from tests.simulator.tally import Tally, tally
from tests.simulator.world import World


def event_chunks(
    world: World, chunk: int = 1_000_000, *, dirt: Dirt | None = None, tallies: list[Tally] | None = None
) -> Iterator[Table]:
    """The log, at most `chunk` events at a time. What the truth is told from is added to `tallies`, when given.

    What was recorded late comes as long as it takes, so after the history's end too.
    """
    if chunk < 1:
        raise ValueError("chunk: at least 1")
    waiting: list[Table] = []
    numbers = np.zeros(len(SERVICES), np.int64)
    rng = np.random.default_rng([world.settings.seed, 3])
    for block in blocks(world):
        if tallies is not None:
            tallies.append(tally(world, block))
        waiting.append(_log_of(world, block, dirt))
        # nobody who applies later can have an event from before this block's end
        last = block.end_day >= world.settings.days
        until = np.iinfo(np.int64).max if last else world.settings.opens + block.end_day * DAY
        parts = [_before(table, until) for table in waiting]
        waiting = [rest for _, rest in parts if len(rest["case"])]
        due = _in_order([now for now, _ in parts], numbers)
        if dirt is not None:
            due = delivered(due, dirt, rng)
        for start in range(0, len(due["case"]), chunk):
            yield taken(due, np.s_[start : start + chunk])


def _log_of(world: World, block: Block, dirt: Dirt | None) -> Table:
    """What this block's people lead to, by the moment it was recorded."""
    rng = np.random.default_rng([world.settings.seed, 4, block.place])
    table = facts_of(world, block)
    count = len(table["case"])
    table["event"] = (np.int64(block.place) << 40) + np.arange(count)
    table["corrects"] = table["corrected_at"] = np.full(count, -1)
    if dirt is not None:
        table = dirtied(table, dirt, rng)
    table["service"] = SERVICE_OF[table["fact"]]
    table["recorded_at"] = recorded(table, dirt, rng)
    table["caseversion"] = _versions(table)
    table.pop("happened_at", None)
    return taken(table, np.argsort(table["recorded_at"], kind="stable"))


def _versions(table: Table) -> NDArray[np.int32]:
    """The place of each within its case and service; the table is in the order of each case."""
    group = table["case"] * len(SERVICES) + table["service"]
    order = np.argsort(group, kind="stable")
    group = group[order]
    first = np.flatnonzero(np.diff(group, prepend=-1))
    place = np.arange(len(group)) - np.repeat(first, np.diff(first, append=len(group)))
    found = np.empty(len(group), np.int32)
    found[order] = place + 1
    return found


def _before(table: Table, until: int) -> tuple[Table, Table]:
    """What was recorded before a second, and the rest."""
    cut = int(np.searchsorted(table["recorded_at"], until))
    return taken(table, np.s_[:cut]), {name: column[cut:].copy() for name, column in table.items()}


def _in_order(parts: list[Table], numbers: NDArray[np.int64]) -> Table:
    """One log of these, with the next sequence numbers of each service, which go on from `numbers`."""
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    whole = taken(whole, np.lexsort((whole["case"], whole["recorded_at"])))
    whole["sequence"] = np.zeros(len(whole["case"]), np.int64)
    for place in range(len(SERVICES)):
        own = whole["service"] == place
        whole["sequence"][own] = numbers[place] + np.arange(1, int(own.sum()) + 1)
        numbers[place] += int(own.sum())
    return whole
