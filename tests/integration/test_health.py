"""Ready says which part is not as it must be; a consumer that has work and does none of it ends its process."""

import asyncio
import gc
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from deploy.embedded.ports import free_block
from services.referral import app as referral
from shared.looking import EXIT_STUCK
from shared.pulse import PARTS
from tests.builders import ROOT
from tests.integration.world import (
    KEY,
    World,
    create_topics,
    delete_topics,
    fresh_topics,
    referral_running,
    sent_line,
    settings_for,
)
from tests.tokens import believing
from tests.unit.shared.told import opening

WELL = dict.fromkeys(PARTS, "ok")


async def ready(world: World) -> dict[str, str]:
    """Per part what /health/ready says; alive is alive whatever it says."""
    answer = await world.doors.get("/health/ready")
    body = answer.json()
    assert (answer.status_code, body["status"]) in ((200, "ready"), (503, "not ready"))
    assert (await world.doors.get("/health/live")).json() == {"status": "live"}
    assert (answer.status_code == 200) == (body["parts"] == WELL)
    assert KEY not in answer.text
    assert "postgresql://" not in answer.text
    parts: dict[str, str] = body["parts"]
    return parts


async def until_parts(world: World, **expected: str) -> None:
    """Waits until these parts are so, and all others well."""

    async def so() -> bool:
        return await ready(world) == WELL | expected

    await world.until(so, 30)


async def never(*_: Any) -> Any:
    """A handler that is stuck."""
    await asyncio.Event().wait()


async def test_without_a_broker_it_says_so_and_leaves_nothing_open_and_the_database_is_well(database_url: str) -> None:
    nobody = f"127.0.0.1:{free_block(1)[0]}"
    app = referral.build(settings_for(database_url, nobody))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://r") as doors:
        world = World(None, doors, database_url, nobody, None)  # type: ignore[arg-type]  # only its doors are asked
        await until_parts(world, broker="away", consumer="not_assigned")
    left = [one for one in gc.get_objects() if isinstance(one, AIOKafkaProducer) and not one._closed]
    assert left == []


async def test_a_topic_that_is_not_there_is_named_and_not_taken_for_an_absent_broker(
    world: World, bootstrap_servers: str
) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        await delete_topics(admin, ["overdracht.referral"])
        await until_parts(world, broker="topic_missing")
        await create_topics(admin, ["overdracht.referral"])
        await until_parts(world)
    finally:
        await admin.close()


async def test_a_database_that_goes_and_comes_back_is_told(world: World, postgres_url: str) -> None:
    name = world.database_url.partition("?")[0].rpartition("/")[2]
    owner = await asyncpg.connect(postgres_url)
    try:
        await owner.execute(f"alter database {name} allow_connections false")
        await owner.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
        await until_parts(world, database="away")
        await owner.execute(f"alter database {name} allow_connections true")
        await until_parts(world)
    finally:
        await owner.close()


async def test_a_consumer_that_stands_still_with_work_before_it_is_stuck(
    database_url: str, bootstrap_servers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fresh_topics(bootstrap_servers)
    monkeypatch.setattr(referral, "handle", never)
    async with referral_running(database_url, bootstrap_servers, stuck_seconds=1) as world:
        await asyncio.sleep(1.5)
        assert await ready(world) == WELL
        await world.tell(opening())
        await until_parts(world, consumer="stuck")


async def test_a_relay_that_stands_still_with_events_before_it_is_stuck_until_it_moves(
    database_url: str, bootstrap_servers: str
) -> None:
    await fresh_topics(bootstrap_servers)
    async with referral_running(database_url, bootstrap_servers, stuck_seconds=1) as world:
        await world.tell(opening())
        await world.settled()
        slow = await asyncpg.connect(world.database_url)
        await slow.execute("begin")
        await slow.execute("lock table relay in share row exclusive mode")
        await world.post_lines([sent_line()])
        await until_parts(world, relay="stuck")
        await slow.close()
        await until_parts(world)


STUCK = """
import asyncio
from services.referral import app
from shared.serving import serve

async def never(ledger, items):
    await asyncio.Event().wait()

app.handle = never if {stuck} else app.handle
serve(app.NAME, app.FOLDER, app.build)
"""


# at work first: the group waits for who ended without a word until its session is over
@pytest.mark.parametrize("stuck", [False, True], ids=["at work", "stuck"])
async def test_a_stuck_process_says_so_and_ends_to_be_started_again_and_one_at_work_stays(
    stuck: bool, database_url: str, bootstrap_servers: str, tmp_path: Path
) -> None:
    await fresh_topics(bootstrap_servers)
    given = {
        "PORT": str(free_block(1)[0]),
        "DATABASE_URL": database_url,
        "KAFKA_BOOTSTRAP_SERVERS": bootstrap_servers,
        "ID_KEY": KEY,
        "SIGNING_KEY": KEY,
        "WATCHDOG_SECONDS": "2",
        **{name.upper(): str(value) for name, value in believing().items()},
    }
    log = tmp_path / "log"
    with log.open("wb") as out:
        program = [sys.executable, "-c", STUCK.format(stuck=stuck)]
        environment = {"PATH": os.environ["PATH"]} | given
        process = await asyncio.create_subprocess_exec(*program, env=environment, cwd=ROOT, stdout=out, stderr=out)
    try:
        await told_of_a_case(bootstrap_servers)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 20 if stuck else 6)
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        critical = [line["event"] for line in lines if line["level"] == "critical"]
        assert process.returncode == (EXIT_STUCK if stuck else None), log.read_text()
        assert critical == (["the consumer is stuck; ending, to be started again"] if stuck else [])
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def told_of_a_case(bootstrap_servers: str) -> None:
    """Intake's first word on a case."""
    letter = opening().letter
    assert letter is not None
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap_servers)
    await producer.start()
    await producer.send_and_wait("overdracht.intake", letter.value, key=letter.key, headers=list(letter.headers))
    await producer.stop()
