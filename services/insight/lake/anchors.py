"""Whether a topic is still the one that was read: a record the lake has read must be there, at its offset.

A broker that was wiped is filled again by the relays, and offsets begin anew. What is read then is known by its
sequence; where reading goes on is found here.
"""

import asyncio
from collections.abc import Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaTimeoutError

from services.insight.lake.knowing import Standing
from services.insight.lake.reading import Counts, Record, envelopes
from shared.offsets import Tools

_SECONDS = 5.0
_POLL_MS = 200


def stand(standing: Standing, anchor: tuple[int, int] | None, begin: int, end: int, found: int | None) -> str:
    """What to say of a partition, after setting where to go on: `ok`, `anew` or `records_gone`.

    `anchor`: offset and sequence of a record read before; `found`: the sequence that stands at its offset now, None
    when nothing does. The partition holds the offsets from `begin` until before `end`.
    """
    if (anchor[0] >= begin and found != anchor[1]) if anchor is not None else standing.next > end:
        standing.begin_anew(begin)
        return "anew"
    if standing.next < begin:
        standing.next = begin
        return "records_gone"
    return "ok"


async def sequences_at(wanted: Mapping[TopicPartition, int], tools: Tools) -> dict[TopicPartition, int]:
    """Per partition the sequence of the record at this offset; 0 when it has none. Raises KafkaError."""
    found: dict[TopicPartition, int] = {}
    if not wanted:
        return found
    consumer, _ = await tools.opened()
    consumer.assign(list(wanted))
    try:
        for place, offset in wanted.items():
            consumer.seek(place, offset)
        async with asyncio.timeout(_SECONDS):
            await _collect(consumer, wanted, found)
    except TimeoutError as late:
        raise KafkaTimeoutError("the broker shows no records") from late
    finally:
        consumer.unsubscribe()
    return found


async def _collect(
    consumer: AIOKafkaConsumer, wanted: Mapping[TopicPartition, int], found: dict[TopicPartition, int]
) -> None:
    while left := wanted.keys() - found.keys():
        for place, records in (await consumer.getmany(*left, timeout_ms=_POLL_MS)).items():
            if place in left:
                first = records[0]
                found[place] = _sequence(first, place) if first.offset == wanted[place] else 0


def _sequence(record: Record, place: TopicPartition) -> int:
    read = envelopes([record], place.topic.rpartition(".")[2], Counts())
    return read[0].sequence if read else 0
