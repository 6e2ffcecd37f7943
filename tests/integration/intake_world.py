"""A running intake with its vault, on a real database and real topics, and what a municipality sends to its doors."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import orjson
from aiokafka import AIOKafkaProducer

from services.intake import app as intake
from shared.http.app import build_app
from shared.ids import from_number
from shared.migrating import upgrade
from tests.builders import ID_KEY
from tests.integration.world import World, as_role, settings_for
from tests.tokens import AsNamed

NUMBER, SECOND = "123456782", "999993653"
"""Numbers that pass the eleven test."""
PERSON = {
    "family_name": "Zwaluwenburg",
    "given_names": "Ottoline",
    "birth_date": "1975-04-12",
    "address": "Kruisbessenlaan 12",
    "email": "ottoline@example.org",
}
SECRETS = (NUMBER, SECOND, "Zwaluwenburg", "Ottoline", "1975-04-12", "Kruisbessenlaan", "ottoline@example.org")
CASEWORKER = {"role": "caseworker", "id": "km-1", "municipality": "GM0546"}


@asynccontextmanager
async def intake_running(database_url: str, bootstrap_servers: str, **changes: Any) -> AsyncIterator[World]:
    """The intake service, running in this process."""
    one = intake.service(settings_for(database_url, bootstrap_servers, **changes))
    application = build_app(one, intake.api.routes(one))
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap_servers, enable_idempotence=True)
    await producer.start()
    transport = httpx.ASGITransport(app=application, raise_app_exceptions=False)
    try:
        async with (
            application.router.lifespan_context(application),
            httpx.AsyncClient(transport=transport, base_url="http://intake", auth=AsNamed()) as doors,
        ):
            world = World(one, doors, database_url, bootstrap_servers, producer)
            await world.settled()
            yield world
    finally:
        await producer.stop()


def case(dossier: str = "L-1", municipality: str = "GM0546") -> str:
    """The case of a dossier."""
    return from_number(ID_KEY, municipality, "dossier", dossier)


def application(**changes: Any) -> dict[str, Any]:
    """What an application says."""
    fields: dict[str, Any] = {
        "application": "A-1",
        "kind": "new_applicant",
        "channel": "walk_in",
        "received_on": "2024-03-02",
        "case_mix": {"age_band": "45-54", "household": "single"},
    }
    return fields | changes


def a_line(
    fact: str,
    data: dict[str, Any],
    dossier: str = "L-1",
    at: str = "2024-03-02T12:00:00+00:00",
    role: str = "caseworker",
    municipality: str = "GM0546",
) -> bytes:
    """A dossier line."""
    actor = {"role": role, "id": f"{role}-1"}
    return orjson.dumps(
        {"at": at, "municipality": municipality, "dossier": dossier, "actor": actor, "fact": fact, "data": data}
    )


def applies(dossier: str = "L-1", at: str = "2024-03-02T12:00:00+00:00", **changes: Any) -> bytes:
    """A line that says that somebody applied."""
    fields = {"application": f"A-{dossier}", "received_on": at[:10]}
    return a_line("application_received", application(**fields | changes), dossier, at)


def ends(dossier: str = "L-1", at: str = "2024-03-20T12:00:00+00:00") -> list[bytes]:
    """Lines that say that the benefit was denied."""
    return [a_line("benefit_decided", {"decision": "denied", "decided_on": at[:10]}, dossier, at, "system")]


async def give(world: World, command: str, data: dict[str, Any], dossier: str = "L-1", **headers: str) -> Any:
    """A single command at the door, by a caseworker."""
    body = {"actor": CASEWORKER, "data": data}
    return await world.doors.post(f"/v1/cases/{case(dossier)}/{command}", json=body, headers=headers)


async def events(world: World, dossier: str = "L-1") -> list[str]:
    """The facts of a case, in their order."""
    query = "select type from event where case_id = $1::text::uuid order by caseversion"
    return [row[0].split(".")[2] for row in await world.sql(query, case(dossier))]


async def received(world: World, dossier: str) -> dict[str, Any]:
    """What the log says of an application."""
    query = "select data::text from event where case_id = $1::text::uuid and caseversion = 1"
    [(data,)] = await world.sql(query, case(dossier))
    return dict(orjson.loads(data))


async def intake_migrated(database_url: str) -> None:
    """Brings the database to the newest version, as a service does at its start."""
    await asyncio.to_thread(upgrade, as_role(database_url, ""), Path(intake.FOLDER), database_url)
