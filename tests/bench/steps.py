"""The commands that a new case gets one after another: cheap ones, at three services, by both sides."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid4, uuid5

import orjson

from tests.bench.callers import Callers
from tests.bench.door import Door
from tests.bench.filling import organisation
from tests.bench.latency import MUNICIPALITY

PROVIDER = organisation(0)


def referral_of(case_id: str) -> str:
    """The id of the only referral of a case."""
    return str(uuid5(NAMESPACE_OID, f"referral {case_id}"))


def _in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def _supplement(_: str) -> dict[str, Any]:
    return {"documents": ["bank_statement"], "until_on": _in_days(20)}


def _sent(case_id: str) -> dict[str, Any]:
    return {
        "referral_id": referral_of(case_id),
        "from_organisation": f"org-{MUNICIPALITY.lower()}",
        "to_organisation": PROVIDER,
        "trajectory": "reintegration",
        "goal": "paid_work",
        "factors": ["skills"],
        "warm": True,
    }


def _accepted(case_id: str) -> dict[str, Any]:
    return {"referral_id": referral_of(case_id), "coach": "co-b1", "first_contact_on": _in_days(7)}


def _started(case_id: str) -> dict[str, Any]:
    return {"referral_id": referral_of(case_id), "first_contact": "met"}


def _agreed(case_id: str) -> dict[str, Any]:
    goal = {
        "goal_id": str(uuid4()), "life_area": "work", "factor": "skills", "kind": "step", "measure": "scale_0_10",
        "words": "Ik wil weer aan de slag.", "owner": "citizen",
    }  # fmt: skip
    plan = {"plan_id": str(uuid4()), "referral_id": referral_of(case_id), "goals": [goal]}
    return plan | {"next_check_on": _in_days(60)}


STEPS: tuple[tuple[str, str, Callable[[str], dict[str, Any]]], ...] = (
    ("intake", "request-supplement", _supplement),
    ("referral", "send-referral", _sent),
    ("referral", "accept-referral", _accepted),
    ("referral", "start-trajectory", _started),
    ("outcome", "agree-plan", _agreed),
)
"""Service, command, what it says of a case."""
_BY_PROVIDER = frozenset({"accept-referral", "start-trajectory", "agree-plan"})


def give(door: Door, callers: Callers, case_id: str, step: int) -> Callable[[], Awaitable[bool]]:
    """The step as something that can be asked: whether it was recorded."""
    _, command, said = STEPS[step]

    async def ask() -> bool:
        who = callers.coach(PROVIDER) if command in _BY_PROVIDER else callers.caseworker(MUNICIPALITY)
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())} | who
        body = orjson.dumps({"data": said(case_id)})
        status, _ = await door.post(f"/v1/cases/{case_id}/{command}", body, headers)
        return status == 201

    return ask
