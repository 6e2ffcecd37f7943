"""Seals the ledger: every second in which something was added, a signed checkpoint, also on a topic of its own."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
from aiokafka import AIOKafkaProducer
from sqlalchemy import text

from shared.chain import START, key_id, public_key, roll, sign, statement
from shared.envelope import timestamp
from shared.leading import rest
from shared.ledger.model import Ledger
from shared.ledger.pages import checkpoints_after, hashes_after

TOPIC = "overdracht.checkpoints"
_PAGE = 20_000
_EVERY_SECONDS = 1.0
_LOOK_SECONDS = 10.0
"""Without news there is a look as often as this: a notification is only a hint."""
_LAST = text("select number, position, events, root from checkpoint order by number desc limit 1")
_PUBLISHED = text("select position from relay where name = 'checkpoints'")
_SET_PUBLISHED = text("""
    insert into relay (name, position, offsets) values ('checkpoints', :number, '{}')
    on conflict (name) do update set position = excluded.position
""")
_INSERT = text("""
    insert into checkpoint (number, position, events, root, previous, at, key_id, signature)
    values (:number, :position, :events, :root, :previous, :at, :key_id, :signature)
""")


async def seal(
    ledger: Ledger, bootstrap_servers: str, seed: bytes, published: Callable[[], None], news: asyncio.Event
) -> None:
    """Seals and publishes until cancelled."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap_servers, enable_idempotence=True, acks="all")
    try:
        await producer.start()
        while True:
            await rest(news, _LOOK_SECONDS)
            news.clear()
            while await seal_once(ledger, seed):
                pass
            await _publish(ledger, producer, published)
            await asyncio.sleep(_EVERY_SECONDS)
    finally:
        await producer.stop()


async def seal_once(ledger: Ledger, seed: bytes) -> bool:
    """One checkpoint over what came since the last. False when nothing came."""
    async with ledger.engine.begin() as tx:
        row = (await tx.execute(_LAST)).first()
        number, position, events, previous = tuple(row) if row else (0, 0, 0, START)
        fresh = await hashes_after(tx, position, _PAGE)
        if not fresh:
            return False
        root = roll(previous, (value for _, value in fresh))
        at = datetime.now(UTC)
        last, count = fresh[-1][0], events + len(fresh)
        signed = statement(ledger.service, number + 1, last, count, root.hex(), previous.hex(), timestamp(at))
        await tx.execute(
            _INSERT,
            {
                "number": number + 1,
                "position": last,
                "events": count,
                "root": root,
                "previous": previous,
                "at": at,
                "key_id": key_id(public_key(seed)),
                "signature": sign(seed, signed),
            },
        )
    return True


async def _publish(ledger: Ledger, producer: AIOKafkaProducer, published: Callable[[], None]) -> None:
    async with ledger.single.connect() as tx:
        done = (await tx.execute(_PUBLISHED)).scalar() or 0
    for item in await checkpoints_after(ledger.single, done, 1_000):
        value: dict[str, Any] = {"service": ledger.service, **item}
        await producer.send_and_wait(TOPIC, orjson.dumps(value), key=ledger.service.encode())
        async with ledger.single.connect() as tx:
            await tx.execute(_SET_PUBLISHED, {"number": item["number"]})
        published()
