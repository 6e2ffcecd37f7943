"""The broker: the one place that names how we consume, so that no default of a library can lose a hand-off.

FastStream's own defaults acknowledge first and start at the newest record; both lose events. Here: start at the
earliest, acknowledge by hand after the commit, and a batch that is not handled is not acknowledged.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.annotations import KafkaMessage
from faststream.message import StreamMessage

from shared import logging
from shared.consuming import Progress, consume
from shared.hearing import Hearing
from shared.ledger.insist import Handle
from shared.ledger.model import Ledger

log = logging.get(__name__)
_POLL_MS = 5
"""An empty poll makes FastStream's batch subscriber sleep this long: the latency of a quiet hand-off."""


def topic_of(service: str) -> str:
    """The topic a service publishes its facts on."""
    return f"overdracht.{service}"


def broker(bootstrap_servers: str) -> KafkaBroker:
    """A broker that is connected when it is started."""
    return KafkaBroker(
        bootstrap_servers.split(","),
        graceful_timeout=10.0,
        logger=None,
    )


def subscribe(
    to: KafkaBroker,
    topics: Sequence[str],
    ledger: Ledger,
    handle: Handle,
    hearing: Hearing,
    progress: Progress,
) -> None:
    """Hears these topics in batches, as the consumer group named after the service."""

    async def raw(message: StreamMessage[Any]) -> Any:
        return message.body

    @to.subscriber(
        *topics,
        group_id=ledger.service,
        batch=True,
        max_records=2_000,
        batch_timeout_ms=_POLL_MS,
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.NACK_ON_ERROR,
        decoder=raw,
        max_poll_interval_ms=3_600_000,
        session_timeout_ms=10_000,
    )
    async def hear(message: KafkaMessage) -> None:
        records: Any = message.raw_message
        try:
            await consume(handle, ledger, hearing, progress, records)
        except Exception:
            # the batch is not acknowledged and comes again; the pause keeps a fault of ours from spinning
            log.exception("a batch broke", records=len(records))
            await asyncio.sleep(1)
            raise


class Tools:
    """A consumer without a group and an admin client, kept open for looking at offsets."""

    def __init__(self, bootstrap_servers: str) -> None:
        self._bootstrap = bootstrap_servers
        self.consumer: AIOKafkaConsumer | None = None
        self.admin: AIOKafkaAdminClient | None = None

    async def opened(self) -> tuple[AIOKafkaConsumer, AIOKafkaAdminClient]:
        """Both, connected."""
        if self.consumer is None or self.admin is None:
            consumer = AIOKafkaConsumer(bootstrap_servers=self._bootstrap)
            admin = AIOKafkaAdminClient(bootstrap_servers=self._bootstrap)
            await consumer.start()
            try:
                await admin.start()
            except BaseException:
                await consumer.stop()
                raise
            self.consumer, self.admin = consumer, admin
        return self.consumer, self.admin

    async def close(self) -> None:
        """Disconnects; the next use connects again."""
        consumer, admin, self.consumer, self.admin = self.consumer, self.admin, None, None
        if consumer is not None:
            await consumer.stop()
        if admin is not None:
            await admin.close()


async def end_offsets(topics: Sequence[str], tools: Tools) -> dict[TopicPartition, int]:
    """Per partition of these topics the offset the next record will get. Raises LookupError when a topic is missing."""
    consumer, admin = await tools.opened()
    described = await admin.describe_topics(list(topics))
    places = [
        TopicPartition(topic["topic"], partition["partition"])
        for topic in described
        for partition in topic["partitions"]
    ]
    if {place.topic for place in places} != set(topics):
        raise LookupError("a topic is not there")
    found: dict[TopicPartition, int] = await consumer.end_offsets(places)
    return found


async def lags(group: str, topics: Sequence[str], tools: Tools) -> dict[TopicPartition, int]:
    """Per partition the records the group has not handled yet."""
    ends = await end_offsets(topics, tools)
    _, admin = await tools.opened()
    done = await admin.list_consumer_group_offsets(group, partitions=list(ends))
    return {place: max(0, end - max(0, done[place].offset if place in done else 0)) for place, end in ends.items()}
