"""Worlds as the product sees them: their logs in the lake's files, the rows that are gathered from those, the figures;
and what must come out. Nothing here computes a measure."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from services.insight.measures.computing import figure
from services.insight.measures.fairness import fair
from services.insight.measures.frame import Frame
from services.insight.measures.keeping import whole
from services.insight.statistics.estimate import LEVEL, z_of
from tests.simulator import exact, hazards
from tests.simulator.calibration import Floats, Ints
from tests.simulator.events import event_chunks
from tests.simulator.facts.table import FACT, Table, taken
from tests.simulator.judging import Beliefs, Cells
from tests.simulator.lake import write_chunks
from tests.simulator.rounds import ACCEPTED
from tests.simulator.runs import blocks
from tests.simulator.settings import DAY, Settings
from tests.simulator.spells import Spells, joined, picked
from tests.simulator.world import World, draw_world

HAND_OFFS = [
    FACT[name]
    for name in (
        "application_received", "referral_sent", "referral_accepted", "referral_declined", "referral_returned",
        "trajectory_completed", "referral_withdrawn",
    )
]  # fmt: skip
"""All that the measures of returning rest on: the other facts would only be written to be passed over."""
LATER = 105
"""Days after the beginning of a month at which its cells are looked at: half of its people were followed for less than
90 days, the others for longer."""
LEAST = 10
Known = tuple[World, Spells, Frame]


def drawn(settings: Settings, folder: Path, *, apart: float = 1.0) -> Known:
    """The world, its first referrals, and the rows of its lake. `apart`: places differ so many times as much."""
    world = draw_world(settings)
    world = replace(world, shift=apart * world.shift)
    spells = joined([block.spells for block in blocks(world)])
    write_chunks(world, folder, _hand_offs(world), level=1)
    there = spells.first & (spells.sent_at <= settings.ends)
    return world, picked(spells, there), whole(folder)


def _hand_offs(world: World) -> Iterator[Table]:
    for chunk in event_chunks(world):
        yield taken(chunk, np.isin(chunk["fact"], HAND_OFFS))


def month_of(seconds: Ints) -> Ints:
    """Months since 1970, in the Netherlands."""
    local = pc.local_timestamp(pa.array(seconds, pa.timestamp("s", "UTC")).cast(pa.timestamp("s", "Europe/Amsterdam")))
    return np.asarray(local).astype("datetime64[M]").astype(np.int64)


def cells(known: list[Known]) -> Cells:
    """The share back within 90 days, by municipality and month of sending: what the product says as of some time after
    each month, when many are still open; beside what the hazards say of these very people."""
    rows = []
    for world, spells, frame in known:
        month = month_of(spells.sent_at)
        first, months = int(month.min()), int(np.ptp(month)) + 1
        group = spells.municipality.astype(np.int64) * months + (month - first)
        size = len(world.codes) * months
        truth = exact.true_incidence(world, spells, group, size, since_sent=True)
        for cell in np.flatnonzero(np.bincount(group, minlength=size) >= LEAST).tolist():
            place, since = divmod(cell, months)
            begin = np.datetime64(first + since, "M")
            at = int(begin.astype("datetime64[s]").astype(np.int64)) + LATER * DAY
            if at > world.settings.ends:
                continue
            wanted = {"municipality": world.codes[place], "month": str(begin)}
            found = figure(frame, "returned_within_90_days", wanted, at * 1000)
            said = [np.nan if one is None else one for one in (found.value, found.low, found.high)]
            # a world's municipalities are as good as worlds: their people and luck are drawn apart
            rows.append((world.settings.seed * 1_000 + place, *said, truth[cell]))
    number, value, low, high, true = np.array(rows).T
    return Cells(number.astype(np.int64), value, low, high, true)


def beliefs(known: list[Known]) -> Beliefs:
    """What the product says of companies beside each other, and their true effects; of each world about its mean."""
    rows: list[tuple[Floats, ...]] = []
    for world, _, frame in known:
        found = [one for one in fair(frame, world.settings.ends * 1000).providers if one.compared]
        place = np.array([int(one.name.removeprefix("org-c")) for one in found])
        of = [one.compared for one in found]
        raw, mean = (np.log([x.value for x in some]) for some in ([c.ratio for c in of], [c.shrunk for c in of]))
        wide = np.log([c.shrunk.high / c.shrunk.low for c in of])
        truth = world.company_return[place]
        rows.append((*(x - x.mean() for x in (raw, mean, truth)), wide / (2 * z_of(LEVEL))))
    raw, mean, truth, sd = (np.concatenate(column) for column in zip(*rows, strict=True))
    return Beliefs(raw, mean, sd, truth)


def reform_by_cell(world: World, spells: Spells, which: Ints) -> tuple[Ints, Ints, Floats, Ints]:
    """Of some referrals by cell: (municipality, month since 1970 in universal time, what the reform changed of the
    share back within 90 days of sending, how many they are)."""
    some = picked(spells, which)
    month = some.sent_at.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
    waits = exact.waiting(exact.WINDOW)
    with_it, without = (
        hazards.incidence_since_sent(exact.hazards_of(world, some, log), exact.WINDOW, waits, ACCEPTED)[hazards.RETURN]
        for log in (some.with_reform, some.without_reform)
    )
    effect = np.where(some.reformed, with_it - without, 0.0)
    cell = some.municipality.astype(np.int64) * 100_000 + month
    names, place, size = np.unique(cell, return_inverse=True, return_counts=True)
    return names // 100_000, names % 100_000, np.bincount(place, effect) / size, size
