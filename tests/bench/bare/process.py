"""One bare process: a door for batches, one transaction a batch, a relay, and a listener that dedupes."""

from __future__ import annotations

import asyncio
import logging
import os
import struct
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import asyncpg
import orjson
import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from asyncpg.pgproto.pgproto import UUID

from tests.bench.bare.plan import BATCH, ENVELOPE, Plan, from_argument

# Event, state and the relay's mark in one statement, so in one transaction and one round trip.
OWN = """
with written as (insert into event (id, case_id, fact, data)
        select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[])),
    marked as (update relay set position = $8)
insert into state (case_id, handled, fact) select * from unnest($5::uuid[], $6::int[], $7::text[])
on conflict (case_id) do update set handled = state.handled + excluded.handled, fact = excluded.fact
"""
# Only what the inbox did not know yet touches the state.
OTHERS = """
with fresh as (insert into inbox select unnest($1::uuid[]) on conflict do nothing returning id),
    kept as (insert into state as s
        select case_id, count(*), max(fact) from unnest($1::uuid[], $2::uuid[], $3::text[]) e(id, case_id, fact)
        join fresh using (id) group by case_id
        on conflict (case_id) do update set handled = s.handled + excluded.handled, fact = excluded.fact)
select count(*) from fresh
"""
Statement = Callable[..., Awaitable[Any]]


@dataclass(frozen=True)
class Case:
    """A dossier's case: its id, the id as a key, and the partition that holds it."""

    id: UUID
    key: bytes
    partition: int


@dataclass
class Running:
    """A bare process at work. `relayed`: own events that are on the topic. `handled`: events of others."""

    plan: Plan
    producer: AIOKafkaProducer
    own: Statement
    others: Statement
    # One writer at a time: two transactions of one process would only wait for each other's state rows.
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    moved: asyncio.Condition = field(default_factory=asyncio.Condition)
    handled: int = 0
    relayed: int = 0
    next_id: int = field(default_factory=lambda: int.from_bytes(os.urandom(16), "big") >> 1)
    cases: dict[str, Case] = field(default_factory=dict)


def case_of(running: Running, dossier: str) -> Case:
    """The case of a dossier; the same in every process."""
    known = running.cases.get(dossier)
    if known is None:
        key = blake2b(dossier.encode(), digest_size=16).digest()
        known = running.cases[dossier] = Case(UUID(key), key, key[0] % running.plan.partitions)
    return known


async def take(running: Running, lines: list[bytes]) -> None:
    """A batch at the door: written in one transaction, then put on the topic."""
    first = running.next_id
    running.next_id += len(lines)
    keys = [(first + n).to_bytes(16, "big") for n in range(len(lines))]
    parsed = [orjson.loads(line) for line in lines]
    cases = [case_of(running, line["dossier"]) for line in parsed]
    facts = [line["fact"] for line in parsed]
    counts = Counter(case.id for case in cases)
    last = {case.id: fact for case, fact in zip(cases, facts, strict=True)}
    async with running.writing:
        await running.own(
            [UUID(key) for key in keys],
            [case.id for case in cases],
            facts,
            lines,
            list(counts),
            list(counts.values()),
            [last[case] for case in counts],
            running.relayed,
        )
    await relay(running, keys, cases, lines)
    running.relayed += len(lines)


async def relay(running: Running, keys: list[bytes], cases: list[Case], lines: list[bytes]) -> None:
    """Put what was committed on the topic, a batch a partition."""
    batches = [running.producer.create_batch() for _ in range(running.plan.partitions)]
    more = ENVELOPE if running.plan.enveloped else []
    for key, case, line in zip(keys, cases, lines, strict=True):
        headers = [("ce_id", key), *more]
        batches[case.partition].append(key=case.key, value=line, timestamp=None, headers=headers)
    topic = running.plan.topics[running.plan.service]
    sent = [
        await running.producer.send_batch(batch, topic, partition=partition)
        for partition, batch in enumerate(batches)
        if batch.record_count()
    ]
    await asyncio.gather(*sent)


async def listen(running: Running) -> None:
    """Handle what the others sent: a batch, one transaction, then the offsets."""
    plan = running.plan
    consumer = AIOKafkaConsumer(
        bootstrap_servers=plan.bootstrap,
        group_id=f"{plan.topics[plan.service]}.listener",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=100,
        max_poll_records=BATCH,
    )
    consumer.assign([TopicPartition(topic, part) for topic in plan.listens for part in range(plan.partitions)])
    await consumer.start()
    while True:
        got = await consumer.getmany(timeout_ms=1_000, max_records=BATCH)
        records = [record for part in got.values() for record in part]
        if not records:
            continue
        ids = [UUID(record.headers[0][1]) for record in records]
        cases = [UUID(record.key) for record in records]
        facts = [orjson.loads(record.value)["fact"] for record in records]
        async with running.writing:
            fresh = await running.others(ids, cases, facts)
        await consumer.commit()
        async with running.moved:
            running.handled += fresh
            running.moved.notify_all()


async def serve(running: Running, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The door. Frames: 4 bytes length, 1 byte kind. F: lines to take. W: answer when so many are handled."""
    try:
        while True:
            length, kind = struct.unpack("!Ic", await reader.readexactly(5))
            body = await reader.readexactly(length)
            if kind == b"F":
                await take(running, body.split(b"\n"))
            else:
                await until_handled(running, int(body))
            writer.write(b"!")
    except asyncio.IncompleteReadError:
        writer.close()


async def until_handled(running: Running, wanted: int) -> None:
    """Return when so many events of others are handled."""
    async with running.moved:
        await running.moved.wait_for(lambda: running.handled >= wanted)


async def main(plan: Plan) -> None:
    """Open everything, say on which port, and work until killed."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # a coordinator still being made is no news
    database = await asyncpg.connect(plan.database)
    producer = AIOKafkaProducer(
        bootstrap_servers=plan.bootstrap, acks="all", max_batch_size=1 << 21, max_request_size=1 << 23
    )
    await producer.start()
    own, others = await database.prepare(OWN), await database.prepare(OTHERS)
    running = Running(plan, producer, own.fetchval, others.fetchval)
    listener = asyncio.create_task(listen(running)) if plan.listens else None
    server = await asyncio.start_server(lambda r, w: serve(running, r, w), "127.0.0.1", 0, limit=1 << 22)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await (listener or server.serve_forever())


if __name__ == "__main__":
    uvloop.run(main(from_argument(sys.argv[1])))
