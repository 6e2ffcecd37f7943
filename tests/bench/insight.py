"""Insight from end to end: events into the lake, figures of millions of them, figures served, and how fresh."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import orjson

from tests.bench import fresh, serving
from tests.bench.callers import Callers
from tests.bench.door import Door
from tests.bench.engines import engines
from tests.bench.figures import Figure
from tests.bench.history import EXAMPLE, ROOT
from tests.bench.latency import MUNICIPALITY, prepare
from tests.bench.product import Unmeasurable, bring_in, product
from tests.integration.world import fresh_topics

COPIES, COUNTRY = 8, 123
"""Of Leiden's year: as history, and of which one month is the whole country's."""
LAKE_RATE, BYTES = 50_000, 20
REBUILT, REBUILT_SECONDS, REBUILT_GIB = 30_000_000, 120, 6
"""So many events are to be rebuilt in so many seconds on two cores, and within so much memory."""
SERVED_MS, FRESH_SECONDS = 100, 5
Json = dict[str, Any]


async def measure(folder: Path, events: int, seconds: float) -> Json:
    """All five. Raises Unmeasurable."""
    lake, country = folder / "lake", COUNTRY if events >= REBUILT else 0
    _say(f"insight: {COPIES} years of Leiden into a lake")
    log = await _piece("tests.bench.lake", "--copies", str(COPIES), "--country", str(country))
    _say(f"insight: a lake of about {events:,} events, and its figures")
    made = await _piece("tests.bench.rebuilding", "make", str(lake), str(events))
    alone = await _piece("tests.bench.rebuilding", "duckdb", str(lake))
    rebuilt = await _piece("tests.bench.rebuilding", "figures", str(lake))
    touched = await _piece("tests.bench.rebuilding", "touch", str(lake))
    _say("insight: figures served")
    async with engines(folder / "engines") as given:
        await fresh_topics(given.bootstrap)
        async with serving.insight(lake, given.bootstrap) as door:
            served = await serving.measure(door, seconds)
    _say("insight: how fresh figures are")
    seen = await _freshness(folder / "product")
    found = {
        "lake": log,
        "made": made,
        "duckdb": alone,
        "rebuilt": rebuilt,
        "touched": touched,
        "times": [served, seen],
    }
    return found | {"figures": [one.told() for one in figures(found)]}


async def _piece(module: str, *words: str) -> Json:
    """A piece of work in a process of its own; what it says. Raises Unmeasurable."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *words, cwd=ROOT,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, trouble = await process.communicate()
    if process.returncode:
        last = (trouble.decode().strip() or "it said nothing").splitlines()[-1]
        raise Unmeasurable(f"{module} {words[0]} ended with {process.returncode}: {last}")
    told: Json = orjson.loads(said)
    return told


async def _freshness(folder: Path) -> Json:
    async with product(folder) as running:
        await asyncio.to_thread(bring_in, running, EXAMPLE)
        callers = Callers(running.places.keys)
        caseworker = callers.caseworker(MUNICIPALITY, "km-0546-01")
        cases = await prepare(running.doors["intake"], fresh.SAMPLES, caseworker)
        insight = Door(running.places.insight, running.places.token)
        await asyncio.sleep(5)
        found = await fresh.measure(running.doors, insight, callers, cases)
        insight.close()
        return found


def figures(found: Json) -> list[Figure]:
    """What is held to an aim."""
    log, made, alone, rebuilt = found["lake"]["history"], found["made"], found["duckdb"], found["rebuilt"]
    served, seen = (next(reversed(times["times"].values())) for times in found["times"])
    count, size = made["events"], made["events"] / 1e6
    # fewer events are to take as much less: what does not grow with them is in the time all the same
    share = min(count / REBUILT, 1)
    told = [
        Figure("events into the lake, by the clock", log["events_a_second"], "a second", LAKE_RATE, "least"),
        Figure("an event in the lake, merged", log["bytes_an_event_merged"], "bytes", BYTES),
        Figure("an event of the simulated country", made["bytes"] / count, "bytes", BYTES),
        Figure(f"{size:.1f} M events: rows and all measures", rebuilt["seconds"], "s", REBUILT_SECONDS * share),
        Figure("of processors", rebuilt["cpu_seconds"], "s"),
        Figure("most memory", rebuilt["peak_gib"], "GiB", REBUILT_GIB),
        Figure("DuckDB alone, the same SQL added up", alone["seconds"], "s"),
        Figure("rows and measures, in times of that", rebuilt["seconds"] / alone["seconds"], "times"),
        Figure("rows of one case made anew among these", found["touched"]["of_1"], "s"),
        Figure("a figure served, p99", served["p99_ms"], "ms", SERVED_MS),
        Figure("accepted until the figure shows it, p99", seen["p99_ms"] / 1e3, "s", FRESH_SECONDS),
    ]
    if month := found["lake"].get("month"):
        told.insert(
            2, Figure("a month of the country into it", month["events_a_second"], "a second", LAKE_RATE, "least")
        )
        told.insert(3, Figure("an event of that month, merged", month["bytes_an_event_merged"], "bytes", BYTES))
    return told


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
