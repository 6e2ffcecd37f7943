"""The relay: carries the ledger to its topic, in order, and starts again when the topic has lost what it was given."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import orjson
from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import murmur2
from aiokafka.producer.message_accumulator import BatchBuilder
from sqlalchemy import text

from shared import logging
from shared.envelope import Event, headers
from shared.leading import rest
from shared.ledger.model import Ledger
from shared.ledger.pages import events_after
from shared.ledger.store import stored_letter
from shared.offsets import Tools, end_offsets
from shared.tracing import ids

log = logging.get(__name__)
_PAGE = 2_000
_IDLE_SECONDS = 1.0
"""Without news there is a look as often as this: a notification is only a hint."""
_LOOK_SECONDS = 10.0

_MARK = text("select position, offsets::text from relay where name = 'topic'")
_SET_MARK = text("""
    insert into relay (name, position, offsets) values ('topic', :position, cast(:offsets as json))
    on conflict (name) do update set position = excluded.position, offsets = excluded.offsets
""")
_DEAD = text("""
    select position, status, reason, parks, case_id::text, topic, partition, record_offset, key, headers::text, value
    from letter where status = 'dead' and not published order by position limit 500
""")
Published = Callable[[int, int], None]
"""Hears how many facts and how many dead letters the broker has acknowledged."""
_DEAD_PUBLISHED = text("update letter set published = true where position = any(cast(:positions as bigint[]))")


@dataclass
class Mark:
    """How far the ledger is on the topic: the position, and per partition the offset after the last record."""

    position: int
    offsets: dict[int, int]


async def relay(ledger: Ledger, bootstrap_servers: str, topic: str, published: Published, news: asyncio.Event) -> None:
    """Publishes until cancelled. Idempotent producer, acks from all; the mark moves only after the acknowledgement."""
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap_servers,
        enable_idempotence=True,
        acks="all",
        linger_ms=0,
        max_batch_size=256 * 1024,
        request_timeout_ms=30_000,
    )
    tools = Tools(bootstrap_servers)
    try:
        await producer.start()
        mark = await _read_mark(ledger)
        looked = 0.0
        while True:
            news.clear()
            now = asyncio.get_running_loop().time()
            if now - looked > _LOOK_SECONDS:
                mark = await _checked(ledger, tools, topic, mark)
                looked = now
            facts = await _send_page(ledger, producer, topic, mark)
            dead = await _send_dead(ledger, producer)
            published(facts, dead)
            if not facts + dead:
                await rest(news, _IDLE_SECONDS)
    finally:
        try:
            await tools.close()
        finally:  # also when the end is hurried along
            await producer.stop()


async def _read_mark(ledger: Ledger) -> Mark:
    async with ledger.single.connect() as tx:
        row = (await tx.execute(_MARK)).first()
    if row is None:
        return Mark(0, {})
    return Mark(row[0], {int(partition): offset for partition, offset in orjson.loads(row[1]).items()})


async def _checked(ledger: Ledger, tools: Tools, topic: str, mark: Mark) -> Mark:
    """The mark, or the very beginning when the topic is shorter than it was: a wiped broker is filled again."""
    ends = {place.partition: end for place, end in (await end_offsets([topic], tools)).items()}
    if all(ends.get(partition, 0) >= offset for partition, offset in mark.offsets.items()):
        return mark
    log.warning("the topic is shorter than what was published; publishing the ledger again", topic=topic)
    await _store(ledger, fresh := Mark(0, {}))
    return fresh


async def _send_page(ledger: Ledger, producer: AIOKafkaProducer, topic: str, mark: Mark) -> int:
    async with ledger.single.connect() as tx:
        events = await events_after(tx, ledger.source, mark.position, _PAGE)
    if not events:
        return 0
    for partition, end in (await _send(producer, topic, events)).items():
        mark.offsets[partition] = max(mark.offsets.get(partition, 0), end)
    mark.position = events[-1].sequence
    await _store(ledger, mark)
    return len(events)


async def _send(producer: AIOKafkaProducer, topic: str, events: Sequence[Event]) -> dict[int, int]:
    """Sends in order and waits for every acknowledgement; per partition the offset after the last record.

    The batches are made here: a call and a promise for each single record would cost as much as all the rest of
    publishing. Any failure ends this term; the next starts at the mark.
    """
    partitions = sorted(await producer.partitions_for(topic))
    batches: dict[int, BatchBuilder] = {}
    sent = []

    async def full(partition: int) -> None:
        batch = batches.pop(partition)
        batch.close()
        sent.append((await producer.send_batch(batch, topic, partition=partition), batch.record_count()))

    for event in events:
        key = event.subject.encode()
        partition = partitions[(murmur2(key) & 0x7FFF_FFFF) % len(partitions)]  # where any Kafka client puts this key
        record = {"timestamp": None, "key": key, "value": event.data, "headers": headers(event)}
        if partition in batches and batches[partition].append(**record) is not None:
            continue
        if partition in batches:
            await full(partition)
        batches[partition] = producer.create_batch()
        batches[partition].append(**record)  # the first record of a batch always fits
    for partition in list(batches):
        await full(partition)
    ends: dict[int, int] = {}
    for future, count in sent:
        place = await future
        ends[place.partition] = max(ends.get(place.partition, 0), place.offset + count)
    return ends


async def _send_dead(ledger: Ledger, producer: AIOKafkaProducer) -> int:
    """Dead letters go, raw and with their reason, to the consumer's own dead-letter topic.

    Of a system outside only the place and the reason are told. A record with neither key nor value cannot be sent: it
    gets an empty value.
    """
    async with ledger.single.connect() as tx:
        rows = (await tx.execute(_DEAD)).all()
    for row in rows:
        letter = stored_letter(row)
        origin = f"{letter.topic}/{letter.partition}/{letter.offset}"
        await producer.send_and_wait(
            f"overdracht.{ledger.service}.dead-letter",
            b"" if letter.value is None and letter.key is None else letter.value,
            key=letter.key,
            headers=[*letter.headers, ("x-reason", letter.reason.encode()), ("x-origin", origin.encode())],
        )
        async with ledger.single.connect() as tx:
            await tx.execute(_DEAD_PUBLISHED, {"positions": [letter.position]})
        trace = dict(letter.headers).get("ce_traceparent", b"").decode("latin-1")
        log.warning("a dead letter", reason=letter.reason, origin=origin, **ids(trace))
    return len(rows)


async def _store(ledger: Ledger, mark: Mark) -> None:
    async with ledger.single.connect() as tx:
        await tx.execute(_SET_MARK, {"position": mark.position, "offsets": orjson.dumps(_named(mark.offsets)).decode()})


def _named(offsets: dict[int, int]) -> dict[str, int]:
    return {str(partition): offset for partition, offset in offsets.items()}
