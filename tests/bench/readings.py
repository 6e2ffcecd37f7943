"""`python -m tests.bench.readings`: what the log of readings costs: the same doors with the log and without, in turns.

Intake runs in this process on engines of its own. Without the log nothing is written and nothing committed: what a
reading cost before it left a line.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from unittest.mock import patch

import orjson

from services.intake import logbook
from services.intake.commands import COMMANDS
from services.intake.vault import reading
from shared import logging
from tests.bench.engines import engines, scratch
from tests.builders import leiden
from tests.integration.intake_world import intake_migrated, intake_running
from tests.integration.world import World, fresh_database, fresh_topics
from tests.tokens import caseworker

READINGS, AT_ONCE, ROUNDS = 400, 16, 3


async def _nothing(*_: Any) -> None:
    """Leaves no line."""


@contextmanager
def without() -> Iterator[None]:
    """Readings leave no line, and neither do applications."""
    with patch.object(reading, "_kept", _nothing), patch.object(logbook, "add", _nothing):
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


async def main() -> None:
    """Measures in turns, and tells the best of each."""
    logging.configure("bench", "ERROR")
    found: dict[tuple[str, bool], list[float]] = {}
    with scratch() as folder:
        async with engines(folder / "engines") as given:
            for logged in [True, False] * ROUNDS:
                await fresh_topics(given.bootstrap)
                url = await fresh_database(given.admin_url)
                await intake_migrated(url)
                async with intake_running(url, given.bootstrap) as intake:
                    with nullcontext() if logged else without():
                        found.setdefault(("history", logged), []).append(await history(intake))
                        rows = await intake.sql(f"select case_id from identity limit {READINGS}")
                        paths = [f"/v1/cases/{row[0]}/person" for row in rows]
                        found.setdefault(("ms", logged), []).append(await one_by_one(intake, paths))
                        found.setdefault(("rate", logged), []).append(await at_once(intake, paths))
                    if logged:
                        size = "select pg_total_relation_size('reading') / count(*), count(*) from reading"
                        found.setdefault(("bytes", True), []).append(float((await intake.sql(size))[0][0]))
    for name, best in (("ms", min), ("rate", max), ("history", max)):
        sys.stdout.write(f"{name:8} without {best(found[name, False]):8.2f}   with {best(found[name, True]):8.2f}\n")
    sys.stdout.write(f"bytes a line, indexes and all: {found['bytes', True][-1]:.0f}\n")


if __name__ == "__main__":
    asyncio.run(main())
