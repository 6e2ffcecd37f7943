"""What the doors take when there are many cases: reads, commands and lists, at a thousand cases and at many more."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from overdracht.running.places import find_run
from tests.bench import late, lists, mix
from tests.bench.callers import Callers
from tests.bench.door import Door
from tests.bench.figures import Figure
from tests.bench.filling import write
from tests.bench.history import SERVICES
from tests.bench.latency import MUNICIPALITY, prepare
from tests.bench.product import Running, Unmeasurable, bring_in, settled

FIRST = 1_000
"""Cases at the first measurement."""
READ_MS, COMMAND_MS, GROWN = 20.0, 40.0, 2.0
SETTLE_SECONDS = 900.0
Json = dict[str, Any]


async def measure(running: Running, cases: int, seconds: float) -> Json:
    """Fills the product twice, and measures it each time. Raises Unmeasurable."""
    now, callers = datetime.now(UTC), Callers(running.places.keys)
    sizes = sorted({min(FIRST, cases), cases})
    filled, loops, listed = [], [], []
    for begin, end in zip([0, *sizes], sizes, strict=False):
        filled.append(await fill(running, callers, range(begin, end), now))
        _say(f"doors: {end:,} cases, {seconds:.0f} s of reads and commands, then every list")
        caseworker = callers.caseworker(MUNICIPALITY, "km-0546-01")
        fresh = await prepare(running.doors["intake"], mix.fresh_cases(seconds), caseworker)
        await at_rest(running)
        loops.append(await mix.loop(running.doors, callers, end, fresh, seconds))
        await at_rest(running)
        listed.append(await lists.measure(running.doors, callers, end, now))
    growth = lists.grown(listed[0], listed[-1])
    return {
        "filled": filled,
        "times": [*loops, _slowest(cases, listed[-1])],
        "lists": {f"{size}": found for size, found in zip(sizes, listed, strict=True)},
        "growth": growth,
        "figures": [one.told() for one in figures(loops[-1], growth)],
    }


async def fill(running: Running, callers: Callers, numbers: range, now: datetime) -> Json:
    """Brings these cases in: most as history, some live and late. Raises Unmeasurable."""
    file = running.data.parent / f"filling-{numbers.stop}.jsonl.gz"
    facts = await asyncio.to_thread(write, file, [one for one in numbers if not late.is_late(one)], now)
    _say(f"doors: filling up to {numbers.stop:,} cases: {facts:,} facts of history, and what is told late")
    began = time.monotonic()
    done = await asyncio.to_thread(bring_in, running, file)
    if done.rejected:
        raise Unmeasurable(f"Of the history that fills the product {done.rejected} lines were rejected.")
    await _settled(running)
    for service in SERVICES:  # intake first: the others have to know its cases
        told = late.told_to(service, numbers, now)
        await late.tell(running.doors[service], service, told, now, callers.caseworker)
        await _settled(running)
    await at_rest(running)
    await _analysed(running)
    seconds, whole = done.handled_seconds, time.monotonic() - began
    return {"cases": len(numbers), "facts": facts, "import_seconds": seconds, "seconds": whole}


async def at_rest(running: Running) -> None:
    """Waits until nothing is under way anywhere, in insight neither. Raises Unmeasurable."""
    await _settled(running)
    insight, until = Door(running.places.insight, running.places.token), time.monotonic() + SETTLE_SECONDS
    while not await _shown(insight):
        if time.monotonic() > until:
            raise Unmeasurable(f"The figures did not follow within {SETTLE_SECONDS:.0f} s.")
        await asyncio.sleep(0.5)
    insight.close()


async def _settled(running: Running) -> None:
    if not await settled(list(running.doors.values()), SETTLE_SECONDS):
        raise Unmeasurable(f"What was brought in did not arrive everywhere within {SETTLE_SECONDS:.0f} s.")


async def _shown(insight: Door) -> bool:
    status = await insight.json("/v1/status")
    return bool(status["ready"]) and status["lake"]["lag"] == 0 and status["behind_seconds"] == 0


async def _analysed(running: Running) -> None:
    """What PostgreSQL does by itself within a minute, done now: the tables' statistics, and rows as they stay."""
    server = urlsplit(find_run(running.data).postgres)
    for service in SERVICES:
        connection = await asyncpg.connect(urlunsplit(server._replace(path=f"/{service}")))
        await connection.execute("vacuum analyze")
        await connection.close()


def _slowest(cases: int, listed: Mapping[str, Json]) -> Json:
    """The lists that take longest."""
    rows = sorted(listed.items(), key=lambda row: -row[1]["p50_ms"])[:8]
    return {"title": f"{cases:,} cases: the slowest of {len(listed)} lists and searches", "times": dict(rows)}


def figures(loop: Json, growth: list[Json]) -> list[Figure]:
    """What is held to an aim."""
    times = loop["times"]
    middle, high = (max(growth, key=itemgetter(part)) for part in ("p50_ratio", "p95_ratio"))
    return [
        Figure("a read of one case, p99", times["read: one case"]["p99_ms"], "ms", READ_MS),
        Figure("a command, p99", times["command"]["p99_ms"], "ms", COMMAND_MS),
        Figure("not answered as they should be", sum(loop["refused"].values()), "requests", 0),
        Figure(f"most grown list, median ({middle['door']})", middle["p50_ratio"], "times", GROWN),
        Figure(f"most grown list, p95 ({high['door']})", high["p95_ratio"], "times", GROWN),
        Figure("lists that grew more than that", sum(row["p50_ratio"] > GROWN for row in growth), f"of {len(growth)}"),
    ]


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
