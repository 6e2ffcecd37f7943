"""`python -m tests.bench`: all that is measured, in one run on one machine: one table, one JSON file.

The bare pipeline and the product beside each other, the doors with many cases, what rights and the log of readings
cost, and insight: the lake, the figures, how fresh they are.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys

import orjson
import uvloop

from deploy.embedded.parts import CANNOT, Halt
from tests.bench import history, profiling, report
from tests.bench.engines import scratch
from tests.bench.parts import PARTS, measure
from tests.bench.product import Unmeasurable, bring_in, product, services

NATIONAL = 30_000_000
"""Events of ten years of the whole country."""


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, help="these parts; default: all")
    parser.add_argument("--runs", type=int, default=2, help="bare and product in turn, this many times (2)")
    parser.add_argument("--passes", type=int, default=3, help="passes of the bare pipeline in a run (3)")
    parser.add_argument("--seconds", type=float, default=30.0, help="how long each loop of requests lasts (30)")
    parser.add_argument("--cases", type=int, default=100_000, help="cases at the doors (100000)")
    parser.add_argument("--events", type=int, default=3_000_000, help="events that figures are made of (3000000)")
    parser.add_argument("--national", action="store_true", help=f"{NATIONAL:,} of them, and a month of the country")
    parser.add_argument("--quick", action="store_true", help="one run, one bare pass, 10 s, small numbers: does it run")
    parser.add_argument("--json", action="store_true", help="the result as JSON on stdout instead of the table")
    parser.add_argument("--profile", action="store_true", help="py-spy on the services during one import")
    asked = parser.parse_args()
    if asked.national:
        asked.events = NATIONAL
    if asked.quick:
        asked.runs, asked.passes, asked.seconds, asked.cases, asked.events = 1, 1, 10.0, 4_000, 300_000
    return asked


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
