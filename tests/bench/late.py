"""Cases that are told today of long ago, so that terms have passed: what the lists of overdue cases are made of."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import orjson

from tests.bench.door import Door
from tests.bench.filling import Case, application, case_of, facts_of, plan, referred

Header = Callable[[str, str], dict[str, str]]
"""Municipality and caseworker -> the header in which that caseworker calls."""
EVERY = 25
"""One case in so many is late."""
LONG = 150
"""Days ago, at the most, that anything of a running case is told to have happened."""
_AT_ONCE = 4


async def tell(door: Door, service: str, cases: Iterable[Case], now: datetime, header: Header) -> None:
    """Tells a service what concerns it of these cases, each by its own caseworker. Raises ConnectionError."""
    lines: dict[tuple[str, str], list[bytes]] = defaultdict(list)
    for case in cases:
        lines[case.municipality, case.caseworker].append(orjson.dumps(_line(case, service, now)))
    gate = asyncio.Semaphore(_AT_ONCE)

    async def put(who: tuple[str, str], some: list[bytes]) -> None:
        async with gate:
            await _put(door, some, header(*who))

    await asyncio.gather(*(put(who, some) for who, some in lines.items()))


async def _put(door: Door, lines: list[bytes], header: dict[str, str]) -> None:
    around = {"Content-Type": "application/x-ndjson", "Idempotency-Key": str(uuid4())} | header
    status, answer = await door.post("/v1/facts", b"\n".join(lines) + b"\n", around)
    said = [orjson.loads(line) for line in answer.splitlines()] if status == 200 else []
    refused = sorted({f"{one['code']} {one['field']}" for one in said if one["status"] == "rejected"})
    if status != 200 or refused:
        raise ConnectionError(f"late cases were not taken: HTTP {status} {refused}")


def told_to(service: str, numbers: range, now: datetime) -> list[Case]:
    """The cases among these that a service is told of: new ones; at diagnosis some of those long on benefit."""
    if service != "diagnosis":
        return [case_of(number) for number in numbers if is_late(number)]
    return [case_of(number) for number in numbers if number % EVERY == 0 and _is_on_benefit(number, now)]


def is_late(number: int) -> bool:
    """Whether a case is told live, and so is no part of the history."""
    return number % EVERY == EVERY - 1


def _is_on_benefit(number: int, now: datetime) -> bool:
    said = {fact["fact"]: fact["data"] for fact in facts_of(case_of(number), now)}
    decided = said.get("benefit_decided", {"decision": "", "decided_on": ""})
    since = _on(now, LONG + 1)
    return decided["decision"] == "granted" and decided["decided_on"] < since and "case_closed" not in said


def _line(case: Case, service: str, now: datetime) -> dict[str, Any]:
    """What a service is told; each is a fact whose term has passed by now."""
    days, fact, data = _SAID[service](case, now)
    return {
        "at": (now - timedelta(days=days + case.number % 50)).isoformat(timespec="seconds"),
        "municipality": case.municipality,
        "dossier": case.dossier,
        "actor": {"role": "caseworker", "id": case.caseworker},
        "fact": fact,
        "data": data,
    }


_SAID: dict[str, Callable[[Case, datetime], tuple[int, str, dict[str, Any]]]] = {
    "intake": lambda case, now: (LONG, "application_received", application(case, now - timedelta(days=LONG))),
    "diagnosis": lambda _, now: (LONG - 50, "diagnosis_planned", {"due_on": _on(now, 40)}),
    "referral": lambda case, _: (60, "referral_sent", referred(case, f"R-{case.dossier}")),
    "outcome": lambda case, now: (LONG - 50, "plan_agreed", plan(case, _on(now, 30))),
}
"""Service -> how many days ago at least, the fact, what it says."""


def _on(now: datetime, days: int) -> str:
    return (now - timedelta(days=days)).date().isoformat()
