"""How columns of the lake are made of many of the simulator's rows at once: words, numbers, ids, days and JSON."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from services.insight.lake.columns import MILLISECONDS
from tests.simulator import tables as t
from tests.simulator.facts.table import CODES, Table
from tests.simulator.world import World

Ints = NDArray[np.int64]
Make = Callable[[World, Table], pa.Array]


def numbers(kind: str, of: NDArray[Any]) -> Ints:
    """The ids of these numbers of a kind: 63 bits, one each (splitmix64, Steele and others 2014)."""
    with np.errstate(over="ignore"):
        x = (of.astype(np.uint64) + np.uint64(sum(kind.encode()) << 50)) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    found: Ints = ((x ^ (x >> np.uint64(31))) >> np.uint64(1)).astype(np.int64)
    return found


def actors(rows: Table) -> Ints:
    """A coach of a company, a caseworker of a municipality, or the one there is of any other role."""
    role = rows["role"].astype(np.int64)
    place = np.where(role == t.ROLES.index("caseworker"), rows["municipality"], 0).astype(np.int64)
    own = np.where(role <= t.ROLES.index("coach"), rows["actor"], 0).astype(np.int64)
    return numbers("actor", (role << 40) + (place << 20) + own)


def moments(seconds: Ints) -> pa.Array:
    return pa.array(seconds * 1000, MILLISECONDS)


def word(column: str) -> Make:
    words = pa.array(CODES[column])
    return lambda world, rows: words.take(pa.array(rows[column], mask=rows[column] < 0))


def number(column: str) -> Make:
    return lambda world, rows: pa.array(rows[column])


def yes(column: str) -> Make:
    return lambda world, rows: pa.array(rows[column] > 0)


def always(value: Any) -> Make:
    return lambda world, rows: pa.repeat(pa.scalar(value), len(rows["case"]))


def id_of(kind: str, of: str = "referral") -> Make:
    return lambda world, rows: pa.array(numbers(kind, rows[of]))


def day(later: int = 0) -> Make:
    """The day in the Netherlands, so many days on."""

    def made(world: World, rows: Table) -> pa.Array:
        there = pa.array(rows["occurred_at"], pa.timestamp("s", "UTC")).cast(pa.timestamp("s", "Europe/Amsterdam"))
        day = pc.local_timestamp(there).cast(pa.date32()).cast(pa.int32())
        return pc.add(day, pa.scalar(later, pa.int32())).cast(pa.date32())

    return made


def text(*parts: "str | Make") -> Make:
    """The parts one after another: texts as they are, columns as their values."""

    def made(world: World, rows: Table) -> pa.Array:
        whole = [one if isinstance(one, str) else one(world, rows).cast(pa.string()) for one in parts]
        return pc.binary_join_element_wise(*whole, "")

    return made


def quoted(make: Make) -> Make:
    return text('"', make, '"')


def either(column: str, some: Make, none: Make) -> Make:
    """One where the column says something, the other where it says nothing."""
    return lambda world, rows: pc.if_else(pa.array(rows[column] >= 0), some(world, rows), none(world, rows))


def municipality(world: World, rows: Table) -> pa.Array:
    return pa.array(world.codes).take(pa.array(rows["municipality"]))


def previous(world: World, rows: Table) -> pa.Array:
    return pa.array(numbers("referral", rows["referral"] - 1), mask=rows["sequence_in_case"] == 1)


def in_turn(words: tuple[str, ...]) -> Make:
    return lambda world, rows: pa.array(words).take(pa.array(rows["case"] % len(words)))


def goal(world: World, rows: Table) -> pa.Array:
    work = [trajectory in ("reintegration", "work_experience") for trajectory in t.TRAJECTORIES]
    return pc.if_else(pa.array(np.array(work)[rows["trajectory"]]), pa.scalar("paid_work"), pa.scalar("participation"))


def factor_said(place: int, factor: str) -> Make:
    """A factor's score as JSON; the citizen's or the professional's, in turn."""

    def made(world: World, rows: Table) -> pa.Array:
        score = rows[f"score_{factor}"].astype(np.int64)
        sources = ("citizen", "professional")
        said = [
            f'{{"factor":"{factor}","score":{score},"direction":"{"helps" if score >= 5 else "hinders"}",'
            f'"source":"{source}"}}'
            for score in range(11)
            for source in sources
        ]
        return pa.array(said).take(pa.array(score * 2 + (place + rows["case"]) % 2))

    return made


def instruments(world: World, rows: Table) -> pa.Array:
    every = [
        "[" + ",".join(f'"{code}"' for place, code in enumerate(t.EMPLOYER_INSTRUMENTS) if bits >> place & 1) + "]"
        for bits in range(1 << len(t.EMPLOYER_INSTRUMENTS))
    ]
    return pa.array(every).take(pa.array(rows["employer_instruments"]))


def measured(world: World, rows: Table) -> pa.Array:
    """What a plan was adjusted for: the measurement of that day."""
    at = pc.strftime(pa.array(rows["occurred_at"] - 3_300, pa.timestamp("s", "UTC")), format="%Y-%m-%dT%H:%M:%SZ")
    said = '{"kind":"measurement","id":', id_of("goal")(world, rows).cast(pa.string()), ',"at":"', at, '"}'
    return pc.binary_join_element_wise(*said, "")


def corrected(world: World, rows: Table) -> pa.Array:
    return moments(rows["corrected_at"])
