"""A history of many short cases, to fill a product with: large and small municipalities, providers, states.

The case of a number is always the same one, so a larger filling holds a smaller one.
"""

from __future__ import annotations

import gzip
import random
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import orjson

from tests.simulator.places import CODES

PLACES, PROVIDERS, CASEWORKERS = 40, 12, 6
"""Municipalities, re-integration companies, caseworkers of each municipality."""
DAYS = 1_095
_CONTRACTS = (0.6, 0.3, 0.1)
_SPREAD = 7_919
"""A step over places of numbers that keeps numbers of persons apart."""


@dataclass(frozen=True)
class Case:
    """What does not change about a case, and the chance that the rest of it follows from."""

    number: int
    municipality: str
    provider: str
    caseworker: str
    chance: random.Random

    @property
    def dossier(self) -> str:
        """The source's own number."""
        return f"F-{self.number:07}"


def case_of(number: int) -> Case:
    """The case of a number. The first municipality has almost a quarter of all, the last one in 170."""
    chance = random.Random(number)  # noqa: S311 - the same case every time
    place = bisect(_bounds(), chance.random())
    provider = (place + bisect(list(accumulate(_CONTRACTS[:-1])), chance.random())) % PROVIDERS
    return Case(number, CODES[place], organisation(provider), caseworker(place, chance.randrange(CASEWORKERS)), chance)


def organisation(place: int) -> str:
    """The code of a provider."""
    return f"org-b{place:02}"


def caseworker(place: int, which: int) -> str:
    """The pseudonym of a caseworker of a municipality."""
    return f"km-{CODES[place][2:]}-b{which}"


@cache
def _bounds() -> list[float]:
    """Where each municipality's share of the cases ends, save the last one's: shares fall as 1, 1/2, 1/3, …"""
    shares = [1 / (place + 1) for place in range(PLACES)]
    return [end / sum(shares) for end in accumulate(shares)][:-1]


def person_of(number: int) -> str:
    """A number that passes the eleven test: another one for each case (made up, as all of it)."""
    first = 10_000_000 + number * _SPREAD % 90_000_000
    while True:
        digits = f"{first:08}"
        check = sum(int(digit) * (9 - place) for place, digit in enumerate(digits)) % 11
        if check < 10:
            return f"{digits}{check}"
        first += 1


def facts_of(case: Case, now: datetime) -> Iterator[dict[str, Any]]:
    """The lines of a case in their order: about four, as far as they happened before now."""
    chance = case.chance
    began = now - timedelta(days=1 + chance.random() * DAYS)
    for days, role, fact, data in _story(case, began):
        at = began + timedelta(days=days)
        if at < now:
            who = {"caseworker": case.caseworker, "coach": f"co-{case.provider}", "system": "system"}[role]
            yield _line(case, at, role, who, fact, data)


Told = tuple[float, str, str, dict[str, Any]]


def _story(case: Case, began: datetime) -> Iterator[Told]:
    chance = case.chance
    yield 0, "caseworker", "application_received", application(case, began)
    if chance.random() < 0.08:
        yield 5, "caseworker", "application_withdrawn", {"reason": "found_work"}
        return
    granted = chance.random() < 0.94
    decided = {"decision": "granted" if granted else "denied", "decided_on": _day(began, 14)}
    yield 14, "system", "benefit_decided", decided
    if not granted:
        return
    if chance.random() < 0.75:
        yield from _referred(case, began)
    if chance.random() < 0.6:
        yield 300, "caseworker", "case_closed", {"reason": "work"}


def _referred(case: Case, began: datetime) -> Iterator[Told]:
    """A referral that is taken back, or accepted and then returned, completed or still going on."""
    chance, referral = case.chance, f"R-{case.dossier}"
    yield 30, "caseworker", "referral_sent", referred(case, referral)
    if chance.random() > 0.75:
        yield 60, "caseworker", "referral_withdrawn", {"referral": referral, "reason": "law.moved"}
        return
    accepted = {"referral": referral, "coach": f"co-{case.provider}", "first_contact_on": _day(began, 45)}
    yield 37, "coach", "referral_accepted", accepted
    if chance.random() < 0.15:
        yield 60, "coach", "plan_agreed", plan(case, _day(began, 150))
    if (end := chance.random()) < 0.25:
        reasons = [{"code": "person.motivation", "primary": True}]
        yield 100, "coach", "referral_returned", {"referral": referral, "reasons": reasons}
    elif end < 0.7:
        yield 200, "coach", "trajectory_completed", {"referral": referral, "result": "paid_work"}


def application(case: Case, began: datetime) -> dict[str, Any]:
    """What an application says."""
    return {
        "application": f"A-{case.dossier}",
        "bsn": person_of(case.number),
        "kind": case.chance.choice(("new_applicant", "existing_recipient")),
        "channel": case.chance.choice(("walk_in", "online", "appointment")),
        "received_on": _day(began, 0),
        "case_mix": {
            "age_band": case.chance.choice(("27-34", "35-44", "45-54", "55-66")),
            "household": "single",
            "months_without_work_band": "4-12",
            "education": "middle",
            "language_level": "B1",
        },
    }


def referred(case: Case, referral: str) -> dict[str, Any]:
    """What a referral says."""
    return {
        "referral": referral,
        "from_organisation": f"org-{case.municipality.lower()}",
        "to_organisation": case.provider,
        "trajectory": "reintegration",
        "goal": "paid_work",
        "factors": ["skills"],
        "warm": case.number % 3 == 0,
    }


def plan(case: Case, check_on: str) -> dict[str, Any]:
    """What a plan says."""
    goal = {
        "goal": f"G-{case.dossier}", "life_area": "work", "factor": "skills", "kind": "step", "measure": "scale_0_10",
        "words": "Ik wil weer aan de slag.", "owner": "citizen",
    }  # fmt: skip
    return {"plan": f"P-{case.dossier}", "goals": [goal], "next_check_on": check_on}


def _line(case: Case, at: datetime, role: str, who: str, fact: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": at.isoformat(timespec="seconds"),
        "municipality": case.municipality,
        "dossier": case.dossier,
        "actor": {"role": role, "id": who},
        "fact": fact,
        "data": data,
    }


def _day(began: datetime, days: float) -> str:
    return (began + timedelta(days=days)).date().isoformat()


def write(file: Path, numbers: Iterable[int], now: datetime) -> int:
    """Writes the history of these cases; how many facts it has."""
    count = 0
    with gzip.open(file, "wb", compresslevel=1) as out:
        for number in numbers:
            for fact in facts_of(case_of(number), now):
                out.write(orjson.dumps(fact) + b"\n")
                count += 1
    return count
