"""A working day at the doors: an open loop of reads and commands, each at its moment whatever became of others."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, takewhile
from typing import Any

from tests.bench.callers import Callers
from tests.bench.door import Door
from tests.bench.figures import percentiles
from tests.bench.filling import Case, case_of
from tests.bench.steps import STEPS, give

A_SECOND = 100
"""Requests. Of every twenty nine read one case, three a list, four are one journey, and four are commands."""
COMMANDS = 20
"""Of the requests of a second."""
WARM_UP = 6.0
"""Seconds that are not counted. A case gets its next command 1.2 s after the one before: by then all kinds came by."""
_TWENTY = "cmclccmcljcmlccmc"
_GROUP = 20 / A_SECOND
Asking = Callable[[], Awaitable[bool]]


@dataclass(frozen=True)
class Due:
    """What is asked, of which kind, and when (seconds after the start)."""

    at: float
    kind: str
    ask: Asking


def fresh_cases(seconds: float) -> int:
    """How many new cases a loop of this length needs for its commands."""
    return int((seconds + WARM_UP) * COMMANDS / len(STEPS)) + 1


async def loop(
    doors: Mapping[str, Door], callers: Callers, cases: int, fresh: Sequence[str], seconds: float
) -> dict[str, Any]:
    """The quantiles of the times from due until answered, by kind. `cases`: how many are there; `fresh`: new ones."""
    plan = list(takewhile(lambda one: one.at < seconds + WARM_UP, _plan(doors, callers, cases, fresh)))
    start = time.perf_counter() + 0.2
    took = await asyncio.gather(*(_asked(one, start) for one in plan))
    counted = [(one.kind, spent) for one, spent in zip(plan, took, strict=True) if one.at >= WARM_UP]
    good = [(kind, spent) for kind, spent in counted if spent is not None]
    kinds = sorted({kind for kind, _ in counted})
    return {
        "title": f"{cases:,} cases: {A_SECOND} requests a second, open loop, {seconds:.0f} s",
        "refused": dict(Counter(kind for kind, spent in counted if spent is None)),
        "times": {
            kind: percentiles(spent for one, spent in good if one.startswith(kind))
            for kind in ("read: one case", "read: a list", "read: a journey", "command", *kinds)
        },
    }


async def _asked(one: Due, start: float) -> float | None:
    due = start + one.at
    await asyncio.sleep(due - time.perf_counter())
    return time.perf_counter() - due if await one.ask() else None


def _plan(doors: Mapping[str, Door], callers: Callers, cases: int, fresh: Sequence[str]) -> Iterator[Due]:
    """Without end: the groups of twenty requests, evenly spread."""
    chance = random.Random(cases)  # noqa: S311 - the same order every time
    services, lists, commands = cycle(("referral", "outcome", "intake")), cycle(_LISTS), _commands(fresh)
    for place, letter in enumerate(cycle(_TWENTY)):
        at = place * _GROUP / len(_TWENTY)
        case = case_of(chance.randrange(cases))
        if letter == "c":
            service = next(services)
            yield Due(at, f"read: one case, {service}", _one(doors[service], callers, case))
        elif letter == "l":
            service, query = next(lists)
            yield Due(at, "read: a list", _list(doors[service], callers, case, query))
        elif letter == "j":
            yield Due(at, "read: a journey", _journey(doors, callers, case))
        elif (step := next(commands)) is not None:
            service, command, _ = STEPS[step[1]]
            yield Due(at, f"command: {command}, {service}", give(doors[service], callers, step[0], step[1]))


def _commands(fresh: Sequence[str]) -> Iterator[tuple[str, int] | None]:
    """(case, step): each second some new cases begin, and the others get their next command."""
    begin = COMMANDS // len(STEPS)
    for number in range(10**9):
        second, rest = divmod(number, COMMANDS)
        step, place = divmod(rest, begin)
        case = (second - step) * begin + place
        yield (fresh[case], step) if 0 <= case < len(fresh) else None


def _one(door: Door, callers: Callers, case: Case) -> Asking:
    async def ask() -> bool:
        status, _ = await door.get(f"/v1/cases/{callers.case_id(case)}", callers.caseworker(case.municipality))
        return status == 200

    return ask


_LISTS = (
    ("referral", "status=open&caseworker={caseworker}"),
    ("intake", "overdue=true"),
    ("outcome", "status=open"),
    ("referral", "provider={provider}"),
    ("diagnosis", "status=open"),
)


def _list(door: Door, callers: Callers, case: Case, query: str) -> Asking:
    path = f"/v1/cases?{query.format(caseworker=case.caseworker, provider=case.provider)}"

    async def ask() -> bool:
        return (await door.get(path, callers.caseworker(case.municipality)))[0] == 200

    return ask


def _journey(doors: Mapping[str, Door], callers: Callers, case: Case) -> Asking:
    """What all four services know of a case, as `overdracht case` asks."""

    async def ask() -> bool:
        return all(await asyncio.gather(*(_one(door, callers, case)() for door in doors.values())))

    return ask
