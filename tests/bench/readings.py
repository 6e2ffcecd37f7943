"""What the log of readings costs: the same doors with the log and without, in turns.

Intake runs in this process on engines of its own. Without the log nothing is written and nothing committed: what a
reading cost before it left a line.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from unittest.mock import patch

import orjson

from services.intake import logbook
from services.intake.commands import COMMANDS
from services.intake.vault import reading
from shared import logging
from tests.bench.bare.run import Engines
from tests.bench.engines import engines
from tests.bench.figures import Figure, cost
from tests.builders import leiden
from tests.integration.intake_world import intake_migrated, intake_running
from tests.integration.world import World, fresh_database, fresh_topics
from tests.tokens import caseworker

READINGS, AT_ONCE = 400, 16
Found = dict[tuple[str, bool], list[float]]
"""(what, whether the log was kept) -> a value per turn."""


async def _nothing(*_: Any) -> None:
    """Leaves no line."""


@contextmanager
def without() -> Iterator[None]:
    """Readings leave no line, and neither do applications."""
    with patch.object(reading, "_entered", _nothing), patch.object(logbook, "add", _nothing):
        yield


async def one_by_one(intake: World, paths: list[str]) -> float:
    """Median milliseconds of a reading, asked one after another."""
    times = []
    for path in paths:
        began = time.perf_counter()
        answer = await intake.doors.get(path, headers=caseworker())
        times.append(time.perf_counter() - began)
        assert answer.status_code == 200, answer.text
    return statistics.median(times) * 1_000


async def at_once(intake: World, paths: list[str]) -> float:
    """Readings a second, so many under way at once."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def ask(path: str) -> None:
        async with gate:
            assert (await intake.doors.get(path, headers=caseworker())).status_code == 200

    began = time.perf_counter()
    await asyncio.gather(*(ask(path) for path in paths))
    return len(paths) / (time.perf_counter() - began)


async def history(intake: World) -> float:
    """Lines of the year a second, applications with a number among them."""
    lines = [orjson.dumps(line) for line in leiden() if line["fact"] in COMMANDS]
    began = time.perf_counter()
    for start in range(0, len(lines), 1_000):
        await intake.post_lines(lines[start : start + 1_000])
    return len(lines) / (time.perf_counter() - began)


async def measure(folder: Path, rounds: int) -> dict[str, Any]:
    """With the log and without, so many times in turns."""
    logging.configure("bench", "ERROR")
    found: Found = {}
    async with engines(folder) as given:
        for logged in [True, False] * rounds:
            await _turn(given, found, logged=logged)
    return {
        "turns": [{"what": what, "logged": logged, "values": values} for (what, logged), values in found.items()],
        "figures": [one.told() for one in figures(found)],
    }


async def _turn(given: Engines, found: Found, *, logged: bool) -> None:
    await fresh_topics(given.bootstrap)
    url = await fresh_database(given.admin_url)
    await intake_migrated(url)
    async with intake_running(url, given.bootstrap) as intake:
        with nullcontext() if logged else without():
            found.setdefault(("history", logged), []).append(await history(intake))
            rows = await intake.sql(f"select case_id from identity limit {READINGS}")
            paths = [f"/v1/cases/{row[0]}/person" for row in rows]
            found.setdefault(("one by one", logged), []).append(await one_by_one(intake, paths))
            found.setdefault(("at once", logged), []).append(await at_once(intake, paths))
        if logged:
            size = "select pg_total_relation_size('reading') / count(*) from reading"
            found.setdefault(("bytes", True), []).append(float((await intake.sql(size))[0][0]))


def figures(found: Found) -> list[Figure]:
    """The best turn of each, with the log beside without."""
    rate, bare = max(found["at once", True]), max(found["at once", False])
    taken, known = max(found["history", True]), max(found["history", False])
    return [
        Figure("a reading, one after another, with the log", min(found["one by one", True]), "ms"),
        Figure("the same without", min(found["one by one", False]), "ms"),
        Figure(f"readings, {AT_ONCE} at once, with the log", rate, "a second"),
        Figure("the same without", bare, "a second"),
        Figure("what the log costs of readings", 100 * cost(bare, rate), "%"),
        Figure("what the log costs of history coming in", 100 * cost(known, taken), "%"),
        Figure("a line of the log, indexes and all", found["bytes", True][-1], "bytes"),
    ]
