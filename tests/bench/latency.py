"""How long a hand-off takes to reach the other side, at a calm and steady pace: an open loop of commands."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson
from aiokafka import AIOKafkaConsumer

from tests.bench.door import Door
from tests.bench.figures import percentiles

A_SECOND = 20
WARM_UP = 20
"""The first commands of a fresh product, which are sent but not counted."""
POLL_SECONDS = 0.002
LOST_SECONDS = 20.0
MUNICIPALITY = "GM0546"


@dataclass
class HandOff:
    """One referral sent, and the moments (perf_counter seconds) it went through; None when it never came there."""

    case_id: str
    referral_id: str
    due: float
    refused: str = ""
    answered: float | None = None
    on_topic: float | None = None
    visible: float | None = None


async def prepare(intake: Door, count: int, caseworker: dict[str, str]) -> list[str]:
    """Case ids of so many new live cases, told by a caseworker (the header that says so)."""
    lines = [_application(number) for number in range(count)]
    cases: list[str] = []
    for start in range(0, count, 500):
        body = b"\n".join(lines[start : start + 500]) + b"\n"
        headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": str(uuid4())} | caseworker
        status, answer = await intake.post("/v1/facts", body, headers)
        if status != 200:
            raise ConnectionError(f"intake did not take the live cases: HTTP {status}")
        answers = [orjson.loads(line) for line in answer.splitlines()]
        refused = [one["code"] for one in answers if one["status"] == "rejected"]
        if refused:
            raise ConnectionError(f"intake refused {len(refused)} live cases: {sorted(set(refused))}")
        cases += [one["case_id"] for one in answers]
    return cases


async def measure(
    doors: Mapping[str, Door], bootstrap: str, cases: Sequence[str], caseworker: dict[str, str]
) -> dict[str, Any]:
    """Send a referral for each case at its moment, whatever became of those before; times to each next place."""
    watching: dict[str, HandOff] = {}
    consumer = AIOKafkaConsumer("overdracht.referral", bootstrap_servers=bootstrap, fetch_max_wait_ms=100)
    await consumer.start()
    await consumer.seek_to_end()
    watcher = asyncio.create_task(_watch(consumer, watching))
    try:
        start = time.perf_counter() + 0.5
        moments = [start + number / A_SECOND for number in range(len(cases))]
        sent = await asyncio.gather(
            *(_hand_off(doors, case, due, watching, caseworker) for case, due in zip(cases, moments, strict=True))
        )
        await asyncio.sleep(0.5)
    finally:
        watcher.cancel()
        with suppress(asyncio.CancelledError):
            await watcher
        await consumer.stop()
    return _told(sent[WARM_UP:])


async def _hand_off(
    doors: Mapping[str, Door],
    case_id: str,
    due: float,
    watching: dict[str, HandOff],
    caseworker: dict[str, str],
) -> HandOff:
    one = HandOff(case_id, str(uuid4()), due)
    watching[case_id] = one
    await asyncio.sleep(due - time.perf_counter())
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())} | caseworker
    path = f"/v1/cases/{case_id}/send-referral"
    status, answer = await doors["referral"].post(path, _send_referral(one.referral_id), headers)
    if status != 201:
        one.refused = f"HTTP {status} {orjson.loads(answer).get('code', '')}"
        return one
    one.answered = time.perf_counter()
    one.visible = await _seen(doors["outcome"], one)
    return one


async def _seen(outcome: Door, one: HandOff) -> float | None:
    """The moment outcome's door first shows the referral; None when it does not within LOST_SECONDS."""
    sought, until = one.referral_id.encode(), time.perf_counter() + LOST_SECONDS
    while time.perf_counter() < until:
        _, body = await outcome.get(f"/v1/cases/{one.case_id}")
        if sought in body:
            return time.perf_counter()
        await asyncio.sleep(POLL_SECONDS)
    return None


async def _watch(consumer: AIOKafkaConsumer, watching: Mapping[str, HandOff]) -> None:
    """Note when each event is on the topic for whoever listens there."""
    async for record in consumer:
        found = dict(record.headers)
        one = watching.get(found.get("ce_subject", b"").decode())
        if one is not None and one.on_topic is None and b".referral_sent." in found.get("ce_type", b""):
            one.on_topic = time.perf_counter()


def _told(sent: Sequence[HandOff]) -> dict[str, Any]:
    def between(begin: str, end: str) -> dict[str, Any]:
        moments = [(getattr(one, begin), getattr(one, end)) for one in sent]
        return percentiles(max(0.0, b - a) for a, b in moments if a is not None and b is not None)

    return {
        "title": f"hand-off, {A_SECOND} a second, open loop, {len(sent) / A_SECOND:.0f} s",
        "commands": len(sent),
        "refused": dict(Counter(one.refused for one in sent if one.refused)),
        "not_visible": sum(one.visible is None for one in sent),
        "not_on_topic": sum(one.on_topic is None for one in sent),
        "times": {
            "command: due until answered (201)": between("due", "answered"),
            "answered until on the topic (a consumer's view)": between("answered", "on_topic"),
            "answered until outcome's door shows it": between("answered", "visible"),
            "due until outcome's door shows it": between("due", "visible"),
        },
    }


def _application(number: int) -> bytes:
    now = datetime.now(UTC)
    return orjson.dumps(
        {
            "at": now.isoformat(),
            "municipality": MUNICIPALITY,
            "dossier": f"live-{uuid4()}-{number}",
            "actor": {"role": "caseworker", "id": "km-0546-01"},
            "fact": "application_received",
            "data": {
                "application": f"live-{uuid4()}",
                "kind": "new_applicant",
                "channel": "walk_in",
                "received_on": now.date().isoformat(),
                "case_mix": {
                    "age_band": "27-34",
                    "household": "single",
                    "months_without_work_band": "0-3",
                    "region": MUNICIPALITY,
                    "education": "middle",
                    "language_level": "B1",
                },
            },
        }
    )


def _send_referral(referral_id: str) -> bytes:
    return orjson.dumps(
        {
            "actor": {"role": "caseworker", "id": "km-0546-01", "municipality": MUNICIPALITY},
            "data": {
                "referral_id": referral_id,
                "from_organisation": "org-gm0546",
                "to_organisation": "org-rw",
                "trajectory": "reintegration",
                "goal": "paid_work",
                "factors": ["skills"],
                "warm": True,
            },
        }
    )
