"""A list of cases whose term has passed: asked by one person, approved by another, each case by its own two facts.

Nothing is kept of how far it came: what was asked is due no more, and what was erased is asked no more. So the same
command goes on where it was stopped, and once more changes nothing.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence

from overdracht.doors import Door, Doors, Json, Problem, listed, opened, post
from overdracht.output import Meter, err, number
from overdracht.product import Product
from overdracht.speaking import agreed, token_of
from shared.ids import new_id

_AT_ONCE = 8
_REASON = "retention_passed"


async def dry(product: Product, municipality: str | None, rule: str | None) -> Json:
    """What is due, and nothing done."""
    async with opened(product) as doors:
        due = await _due(doors, municipality, rule)
    return _result("dry-run", None, due, 0, Counter())


async def asked(
    product: Product, municipality: str | None, rule: str | None, subject: str, yes: bool, quiet: bool
) -> Json:
    """Asks to erase all that is due, under one number. Raises Stop when it was not agreed."""
    async with opened(product, token_of(product, subject, "operator", municipality)) as doors:
        due = await _due(doors, municipality, rule)
        begun = [one for one in await _open(doors, municipality) if one["asked_by"] == subject and one["run_id"]]
        run_id = begun[-1]["run_id"] if begun else new_id()
        if due:
            _tell_rules(due)
            agreed(f"Van {len(due)} dossiers vragen ze te wissen?  · ask to erase {len(due)} cases?", yes)
        data = {"reason": _REASON, "run_id": run_id}
        done, refused = await _each(doors["intake"], due, "request-erasure", data, quiet)
    return _result("asked", run_id, due, done, refused)


async def approved(
    product: Product, municipality: str | None, run_id: str | None, subject: str, yes: bool, quiet: bool
) -> Json:
    """Approves what another asked; exactly the cases that were there when it was agreed. Raises Stop."""
    async with opened(product, token_of(product, subject, "operator", municipality)) as doors:
        waiting = [one for one in await _open(doors, municipality) if one["run_id"] and run_id in (None, one["run_id"])]
        others = [one for one in waiting if one["asked_by"] != subject]
        if others:
            _tell_rules(others)
            people = ", ".join(sorted({one["asked_by"] for one in others}))
            agreed(f"{len(others)} dossiers, gevraagd door {people}, voorgoed wissen?  · erase for good?", yes)
        done, refused = await _each(doors["intake"], others, "approve-erasure", {}, quiet)
        refused["same_person"] += len(waiting) - len(others)
    return _result("approved", run_id, others, done, +refused)


def _tell_rules(cases: Sequence[Json]) -> None:
    """What is about to happen to how many, before anybody says yes."""
    for rule, count in Counter(one["result"] for one in cases).items():
        err.print(f"  {rule}: {number(count)}", soft_wrap=True)


async def _due(doors: Doors, municipality: str | None, rule: str | None) -> list[Json]:
    asked_for = {"municipality": municipality, "result": rule, "limit": 2_000}
    return [one async for one in listed(doors["intake"], "/v1/retention/due", "cursor", **asked_for)]


async def _open(doors: Doors, municipality: str | None) -> list[Json]:
    """Requests that wait because a term has passed."""
    found = listed(doors["intake"], "/v1/erasures", "cursor", municipality=municipality, limit=2_000)
    return [one async for one in found if one["reason"] == _REASON]


async def _each(door: Door, cases: Sequence[Json], command: str, data: Json, quiet: bool) -> tuple[int, "Counter[str]"]:
    """(how many went through, why others did not)."""
    gate, refused, done = asyncio.Semaphore(_AT_ONCE), Counter[str](), 0

    async def one(case_id: str) -> None:
        nonlocal done
        async with gate:
            try:
                await post(door, f"/v1/cases/{case_id}/{command}", {"data": data})
                done += 1
            except Problem as no:
                refused[no.code] += 1
            meter.add(1, command)

    with Meter("cases", quiet) as meter:
        meter.begin(len(cases))
        async with asyncio.TaskGroup() as group:
            for case in cases:
                group.create_task(one(case["case_id"]))
    return done, refused


def _result(step: str, run_id: str | None, cases: Sequence[Json], done: int, refused: "Counter[str]") -> Json:
    return {
        "step": step,
        "run_id": run_id,
        "rules": dict(Counter(one["result"] for one in cases)),
        "cases": [one["case_id"] for one in cases],
        "done": done,
        "refused": dict(refused),
    }
