"""Reads the topics from outside: from the beginning to where they end now, or on and on."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from logging import CRITICAL, getLogger
from typing import TypeAlias

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from overdracht.output import AWAY, Stop

Record: TypeAlias = "ConsumerRecord[bytes, bytes]"
CHECKPOINTS = "overdracht.checkpoints"
_PREFIX = "overdracht."
_WAIT_MS = 500
_PAGE = 5_000


def topic_of(service: str) -> str:
    """The topic on which a service publishes."""
    return f"{_PREFIX}{service}"


def service_of(topic: str) -> str:
    """The service that publishes on a topic."""
    return topic.removeprefix(_PREFIX)


@asynccontextmanager
async def opened(bootstrap_servers: str, topics: Sequence[str]) -> AsyncIterator[AIOKafkaConsumer]:
    """A reader at the beginning of these topics (those that exist), in no group. Raises Stop (exit 3)."""
    getLogger("aiokafka").setLevel(CRITICAL)  # what it would say is said in a sentence of ours
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap_servers,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_poll_records=_PAGE,
        max_partition_fetch_bytes=4 * 1024 * 1024,
        check_crcs=True,
    )
    try:
        partitions = await _partitions(bootstrap_servers, topics)
        await consumer.start()
        if partitions:
            consumer.assign(partitions)
            await consumer.seek_to_beginning(*partitions)
        yield consumer
    except (KafkaError, TimeoutError) as trouble:
        raise Stop(
            f"De broker ({bootstrap_servers}) geeft geen antwoord.",
            f"the broker gives no answer: {type(trouble).__name__}",
            AWAY,
        ) from None
    finally:
        await consumer.stop()


async def _partitions(bootstrap_servers: str, topics: Sequence[str]) -> list[TopicPartition]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    try:
        await admin.start()
        found = await admin.describe_topics(list(topics))
    finally:
        await admin.close()
    return [
        TopicPartition(topic["topic"], partition["partition"])
        for topic in found
        if not topic["error_code"]
        for partition in topic["partitions"]
    ]


async def to_the_end(consumer: AIOKafkaConsumer) -> AsyncIterator[list[Record]]:
    """What stands on the topics up to where they end at this moment; may be called again for what came since."""
    left = await consumer.end_offsets(list(consumer.assignment()))
    while True:
        for partition in [each for each in left if await consumer.position(each) >= left[each]]:
            del left[partition]
        if not left:
            return
        pages = await consumer.getmany(timeout_ms=_WAIT_MS)
        for records in pages.values():
            yield records


async def on_and_on(consumer: AIOKafkaConsumer) -> AsyncIterator[list[Record]]:
    """What comes, until the reader stops."""
    while True:
        pages = await consumer.getmany(timeout_ms=_WAIT_MS)
        for records in pages.values():
            yield records


async def how_many(consumer: AIOKafkaConsumer) -> int:
    """Records from the beginning to the end as they are now."""
    partitions = list(consumer.assignment())
    begins, ends = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
    return sum(ends[each] - begins[each] for each in partitions)


async def cut_at_the_front(consumer: AIOKafkaConsumer) -> set[str]:
    """Topics of which the oldest records are gone (retention, or deleted)."""
    begins = await consumer.beginning_offsets(list(consumer.assignment()))
    return {partition.topic for partition, offset in begins.items() if offset > 0}
