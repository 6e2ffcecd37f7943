"""One service in this process, on a real database of its own and real topics; its neighbours are played by the test."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import httpx
import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.embedded import databases
from services.referral import app as referral
from shared.http.app import build_app
from shared.ledger.model import Item
from shared.migrating import upgrade
from shared.service import Service
from shared.settings import Settings
from tests.tokens import AsNamed, believing

KEY = "00" * 32


@dataclass
class World:
    """A running referral service and what surrounds it."""

    service: Service
    doors: httpx.AsyncClient
    database_url: str
    bootstrap_servers: str
    producer: AIOKafkaProducer

    async def tell(self, *items: Item) -> None:
        """Puts events of neighbours on their topics, as they would."""
        for item in items:
            assert item.letter is not None
            await self.producer.send_and_wait(
                f"overdracht.{item.service or 'intake'}",
                item.letter.value,
                key=item.letter.key,
                headers=list(item.letter.headers),
            )

    async def sql(self, query: str, *values: Any) -> list[Any]:
        """Rows of the service's database."""
        connection = await asyncpg.connect(as_role(self.database_url, "postgres"))
        try:
            return [tuple(row) for row in await connection.fetch(query, *values)]
        finally:
            await connection.close()

    async def until(self, condition: Callable[[], Any], seconds: float = 20) -> Any:
        """Waits for an (async) condition to hold; its value."""
        for _ in range(int(seconds / 0.02)):
            found = condition()
            found = await found if asyncio.iscoroutine(found) else found
            if found:
                return found
            await asyncio.sleep(0.02)
        raise AssertionError("what was waited for did not come")

    async def settled(self) -> dict[str, Any]:
        """Waits until nothing is under way; the status then."""

        async def quiet() -> dict[str, Any] | None:
            now: dict[str, Any] = (await self.doors.get("/v1/status")).json()
            return now if now["ready"] and now["unsent"] == now["lag"] == now["busy"] == 0 else None

        return await self.until(quiet)  # type: ignore[no-any-return]

    async def topic(self, name: str) -> list[Any]:
        """All records that are on a topic now."""
        consumer = AIOKafkaConsumer(
            name, bootstrap_servers=self.bootstrap_servers, auto_offset_reset="earliest", enable_auto_commit=False
        )
        await consumer.start()
        try:
            ends = await consumer.end_offsets(list(consumer.assignment()))
            found: list[Any] = []
            while sum(ends.values()) > len(found):
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    found += records
            return found
        finally:
            await consumer.stop()

    async def post_lines(self, lines: Sequence[bytes], **options: Any) -> list[dict[str, Any]]:
        """Bulk lines through the door; an answer per line."""
        key = options.pop("key", str(uuid4()))
        response = await self.doors.post(
            "/v1/facts",
            params={"imported": "true"} | options,
            content=b"\n".join(lines) + b"\n",
            headers={"Content-Type": "application/x-ndjson", "Idempotency-Key": key},
        )
        assert response.status_code == 200, response.text
        return [orjson.loads(line) for line in response.content.splitlines()]


def line(
    fact: str, data: dict[str, Any], dossier: str = "L-1", at: str = "2026-03-02T12:00:00+00:00", role: str = ""
) -> bytes:
    """A dossier line."""
    who = role or ("caseworker" if fact in ("referral_sent", "return_reviewed", "referral_withdrawn") else "coach")
    actor = {"role": who, "id": f"{who}-1"}
    return orjson.dumps(
        {"at": at, "municipality": "GM0546", "dossier": dossier, "actor": actor, "fact": fact, "data": data}
    )


def sent_line(dossier: str = "L-1", number: str = "R-1", **changes: Any) -> bytes:
    """A line that says a referral was sent."""
    data = {
        "referral": number,
        "from_organisation": "org-gm0546",
        "to_organisation": "org-rw",
        "trajectory": "reintegration",
        "goal": "paid_work",
        "warm": False,
    }
    return line("referral_sent", data | changes, dossier)


async def fresh_topics(bootstrap_servers: str) -> None:
    """The topics, empty."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        services = ("intake", "diagnosis", "referral", "outcome")
        names = [f"overdracht.{one}" for one in services] + [f"overdracht.{one}.dead-letter" for one in services]
        names += ["overdracht.checkpoints", "overdracht.benefits"]
        await delete_topics(admin, [name for name in await admin.list_topics() if name in names])
        await create_topics(admin, names)
    finally:
        await admin.close()


async def delete_topics(admin: AIOKafkaAdminClient, names: list[str]) -> None:
    """Deletes topics and waits until they are gone."""
    if names:
        await admin.delete_topics(names)
    for _ in range(200):
        if not set(names) & set(await admin.list_topics()):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("topics were not deleted")


async def create_topics(admin: AIOKafkaAdminClient, names: list[str]) -> None:
    """Creates topics; a name whose deletion is not finished yet is tried again."""
    left = list(names)
    while left:
        answer = await admin.create_topics([NewTopic(name, 3, 1) for name in left])
        left = [topic for topic, code, *_ in answer.topic_errors if code not in (0, 36)]
        if left:
            await asyncio.sleep(0.1)


async def fresh_database(postgres_url: str) -> str:
    """A database of its own, with the three roles of a service; its url, for the role that writes."""
    name = f"t_{uuid4().hex[:12]}"
    await databases.create(postgres_url, {name: None, f"{name}{databases.OWNER}": None})
    return postgres_url.replace("postgres@/postgres?", f"{name}@/{name}?", 1)


def as_role(database_url: str, role: str) -> str:
    """The same database, for another role: `postgres`, or the owner."""
    name = urlsplit(database_url).username or ""
    return database_url.replace(f"{name}@", f"{role or name + databases.OWNER}@", 1)


def settings_for(database_url: str, bootstrap_servers: str, **changes: Any) -> Settings:
    """Settings of a service under test."""
    given: dict[str, Any] = {
        "port": 1,
        "database_url": database_url,
        "kafka_bootstrap_servers": bootstrap_servers,
        "id_key": KEY,
        "signing_key": KEY,
        "vault_key": KEY,
        "case_wait_seconds": 0.3,
        "clock_seconds": 0.1,
    }
    return Settings(**(given | believing() | changes))


@asynccontextmanager
async def referral_running(database_url: str, bootstrap_servers: str, **changes: Any) -> AsyncIterator[World]:
    """The referral service, running in this process."""
    one = referral.service(settings_for(database_url, bootstrap_servers, **changes))
    application = build_app(one, referral.api.routes(one))
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap_servers, enable_idempotence=True)
    await producer.start()
    transport = httpx.ASGITransport(app=application, raise_app_exceptions=False)
    try:
        async with (
            application.router.lifespan_context(application),
            httpx.AsyncClient(transport=transport, base_url="http://referral", auth=AsNamed()) as doors,
        ):
            world = World(one, doors, database_url, bootstrap_servers, producer)
            await world.settled()
            yield world
    finally:
        await producer.stop()


async def migrated(database_url: str, version: str = "head") -> None:
    """Brings the database to a version: the newest, as a service does at its start."""
    await asyncio.to_thread(upgrade, as_role(database_url, ""), Path(referral.FOLDER), database_url, version)
