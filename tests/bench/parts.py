"""The parts of a run, one after another, each with its own engines or its own product; all in one result."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench import doors, history, insight, latency, readings, report, rights
from tests.bench.bare import run as bare
from tests.bench.engines import engines, scratch
from tests.bench.history import Line
from tests.bench.product import Running, Unmeasurable, bring_in, product, settled
from tests.tokens import called_by

Json = dict[str, Any]
PARTS = ("bare", "product", "latency", "doors", "rights", "readings", "insight")


async def measure(asked: argparse.Namespace) -> Json:
    """All that was asked for, in one result."""
    wanted = asked.only or PARTS
    result: Json = {"machine": report.machine(), "rates": {}, "usage": {}, "notes": []}
    with scratch() as folder:
        if {"bare", "product", "latency"} & set(wanted):
            await _side_by_side(result, folder, asked, frozenset(wanted))
        for name in wanted:
            if name in _FIGURED:
                _say(f"{name}:")
                await _kept(result, name, _FIGURED[name](folder, asked))
    result["summary"] = report.summary(result)
    return result


async def _side_by_side(result: Json, folder: Path, asked: argparse.Namespace, wanted: frozenset[str]) -> None:
    """The bare pipeline and the product in turns; hand-offs in the last turn."""
    lines = history.read()
    result["facts"] = len(lines)
    warm, warm_file = history.warm_up(lines), folder / "warm-up.jsonl.gz"
    history.write(warm, warm_file)
    turns = asked.runs if {"bare", "product"} & wanted else 1
    for number in range(turns):
        if "bare" in wanted:
            _say(f"bare pipeline, run {number + 1} of {turns}")
            await _bare(result, folder / f"bare-{number}", lines, warm, asked.passes)
        if {"product", "latency"} & wanted:
            parts = wanted if number == turns - 1 else wanted - {"latency"}
            await _product(result, folder / f"product-{number}", warm_file, asked.seconds, parts)


async def _bare(result: Json, folder: Path, lines: list[Line], warm: list[Line], passes: int) -> None:
    async with engines(folder) as found:
        measured = await bare.run(found, lines, warm, passes=passes)
    for enveloped, kind in measured.items():
        name = "bare_enveloped" if enveloped else "bare"
        result["rates"].setdefault(name, []).extend(fed.facts / fed.handled_seconds for fed in kind.fed)
        result["usage"].setdefault(name, []).extend(asdict(used) for used in kind.used)
        result.setdefault("passes", {}).setdefault(name, []).extend(asdict(fed) for fed in kind.fed)


async def _product(result: Json, folder: Path, warm_file: Path, seconds: float, parts: frozenset[str]) -> None:
    if not parts & {"product", "latency"}:
        return
    try:
        async with product(folder) as running:
            _say("product: warm-up")
            await asyncio.to_thread(bring_in, running, warm_file)
            if "product" in parts:
                await _import(result, running)
            if "latency" in parts:
                await _latency(result, running, seconds)
    except (Unmeasurable, OSError) as trouble:
        result["notes"].append(f"Not measured: {trouble}")


async def _import(result: Json, running: Running) -> None:
    _say(f"product: import of {history.EXAMPLE.name}")
    done = await asyncio.to_thread(bring_in, running, history.EXAMPLE)
    result["rates"].setdefault("product_import", []).append(done.lines / done.answered_seconds)
    result["rates"].setdefault("product_end_to_end", []).append(done.lines / done.handled_seconds)
    result["usage"].setdefault("product", []).append(asdict(done.usage))
    result.setdefault("imports", []).append(asdict(done))
    if done.rejected:
        result["notes"].append(f"The product rejected {done.rejected} lines; only accepted ones are counted.")
    if done.usage.together_mb is None:
        result["notes"].append("Memory not measured: this system does not tell PSS (/proc/<pid>/smaps_rollup).")


async def _latency(result: Json, running: Running, seconds: float) -> None:
    _say(f"product: hand-offs, {latency.A_SECOND} a second for {seconds:.0f} s")
    count = latency.WARM_UP + int(seconds * latency.A_SECOND)
    caseworker = called_by("caseworker", name="km-0546-01", municipality="GM0546", of=running.places.keys)
    cases = await latency.prepare(running.doors["intake"], count, caseworker)
    if not await settled(list(running.doors.values())):
        raise Unmeasurable("The live cases did not arrive everywhere within 60 s; hand-offs were not timed.")
    found = await latency.measure(running.doors, running.places.bootstrap_servers, cases, caseworker)
    result["latency"] = found
    if found["refused"]:
        result["notes"].append(f"Of {found['commands']} commands some were refused: {found['refused']}")
    if late := found["not_visible"] - sum(found["refused"].values()):
        result["notes"].append(f"{late} hand-offs were not visible at outcome within {latency.LOST_SECONDS:.0f} s.")


async def _doors(folder: Path, asked: argparse.Namespace) -> Json:
    async with product(folder / "doors") as running:
        return await doors.measure(running, asked.cases, asked.seconds)


_FIGURED: dict[str, Callable[[Path, argparse.Namespace], Awaitable[Json]]] = {
    "doors": _doors,
    "rights": lambda folder, asked: rights.measure(folder / "rights", asked.seconds),
    "readings": lambda folder, asked: readings.measure(folder / "readings", asked.runs),
    "insight": lambda folder, asked: insight.measure(folder / "insight", asked.events, asked.seconds),
}
"""The parts that leave figures with aims."""


async def _kept(result: Json, name: str, measured: Awaitable[Json]) -> None:
    """A part that cannot be measured leaves a note, and the others go on."""
    try:
        result[name] = await measured
    except (Unmeasurable, OSError) as trouble:
        result["notes"].append(f"{name} not measured: {trouble}")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
