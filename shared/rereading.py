"""Reads records again from where they came: of a system outside only the place of a letter is kept, not its content."""

import asyncio
from collections.abc import Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from shared.ledger.insist import Away
from shared.ledger.model import Letter, letter_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

GONE = "record_gone"
_SECONDS = 5.0


async def reread(bootstrap_servers: str, letters: Sequence[Letter]) -> list[Letter]:
    """The letters, whole; with the reason `record_gone` when the topic holds that record no more. Raises Away."""
    if not letters:
        return []
    try:
        async with asyncio.timeout(_SECONDS + len(letters) / 10), _consumer(bootstrap_servers) as consumer:
            places = {TopicPartition(letter.topic, letter.partition) for letter in letters}
            consumer.assign(sorted(places))
            begins = await consumer.beginning_offsets(list(places))
            ends = await consumer.end_offsets(list(places))
            return [await _whole(consumer, begins, ends, letter) for letter in letters]
    except (KafkaError, OSError, TimeoutError) as trouble:
        raise Away(type(trouble).__name__) from None


@asynccontextmanager
async def _consumer(bootstrap_servers: str) -> "AsyncIterator[AIOKafkaConsumer]":
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap_servers, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    try:
        await consumer.start()
        yield consumer
    finally:
        await consumer.stop()


async def _whole(
    consumer: AIOKafkaConsumer, begins: dict[TopicPartition, int], ends: dict[TopicPartition, int], letter: Letter
) -> Letter:
    place = TopicPartition(letter.topic, letter.partition)
    if not begins[place] <= letter.offset < ends[place]:
        return replace(letter, reason=GONE)
    consumer.seek(place, letter.offset)
    record = await consumer.getone(place)
    if record.offset != letter.offset:
        return replace(letter, reason=GONE)
    found = letter_of(record)
    return replace(letter, key=found.key, headers=found.headers, value=found.value)
