"""`python -m tests.bench`: the bare pipeline and the product in one run on one machine, one table, one JSON file."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
import uvloop

from deploy.embedded.parts import CANNOT, Halt
from tests.bench import history, latency, profiling, report
from tests.bench.bare import run as bare
from tests.bench.engines import engines, scratch
from tests.bench.history import Line
from tests.bench.product import Running, Unmeasurable, bring_in, product, services, settled
from tests.tokens import called_by

Json = dict[str, Any]


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", choices=("bare", "product", "latency"), help="one part; default: all")
    parser.add_argument("--runs", type=int, default=2, help="bare and product in turn, this many times (2)")
    parser.add_argument("--passes", type=int, default=3, help="passes of the bare pipeline in a run (3)")
    parser.add_argument("--seconds", type=float, default=30.0, help="how long latency is measured (30)")
    parser.add_argument("--quick", action="store_true", help="one run, one bare pass, 10 s of latency")
    parser.add_argument("--json", action="store_true", help="the result as JSON on stdout instead of the table")
    parser.add_argument("--profile", action="store_true", help="py-spy on the services during one import")
    asked = parser.parse_args()
    if asked.quick:
        asked.runs, asked.passes, asked.seconds = 1, 1, 10.0
    return asked


async def measure(asked: argparse.Namespace) -> Json:
    """All that was asked for, in one result."""
    lines = history.read()
    warm = history.warm_up(lines)
    result: Json = {"machine": report.machine(), "facts": len(lines), "rates": {}, "usage": {}, "notes": []}
    with scratch() as folder:
        warm_file = folder / "warm-up.jsonl.gz"
        history.write(warm, warm_file)
        for number in range(asked.runs if asked.only != "latency" else 1):
            if asked.only in (None, "bare"):
                _say(f"bare pipeline, run {number + 1} of {asked.runs}")
                await _bare(result, folder / f"bare-{number}", lines, warm, asked.passes)
            if asked.only != "bare":
                last = number == asked.runs - 1 or asked.only == "latency"
                await _product(result, folder / f"product-{number}", warm_file, asked, last=last)
    result["summary"] = report.summary(result)
    return result


async def _bare(result: Json, folder: Path, lines: list[Line], warm: list[Line], passes: int) -> None:
    async with engines(folder) as found:
        measured = await bare.run(found, lines, warm, passes=passes)
    for enveloped, kind in measured.items():
        name = "bare_enveloped" if enveloped else "bare"
        result["rates"].setdefault(name, []).extend(fed.facts / fed.handled_seconds for fed in kind.fed)
        result["usage"].setdefault(name, []).extend(asdict(used) for used in kind.used)
        result.setdefault("passes", {}).setdefault(name, []).extend(asdict(fed) for fed in kind.fed)


async def _product(result: Json, folder: Path, warm_file: Path, asked: argparse.Namespace, *, last: bool) -> None:
    try:
        async with product(folder) as running:
            _say("product: warm-up")
            await asyncio.to_thread(bring_in, running, warm_file)
            if asked.only != "latency":
                await _import(result, running)
            if last and asked.only != "product":
                await _latency(result, running, asked.seconds)
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


async def profile(asked: argparse.Namespace) -> str:
    """The import with py-spy on every service; the top frames."""
    program = profiling.py_spy()
    if program is None:
        return profiling.HOW_TO_GET_IT
    kept = report.LATEST.parent / "profile"
    with scratch() as folder:
        warm_file = folder / "warm-up.jsonl.gz"
        history.write(history.warm_up(history.read()), warm_file)
        async with product(folder / "product") as running:
            await asyncio.to_thread(bring_in, running, warm_file)
            recorders = profiling.start(program, services(running), kept)
            done = await asyncio.to_thread(bring_in, running, history.EXAMPLE)
            told = await asyncio.to_thread(profiling.stop, recorders, kept)
    rate = done.lines / done.handled_seconds
    return f"{told}\n\nWith py-spy beside it: {rate:,.0f} facts a second, {done.handled_seconds:.1f} s."


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def main() -> int:
    """Exit code 0 when everything asked for was measured, 1 when something was not, 3 when engines do not start."""
    asked = options()
    # A group coordinator that is still being made is no news.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        if asked.profile:
            sys.stdout.write(uvloop.run(profile(asked)) + "\n")
            return 0
        result = uvloop.run(measure(asked))
    except Halt as halt:
        sys.stderr.write(f"{halt}\n")
        return CANNOT
    except Unmeasurable as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    report.write(result)
    if asked.json:
        sys.stdout.write(orjson.dumps(result, option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        sys.stdout.write(f"{report.table(result)}\n\nKept as {report.LATEST.relative_to(history.ROOT)}\n")
    return 1 if result["notes"] else 0


if __name__ == "__main__":
    sys.exit(main())
