"""Feed a history to four bare processes, time it, and check that every event is stored once."""

from __future__ import annotations

import asyncio
import struct
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from tests.bench.bare.plan import BATCH, LANES, TABLES, Plan
from tests.bench.history import ROOT, SERVICES, Line, chunks, deliveries, lanes


@dataclass
class Door:
    """A running bare process: its pid and one open connection a lane."""

    service: str
    pid: int
    lanes: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]


@dataclass(frozen=True)
class Fed:
    """What one feeding took. Seconds from the first send: until every batch was answered, until all was handled."""

    facts: int
    handled: int
    answered_seconds: float
    handled_seconds: float


@asynccontextmanager
async def doors(admin_url: str, bootstrap: str, run: str, *, enveloped: bool = False) -> AsyncIterator[list[Door]]:
    """Four processes on databases and topics of their own, which are gone afterwards."""
    topics = {service: f"bare.{run}.{service}" for service in SERVICES}
    plans = [Plan(service, database_url(admin_url, service), bootstrap, topics, enveloped) for service in SERVICES]
    await _make(admin_url, bootstrap, plans[0])
    try:
        async with AsyncExitStack() as stack:
            yield await asyncio.gather(*(stack.enter_async_context(_started(plan)) for plan in plans))
    finally:
        await _unmake(admin_url, bootstrap, plans[0])


async def feed(running: Sequence[Door], lines: Sequence[Line], before: Sequence[Line] = ()) -> Fed:
    """Send all lines, in lanes, to their doors; return when the last listener handled the last event."""
    frames = {
        door.service: [
            [_frame(b"F", b"\n".join(chunk)) for chunk in chunks(lane, BATCH)]
            for lane in lanes(lines, door.service, count=LANES)
        ]
        for door in running
    }
    wanted = deliveries([*before, *lines])
    began = time.perf_counter()
    await asyncio.gather(
        *(_send(*lane, batch) for door in running for lane, batch in zip(door.lanes, frames[door.service], strict=True))
    )
    answered = time.perf_counter()
    await asyncio.gather(
        *(_send(*door.lanes[0], [_frame(b"W", str(wanted[door.service]).encode())]) for door in running)
    )
    ended = time.perf_counter()
    return Fed(len(lines), sum(deliveries(lines).values()), answered - began, ended - began)


async def check(admin_url: str, lines: Sequence[Line]) -> None:
    """Every event is stored once, and handled once by each listener: AssertionError says where not."""
    own = Counter(line.service for line in lines)
    others = deliveries(lines)
    for service in SERVICES:
        connection = await asyncpg.connect(database_url(admin_url, service))
        try:
            found = await connection.fetchrow(
                "select (select count(*) from event) as stored, (select count(distinct id) from event) as different, "
                "(select count(*) from inbox) as handled, (select sum(handled) from state) as counted"
            )
        finally:
            await connection.close()
        expected = (own[service], own[service], others[service], own[service] + others[service])
        assert tuple(found) == expected, f"{service}: {tuple(found)} is not {expected}"


def database_url(admin_url: str, service: str) -> str:
    """The bare database of a service, beside the one that `admin_url` names."""
    return urlsplit(admin_url)._replace(path=f"/bare_{service}").geturl()


@asynccontextmanager
async def _started(plan: Plan) -> AsyncIterator[Door]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.bare.process", plan.as_argument(), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        port = int(await asyncio.wait_for(process.stdout.readline(), 30))
        connections = [await asyncio.open_connection("127.0.0.1", port) for _ in range(LANES)]
        yield Door(plan.service, process.pid, connections)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _send(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, frames: Sequence[bytes]) -> None:
    for frame in frames:
        writer.write(frame)
        await reader.readexactly(1)


def _frame(kind: bytes, body: bytes) -> bytes:
    return struct.pack("!Ic", len(body), kind) + body


async def _make(admin_url: str, bootstrap: str, plan: Plan) -> None:
    for service in SERVICES:
        await _administer(admin_url, f"drop database if exists bare_{service}", f"create database bare_{service}")
        connection = await asyncpg.connect(database_url(admin_url, service))
        await connection.execute(TABLES)
        await connection.close()
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, plan.partitions, 1) for topic in plan.topics.values()])
    finally:
        await admin.close()
    # A checkpoint of what came before would otherwise fall into the measurement.
    await _administer(admin_url, "checkpoint")


async def _unmake(admin_url: str, bootstrap: str, plan: Plan) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.delete_topics(list(plan.topics.values()))
    finally:
        await admin.close()
    await _administer(admin_url, *(f"drop database bare_{service} with (force)" for service in SERVICES))


async def _administer(admin_url: str, *statements: str) -> None:
    connection = await asyncpg.connect(admin_url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()
