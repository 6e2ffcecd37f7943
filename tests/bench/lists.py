"""Every door that lists or searches, with its filters: how long each takes, asked one after another."""

from __future__ import annotations

import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import orjson

from tests.bench.callers import Callers, Header
from tests.bench.door import Door
from tests.bench.figures import percentiles, ratio
from tests.bench.filling import PLACES, PROVIDERS, Case, case_of, caseworker, organisation, person_of
from tests.bench.history import SERVICES
from tests.simulator.places import CODES

ASKED = 40
EMPTY = "dead letters"
"""A list that is empty, whatever the number of cases."""
SUMS = ("retention, ", "coverage, ")
"""Not lists of so many: they count all that they are about, and take as long as that is much."""
PAGE = 20
"""Few enough to be a full page for almost every filter, also when there are a thousand cases."""
BIG, SMALL = CODES[0], CODES[PLACES - 1]
FAR = organisation((PLACES - 1) % PROVIDERS)
"""The provider that the small municipality works with most; most of its cases are of others."""
Path = Callable[[Case], tuple[str, bytes]]
"""Of the case at hand: the path, and the body of what is searched with (empty: a list)."""


@dataclass(frozen=True)
class Probe:
    """A way to ask a door for cases or facts."""

    name: str
    service: str
    who: Header
    path: Path


def probes(callers: Callers, now: datetime) -> list[Probe]:
    """All of them."""
    found = [
        Probe(f"{service} cases: {name}", service, who, _fixed(f"/v1/cases?{urlencode(query | {'limit': PAGE})}"))
        for service in SERVICES
        for name, who, query in _lists(callers, now)
    ]
    for service in SERVICES:
        for name, who, after in (
            ("all", callers.operator, 0),
            ("large municipality", callers.caseworker(BIG), 0),
            ("small municipality", callers.caseworker(SMALL), 0),
            ("a provider", callers.coach(organisation(0)), 0),
            ("a later page", callers.operator, 900),
        ):
            path = f"/v1/events?after={after or ''}&limit={PAGE}"
            found.append(Probe(f"{service} events: {name}", service, who, _fixed(path)))
    return found + [Probe(name, service, who, path) for name, service, who, path in _others(callers)]


def _fixed(path: str) -> Path:
    return lambda _: (path, b"")


Listed = tuple[str, Header, dict[str, Any]]


def _lists(callers: Callers, now: datetime) -> Iterator[Listed]:
    """Filters of the list of cases, by who asks."""
    states: tuple[tuple[str, dict[str, Any]], ...] = (
        ("", {}), ("open", {"status": "open"}), ("closed", {"status": "closed"}), ("overdue", {"overdue": "true"}),
    )  # fmt: skip
    halfway = urlsafe_b64encode(f"{(now - timedelta(days=400)).isoformat()} {UUID(int=0)}".encode()).decode()
    whom: tuple[Listed, ...] = (
        ("all", callers.operator, {}),
        ("all, halfway", callers.operator, {"cursor": halfway}),
        ("of a provider", callers.operator, {"provider": organisation(0)}),
        ("of a caseworker", callers.operator, {"caseworker": caseworker(0, 0)}),
        ("large municipality", callers.caseworker(BIG), {}),
        ("small municipality", callers.caseworker(SMALL), {}),
        ("small municipality, a provider", callers.caseworker(SMALL), {"provider": FAR}),
        ("large municipality, a caseworker", callers.caseworker(BIG), {"caseworker": caseworker(0, 1)}),
        ("a coach", callers.coach(organisation(1)), {}),
        ("a coach, small municipality", callers.coach(FAR), {"municipality": SMALL}),
    )
    for name, who, query in whom:
        for state, more in states:
            if not (state == "overdue" and "cursor" in query):
                yield f"{name}, {state}" if state else name, who, query | more


def _others(callers: Callers) -> Iterator[tuple[str, str, Header, Path]]:
    """The doors that only one service has."""
    operator, worker = callers.operator, callers.caseworker(BIG)
    large = f"municipality={BIG}"
    yield "search by dossier", "intake", operator, _search(lambda case: {"dossier": case.dossier})
    yield "search by number", "intake", worker, _search(lambda case: {"bsn": person_of(case.number)}, BIG)
    yield "retention, all", "intake", operator, _fixed("/v1/retention")
    yield "retention, large municipality", "intake", operator, _fixed(f"/v1/retention?{large}")
    yield "retention due, all", "intake", operator, _fixed(f"/v1/retention/due?limit={PAGE}")
    yield "retention due, by result", "intake", operator, _fixed(f"/v1/retention/due?result=denied&limit={PAGE}")
    yield "erasures", "intake", operator, _fixed(f"/v1/erasures?limit={PAGE}")
    yield "readings, all", "intake", operator, _fixed(f"/v1/readings?limit={PAGE}")
    yield "readings of a case", "intake", operator, lambda case: (f"/v1/readings?case={callers.case_id(case)}", b"")
    yield "coverage, large municipality", "diagnosis", operator, _fixed(f"/v1/coverage?{large}&limit={PAGE}")
    yield "coverage, small municipality", "diagnosis", operator, _fixed(f"/v1/coverage?municipality={SMALL}")
    for service in SERVICES:
        yield f"{service} {EMPTY}", service, operator, _fixed(f"/v1/dead-letters?limit={PAGE}")
        yield f"{service} checkpoints", service, operator, _fixed(f"/v1/checkpoints?limit={PAGE}")


def _search(by: Callable[[Case], dict[str, str]], municipality: str = "") -> Path:
    def path(case: Case) -> tuple[str, bytes]:
        return "/v1/cases/search", orjson.dumps(by(case) | {"municipality": municipality or case.municipality})

    return path


async def measure(doors: Mapping[str, Door], callers: Callers, cases: int, now: datetime) -> dict[str, Any]:
    """Quantiles by probe, and `empty_ms`: the median of an empty list, asked in turn with it. Raises ConnectionError
    when a door refuses."""
    found: dict[str, Any] = {}
    for probe in probes(callers, now):
        empty = Probe(EMPTY, probe.service, callers.operator, _fixed(f"/v1/dead-letters?limit={PAGE}"))
        turns = [
            [await _took(doors, one, case_of((number * 37 + 5) % cases)) for one in (probe, empty)]
            for number in range(-3, ASKED)
        ]
        times, beside = zip(*turns[3:], strict=True)
        found[probe.name] = percentiles(times) | {"empty_ms": percentiles(beside)["p50_ms"]}
    return found


async def _took(doors: Mapping[str, Door], probe: Probe, case: Case) -> float:
    """Seconds until it was answered."""
    path, body = probe.path(case)
    began = time.perf_counter()
    status = await _answer(doors[probe.service], path, body, probe.who)
    if status not in (200, 404):
        raise ConnectionError(f"{probe.name}: HTTP {status}")
    return time.perf_counter() - began


async def _answer(door: Door, path: str, body: bytes, who: Header) -> int:
    if not body:
        return (await door.get(path, who))[0]
    return (await door.post(path, body, {"Content-Type": "application/json"} | who))[0]


def grown(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Per list how many times as long it takes now, the most grown first.

    Between the two lie minutes, and machines are noisy: what an empty list takes more or less is the machine's.
    """
    rows = []
    for name, now in after.items():
        if not name.startswith(SUMS):
            then = before[name]
            machine = ratio(now["empty_ms"], then["empty_ms"])
            p50, p95 = (round(ratio(now[part], then[part]) / machine, 2) for part in ("p50_ms", "p95_ms"))
            row = {"door": name, "before_ms": then["p50_ms"], "after_ms": now["p50_ms"]}
            rows.append(row | {"machine": round(machine, 2), "p50_ratio": p50, "p95_ratio": p95})
    return sorted(rows, key=lambda row: -max(row["p50_ratio"], row["p95_ratio"]))
