"""Writes a run as a history in the dossier format: one municipality or several, in constant memory."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

import numpy as np
import orjson

from tests.simulator.facts import facts_of
from tests.simulator.facts.table import CODES, FACT, MADE_BY_THE_PRODUCT, Table, taken
from tests.simulator.runs import blocks
from tests.simulator.sayings import SAYINGS
from tests.simulator.tally import added, tally
from tests.simulator.truth import truth
from tests.simulator.words import Rows, coach, number_of
from tests.simulator.world import World

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
AT_ONCE = 20_000
"""Rows that are turned into words at a time."""
Progress = Callable[[int, int], None]
"""Told how many people are done, and how many facts were written of them."""


def write(world: World, path: Path, progress: Progress = lambda people, facts: None) -> dict[str, Any]:
    """Writes the history (gzip when the name says so) and returns the truth of it, with the number of facts by name."""
    counts = np.zeros(len(FACT), np.int64)
    tallies, written = [], 0
    with _opened(path) as file:
        for block in blocks(world):
            table = facts_of(world, block)
            counts += np.bincount(table["fact"], minlength=len(FACT))
            for rows in _parts(table):
                file.write(b"".join(line + b"\n" for line in lines_of(world, rows)))
                written += len(rows["case"])
                progress(int(rows["case"][-1]), written)
            tallies.append(tally(world, block))
    told = {fact: int(counts[place]) for fact, place in FACT.items() if counts[place]}
    made = {fact: told.pop(fact) for fact in MADE_BY_THE_PRODUCT if fact in told}
    return truth(world, added(tallies)) | {"facts": told, "facts_the_product_makes_of_them": made}


def lines(world: World) -> Iterator[bytes]:
    """All lines of the history, without their ends; ordered within a dossier."""
    for block in blocks(world):
        for rows in _parts(facts_of(world, block)):
            yield from lines_of(world, rows)


def lines_of(world: World, table: Table) -> Iterator[bytes]:
    """The lines of these rows."""
    rows = _in_words(world, table)
    for i, fact in enumerate(rows["fact"]):
        yield orjson.dumps(
            {
                "at": rows["at"][i],
                "municipality": rows["municipality"][i],
                "dossier": f"S-{rows['number'][i]}",
                "actor": _actor(rows, i),
                "fact": fact,
                "data": SAYINGS[fact](rows, i),
            }
        )


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file, there only when it is whole. The same world always gives the same bytes."""
    working = path.with_name(path.name + ".part")
    try:
        with working.open("wb") as raw:
            if path.suffix == ".gz":
                with gzip.GzipFile("", "wb", 6, raw, mtime=0) as file:
                    yield file  # type: ignore[misc]
            else:
                yield raw
        working.replace(path)
    finally:
        working.unlink(missing_ok=True)


def _parts(table: Table) -> Iterator[Table]:
    """Some thousands of rows at a time, without what the product makes itself."""
    said = np.flatnonzero(~np.isin(table["fact"], [FACT[fact] for fact in MADE_BY_THE_PRODUCT]))
    for start in range(0, len(said), AT_ONCE):
        yield taken(table, said[start : start + AT_ONCE])


def _in_words(world: World, table: Table) -> Rows:
    """Codes as words and times as a source system in the Netherlands writes them."""
    rows: Rows = {}
    for name, column in table.items():
        if name in CODES:
            rows[name] = np.array([*CODES[name], None], object)[column].tolist()
        else:
            rows[name] = column.tolist()
    rows["municipality"] = np.array(world.codes, object)[table["municipality"]].tolist()
    rows["number"] = [number_of(world.settings.seed, case) for case in rows["case"]]
    moments = [datetime.fromtimestamp(at, AMSTERDAM).isoformat() for at in rows["occurred_at"]]
    rows["at"], rows["day"] = moments, [moment[:10] for moment in moments]
    return rows


def _actor(rows: Rows, i: int) -> dict[str, str]:
    """Who says it, under a pseudonym."""
    role = rows["role"][i]
    if role == "caseworker":
        return {"role": role, "id": f"km-{rows['municipality'][i][2:]}-{rows['actor'][i]:02}"}
    return {"role": role, "id": coach(rows, i) if role == "coach" else role}
