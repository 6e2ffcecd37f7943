"""What checking rights and logging readings cost: an intake as it is beside one without, in turns, on one database."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import orjson

from tests.bench.alone import standing
from tests.bench.bare.run import Engines
from tests.bench.door import Door
from tests.bench.engines import engines
from tests.bench.figures import Figure, cost
from tests.bench.history import chunks, lanes, read
from tests.bench.product import Unmeasurable
from tests.integration.intake_world import intake_migrated
from tests.integration.world import fresh_database, fresh_topics, settings_for
from tests.tokens import called_by, caseworker

CLIENTS = 8
TURNS = 12
"""With, without, with, …: so many of each."""
COST = 10.0
"""Per cent, at most."""
READS = {
    "one case": "/v1/cases/{}",
    "a list": "/v1/cases?status=open&limit=20",
    "a person": "/v1/cases/{}/person",
}


async def measure(folder: Path, seconds: float) -> dict[str, Any]:
    """The rates of each read, with and without. `seconds` is about how long each read takes in all."""
    async with engines(folder) as given:
        await fresh_topics(given.bootstrap)
        url = await fresh_database(given.admin_url)
        await intake_migrated(url)
        told, who = _settings(url, given), caseworker()
        async with (
            standing(["services.intake"], told, who) as asks,
            standing(["tests.bench.unguarded", "intake"], told, who) as bare,
        ):
            cases = await _history(asks)
            rates = await _turns({"with": asks, "without": bare}, cases, seconds / (2 * TURNS))
    return {"rates": rates, "figures": [one.told() for one in figures(rates)]}


def _settings(database_url: str, given: Engines) -> dict[str, Any]:
    wanted = {"database_url", "kafka_bootstrap_servers", "id_key", "signing_key", "vault_key"}
    return settings_for(database_url, given.bootstrap).model_dump(include=wanted)


async def _history(intake: Door) -> list[str]:
    """What concerns intake of a year of history; its cases."""
    who = called_by("operator")
    found: dict[str, None] = {}
    for chunk in chunks(lanes(read(), "intake", count=1)[0], 1_000):
        headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": str(uuid4())} | who
        status, answer = await intake.post("/v1/facts?imported=true", b"\n".join(chunk) + b"\n", headers)
        if status != 200:
            raise Unmeasurable(f"Intake did not take the history: HTTP {status}")
        found |= {case_id: None for line in answer.splitlines() if (case_id := orjson.loads(line).get("case_id"))}
    return list(found)


async def _turns(doors: dict[str, Door], cases: Sequence[str], seconds: float) -> dict[str, dict[str, list[float]]]:
    rates: dict[str, dict[str, list[float]]] = {}
    for name, path in READS.items():
        found = rates[name] = {which: [] for which in doors}
        for turn in range(-1, TURNS):
            for which, door in doors.items():
                rate = await _rate(door, path, cases, seconds)
                found[which] += [rate] if turn >= 0 else []
    return rates


async def _rate(door: Door, path: str, cases: Sequence[str], seconds: float) -> float:
    """Answers a second, when each client asks again as soon as it has its answer."""
    began = time.perf_counter()

    async def client(number: int) -> int:
        count = 0
        while time.perf_counter() - began < seconds:
            status, _ = await door.get(path.format(cases[(number + count * CLIENTS) % len(cases)]))
            if status != 200:
                raise Unmeasurable(f"{path} was answered with HTTP {status}")
            count += 1
        return count

    counts = await asyncio.gather(*map(client, range(CLIENTS)))
    return sum(counts) / (time.perf_counter() - began)


def figures(rates: dict[str, dict[str, list[float]]]) -> list[Figure]:
    """Medians of the turns, and what asking costs of each: of two turns after each other the machine is the same."""
    found = []
    for name, by in rates.items():
        asked, bare = median(by["with"]), median(by["without"])
        costs = [cost(one, other) for one, other in zip(by["without"], by["with"], strict=True)]
        found.append(Figure(f"{name}, {CLIENTS} clients, as it is", asked, "a second"))
        found.append(Figure(f"{name}, without rights or log", bare, "a second"))
        found.append(Figure(f"what they cost of reading {name}", 100 * median(costs), "%", COST))
    return found
