"""`python -m tests.bench.rebuilding …`: one piece of work on a lake, in a process of its own; what it took, as JSON.

- `make FOLDER EVENTS`: a lake of about so many events of a simulated country;
- `figures FOLDER`: all rows from the files, and every measure of the whole of it, as insight does at its start;
- `touch FOLDER`: the rows of one case made anew, and of a hundred, as insight does when something is heard of them;
- `duckdb FOLDER`: the same files by the same SQL, but only added up: what DuckDB itself takes.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import orjson

from services.insight.lake.folders import stored
from services.insight.measures.asking import Figures
from services.insight.measures.computing import COMPUTED
from services.insight.measures.gathering import KINDS, gathering
from services.insight.measures.keeping import Kept, whole
from tests.simulator.lake import write_lake
from tests.simulator.settings import Dirt, Settings
from tests.simulator.world import draw_world

EVENTS_A_PERSON = 12.9
"""Of the simulated world of three years, with the dirt of registering."""
NOW_MS = 1_764_547_200_000
"""The first of December 2025."""
Json = dict[str, Any]


def make(folder: Path, events: str) -> Json:
    """Writes a lake."""
    settings = Settings(people=round(int(events) / EVENTS_A_PERSON))
    found = write_lake(draw_world(settings), folder, dirt=Dirt())
    size = sum(one.path.stat().st_size for one in stored(folder, "events"))
    return {"events": found["events"], "people": settings.people, "bytes": size}


def figures(folder: Path) -> Json:
    """All rows and all measures."""
    frame = whole(folder)
    asked = Figures(frame, {})
    told = {measure: asked.figure(measure, {}, NOW_MS).value for measure in COMPUTED}
    return {"rows": {kind: len(rows) for kind, rows in frame.items()}, "figures": told}


def touched(folder: Path) -> Json:
    """What making rows anew takes, all being there: it decides how fresh figures can be."""
    kept = Kept(folder)
    kept.rebuild()
    cases = kept.frame["cases"]["case_id"]
    found = {}
    for count in (1, 100):
        began = time.perf_counter()
        kept.touch(set(map(int, cases[:: len(cases) // count][:count])))
        found[f"of_{count}"] = time.perf_counter() - began
    return found


def counted(folder: Path) -> Json:
    """Every row and every column of it is made, and none leaves DuckDB."""
    with gathering(folder) as connection:
        return {"rows": _counts(connection)}


def _counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    found = {}
    for kind in KINDS:
        row = connection.execute(f"SELECT count(*), bit_xor(hash(r)) FROM rows_{kind} r").fetchone()
        found[kind] = int(row[0]) if row else 0
    return found


WORK: Mapping[str, Callable[..., Json]] = {"make": make, "figures": figures, "touch": touched, "duckdb": counted}


def main() -> None:
    """Does it, and says what it took: seconds by the clock and of processors, and the most memory that was held."""
    name, folder, *more = sys.argv[1:]
    began = time.perf_counter()
    told = WORK[name](Path(folder), *more)
    used = resource.getrusage(resource.RUSAGE_SELF)
    told |= {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "peak_gib": used.ru_maxrss / 2**20,
    }
    sys.stdout.buffer.write(orjson.dumps(told) + b"\n")


if __name__ == "__main__":
    main()
