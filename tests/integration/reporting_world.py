"""What a benefit system reports, by each of its doors; and an intake that believes it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import orjson

from shared.worktime import local_day
from tests.integration.intake_world import intake_running
from tests.integration.world import World, fresh_topics
from tests.tokens import called_by

SYSTEM = "urn:nld:oin:00000001001299757000:systeem:uitkeringen"
SOURCES = f"{SYSTEM}=GM0546"
TOPIC = "overdracht.benefits"
TYPES = {"application": "application_reported", "decision": "benefit_decision_reported",
         "ending": "benefit_ending_reported"}  # fmt: skip


TODAY = local_day(datetime.now(UTC))
RECEIVED, DECIDED, ENDED = ((TODAY - timedelta(days=days)).isoformat() for days in (30, 10, 1))


def office(municipality: str = "GM0546") -> dict[str, str]:
    """The benefit administration of a municipality."""
    return called_by("benefit_administration", name="ua-1", municipality=municipality)


def an_application(number: str = "A-1", **changes: Any) -> dict[str, Any]:
    """Somebody applied at the counter."""
    fields: dict[str, Any] = {
        "application_number": number,
        "kind": "new_applicant",
        "channel": "walk_in",
        "received_on": RECEIVED,
        "case_mix": {"age_band": "45-54"},
    }
    return {name: value for name, value in (fields | changes).items() if value is not None}


def a_decision(number: str = "D-1", dossier: str = "A-1", **changes: Any) -> dict[str, Any]:
    """It was granted."""
    fields: dict[str, Any] = {
        "decision_number": number,
        "dossier": dossier,
        "decision": "granted",
        "decided_on": DECIDED,
    }
    return fields | changes


def an_ending(number: str = "E-1", dossier: str = "A-1", **changes: Any) -> dict[str, Any]:
    """The benefit stopped for work."""
    fields: dict[str, Any] = {"ending_number": number, "dossier": dossier, "reason": "work", "ended_on": ENDED}
    return fields | changes


async def post(world: World, word: str, body: Any, **headers: str) -> httpx.Response:
    """A report at its own door."""
    return await world.doors.post(f"/v1/benefit-{word}s", json=body, headers=office() | headers)


async def post_many(world: World, *reports: tuple[str, Any]) -> list[dict[str, Any]]:
    """Reports at the door for many; an answer for each."""
    lines = b"\n".join(orjson.dumps({"report": word, "data": body}) for word, body in reports)
    headers = office() | {"Content-Type": "application/x-ndjson"}
    answer = await world.doors.post("/v1/benefit-reports", content=lines + b"\n", headers=headers)
    assert answer.status_code == 200, answer.text
    return [orjson.loads(line) for line in answer.content.splitlines()]


async def produce(
    world: World,
    word: str,
    body: Any,
    *,
    structured: bool = False,
    key: str | None = None,
    **attributes: str,
) -> None:
    """A report as an event on the benefit systems' topic, as an adapter puts it there."""
    said = {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": SYSTEM,
        "type": f"nl.overdrachten.{TYPES.get(word, word)}.v1",
        "time": "2024-03-20T12:00:00Z",
    } | attributes
    value = body if isinstance(body, bytes) else orjson.dumps(body)
    headers: Sequence[tuple[str, bytes]] = [(f"ce_{name}", one.encode()) for name, one in said.items()]
    headers = [*headers, ("content-type", b"application/json")]
    if structured:
        value = orjson.dumps(said | {"datacontenttype": "application/json", "data": body})
        headers = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
    await world.producer.send_and_wait(TOPIC, value, key=key.encode() if key else None, headers=list(headers))


async def facts(world: World) -> list[tuple[str, int, str]]:
    """Every fact on the log: case, version, and its name."""
    rows = await world.sql("select case_id::text, caseversion, type from event order by case_id, caseversion")
    return [(row[0], row[1], row[2].split(".")[2]) for row in rows]


@asynccontextmanager
async def reporting(
    vault_url: str, bootstrap_servers: str, sources: str = SOURCES, fresh: bool = True, **changes: Any
) -> AsyncIterator[World]:
    """Intake, running on (fresh) topics, with a benefit system that it believes."""
    if fresh:
        await fresh_topics(bootstrap_servers)
    async with intake_running(vault_url, bootstrap_servers, outside_sources=sources, **changes) as running:
        yield running
