"""A chunk of the log as the lake's columns: what the services would have said, without a service in between.

Ids are numbers that look as random as the lake's own. Sealed texts are not there, for the lake's events have none
either; nor is what services remark by themselves (`warnings`) and what they know without being told (a weighed
argument's factor).
"""

import numpy as np
import pyarrow as pa

from services.insight.lake.columns import columns
from tests.simulator.facts.table import FACTS, Table, taken
from tests.simulator.making import Ints, actors, moments, numbers, word
from tests.simulator.said import SAID
from tests.simulator.world import World


def events(world: World, rows: Table, hand_off: dict[str, bool]) -> pa.Table:
    """The rows as the lake's own table; `record_offset`, `partition` and `service` are for who makes the files."""
    found: dict[str, pa.Array] = _common(world, rows, hand_off)
    pieces: dict[str, list[tuple[Ints, pa.Array]]] = {}
    for code in np.unique(rows["fact"]).tolist():
        places = np.flatnonzero(rows["fact"] == code)
        own = taken(rows, places)
        for column, make in SAID.get(FACTS[code], {}).items():
            pieces.setdefault(column, []).append((places, make(world, own)))
    count, schema = len(rows["case"]), columns().events
    for column, some in pieces.items():
        at = np.full(count, -1, np.int64)
        at[np.concatenate([places for places, _ in some])] = np.arange(sum(len(places) for places, _ in some))
        whole = pa.concat_arrays([piece.cast(schema.field(column).type) for _, piece in some])
        found[column] = whole.take(pa.array(at, mask=at < 0))
    arrays = [found[one.name] if one.name in found else pa.nulls(count, one.type) for one in schema]
    return pa.table(arrays, schema=schema)


def _common(world: World, rows: Table, hand_off: dict[str, bool]) -> dict[str, pa.Array]:
    count = len(rows["case"])
    no = pa.repeat(pa.scalar(False), count)
    return {
        "epoch": pa.repeat(pa.scalar(0, pa.int32()), count),
        "version": pa.repeat(pa.scalar(1, pa.int32()), count),
        "sequence": pa.array(rows["sequence"]),
        "fact": word("fact")(world, rows),
        "hand_off": pa.array([hand_off.get(fact) for fact in FACTS]).take(pa.array(rows["fact"])),
        "case_id": pa.array(numbers("case", rows["case"])),
        "caseversion": pa.array(rows["caseversion"]),
        "municipality": pa.array(world.codes).take(pa.array(rows["municipality"])),
        "occurred_at": moments(rows["occurred_at"]),
        "recorded_at": moments(rows["recorded_at"]),
        "actor_role": word("role")(world, rows),
        "actor_id": pa.array(actors(rows)),
        "late": no, "implied": no, "imported": no,
    }  # fmt: skip
