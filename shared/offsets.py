"""Looking at topics from beside the consumer: where they end, how far the group is, how old the rest is."""

import asyncio
from collections.abc import Mapping, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

_PEEK_SECONDS = 2.0


async def stopped(consumer: AIOKafkaConsumer) -> None:
    """Disconnects a consumer.

    A fetch that is cancelled while it rests lets its cancellation out of aiokafka's `stop`, with the connection still
    open (aio-libs/aiokafka#647): whoever stops a consumer would end as if somebody had cancelled it.
    """
    try:
        await consumer.stop()
    except asyncio.CancelledError:
        await consumer._client.close()
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise


class Tools:
    """A consumer without a group and an admin client, kept open for looking at offsets.

    Looked through by one at a time (`using`): what is closed under somebody's look leaves a connection behind.
    """

    def __init__(self, bootstrap_servers: str) -> None:
        self._bootstrap = bootstrap_servers
        self._opening = asyncio.Lock()
        self.using = asyncio.Lock()
        self.consumer: AIOKafkaConsumer | None = None
        self.admin: AIOKafkaAdminClient | None = None

    async def opened(self) -> tuple[AIOKafkaConsumer, AIOKafkaAdminClient]:
        """Both, connected."""
        async with self._opening:
            if self.consumer is None or self.admin is None:
                # a peek wants one record's time: as little as the broker gives, and from wherever the topic begins
                consumer = AIOKafkaConsumer(
                    bootstrap_servers=self._bootstrap,
                    max_partition_fetch_bytes=1,
                    auto_offset_reset="earliest",
                    retry_backoff_ms=50,  # a topic it has not seen yet costs two of these
                )
                admin = AIOKafkaAdminClient(bootstrap_servers=self._bootstrap)
                try:
                    await consumer.start()
                    await admin.start()
                except BaseException:
                    await stopped(consumer)
                    await admin.close()
                    raise
                self.consumer, self.admin = consumer, admin
            return self.consumer, self.admin

    async def close(self) -> None:
        """Disconnects, when nobody looks any more; the next use connects again."""
        async with self.using:
            consumer, admin, self.consumer, self.admin = self.consumer, self.admin, None, None
            if consumer is not None:
                await stopped(consumer)
            if admin is not None:
                await admin.close()


async def end_offsets(topics: Sequence[str], tools: Tools) -> dict[TopicPartition, int]:
    """Per partition of these topics the offset the next record will get. Raises LookupError when a topic is missing."""
    async with tools.using:
        return await _ends(topics, tools)


async def _ends(topics: Sequence[str], tools: Tools) -> dict[TopicPartition, int]:
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


async def standings(group: str, topics: Sequence[str], tools: Tools) -> dict[TopicPartition, tuple[int, int]]:
    """Per partition the offset of the first record the group has not handled, and the end."""
    async with tools.using:
        ends = await _ends(topics, tools)
        _, admin = await tools.opened()
        done = await admin.list_consumer_group_offsets(group, partitions=list(ends))
    return {place: (min(end, max(0, done[place].offset if place in done else 0)), end) for place, end in ends.items()}


async def lags(group: str, topics: Sequence[str], tools: Tools) -> dict[TopicPartition, int]:
    """Per partition the records the group has not handled yet."""
    return {place: end - done for place, (done, end) in (await standings(group, topics, tools)).items()}


async def oldest(places: Mapping[TopicPartition, tuple[int, int]], tools: Tools) -> float | None:
    """When the oldest record that was not handled came on its topic (Unix seconds); None when there is none."""
    behind = {place: done for place, (done, end) in places.items() if done < end}
    async with tools.using:
        return min([await _came(place, offset, tools) for place, offset in behind.items()], default=None)


async def _came(place: TopicPartition, offset: int, tools: Tools) -> float:
    consumer, _ = await tools.opened()
    consumer.assign([place])
    try:
        consumer.seek(place, offset)
        async with asyncio.timeout(_PEEK_SECONDS):
            record = await consumer.getone(place)
    finally:
        consumer.unsubscribe()
    return float(record.timestamp) / 1000
