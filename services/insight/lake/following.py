"""Following the topics into the lake: no consumer group, the lake's own files say where to go on.

What was read and not written is read again; what was written is in a file's name. So every event is in the lake once,
without a transaction. Whatever is away is waited for, and said.
"""

import asyncio
import errno
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import pyarrow as pa
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError

from services.insight.lake import merging
from services.insight.lake.anchors import sequences_at, stand
from services.insight.lake.folders import sweep
from services.insight.lake.names import TOPICS, Place
from services.insight.lake.progress import Progress
from services.insight.lake.writing import Lake, add
from shared import logging
from shared.broker import topic_of
from shared.offsets import Tools, end_offsets, stopped

log = logging.get(__name__)
Told = Callable[[pa.Table], Awaitable[None]]
"""Hears the rows of each file that was written, in the order of each partition."""
_PAUSES = (0.2, 0.5, 1, 2, 5, 10)
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_ASK_SECONDS = 10.0
T = TypeVar("T")


@dataclass(frozen=True)
class Pace:
    """How often what is done."""

    records: int = 20_000
    """So many records are written at the latest: what is held in memory."""
    seconds: float = 1.0
    """And so long after the first of them: how fresh the lake is."""
    look_seconds: float = 10.0
    tidy_seconds: float = 600.0
    grace_seconds: float = 3_600.0
    """So long a reader may go on reading in files that were merged."""


USUAL = Pace()


@dataclass
class _Going:
    """One connection's work."""

    lake: Lake
    consumer: AIOKafkaConsumer
    tools: Tools
    progress: Progress
    told: Told
    pace: Pace
    anchors: dict[Place, tuple[int, int] | None]
    """Per partition a record of before the last look: while it is there, all after it came from the same topic."""
    ends: dict[Place, int] = field(default_factory=dict)
    reading: frozenset[Place] = frozenset()


async def nobody(_rows: pa.Table) -> None:
    """Hears nothing."""


async def follow(
    lake: Lake, bootstrap_servers: str, progress: Progress, told: Told = nobody, pace: Pace = USUAL
) -> None:
    """Copies until cancelled. An error of `told` ends it: what it heard too little it finds in the files."""
    tools = Tools(bootstrap_servers)
    attempt = 0
    anchors = {place: one.anchor for place, one in lake.standings.items()}
    progress.take(lake, {})
    try:
        while True:
            consumer = _consumer(bootstrap_servers)
            going = _Going(lake, consumer, tools, progress, told, pace, anchors)
            try:
                await _answered(consumer.start())
                await _go(going)
            except _Away as away:
                attempt = 0 if progress.trouble is None else attempt
                progress.trouble = "broker_away"
                log.warning("waiting for the broker", why=str(away))
                await asyncio.sleep(_PAUSES[min(attempt, len(_PAUSES) - 1)])
                attempt += 1
            finally:
                await stopped(consumer)
                await tools.close()
    finally:
        progress.take(lake, going.ends)


class _Away(Exception):  # noqa: N818 - a state of the broker
    """The broker does not answer, or not as it did: all is asked anew."""


async def _answered(work: Awaitable[T]) -> T:
    """What the broker answers. Raises _Away; errors of who listens are none of these, and end the following."""
    try:
        return await work
    except (KafkaError, TimeoutError) as why:
        raise _Away(type(why).__name__) from why


def _consumer(bootstrap_servers: str) -> AIOKafkaConsumer:
    # there is always an offset to go on at; a reader that were set elsewhere silently would lose or repeat events
    return AIOKafkaConsumer(
        bootstrap_servers=bootstrap_servers,
        enable_auto_commit=False,
        auto_offset_reset="none",
        max_partition_fetch_bytes=4 * 1024 * 1024,
        client_id="insight",
    )


async def _go(going: _Going) -> None:
    pace, looked, tidied = going.pace, float("-inf"), float("-inf")
    while True:
        now = time.monotonic()
        if now - looked >= pace.look_seconds:
            await _answered(_look(going))
            going.progress.trouble, looked = None, now
        for at, records in (await _answered(_gathered(going.consumer, pace))).items():
            place = Place(at.topic.rpartition(".")[2], at.partition)
            rows = await _waited_for_disk(going, partial(add, going.lake, place, records))
            going.progress.take(going.lake, going.ends)
            if rows.num_rows:
                await going.told(rows)
        if now - tidied >= pace.tidy_seconds:
            await _waited_for_disk(going, partial(_tidy, going))
            tidied = now


async def _look(going: _Going) -> None:
    """Which partitions there are, where they end, and whether they are still those that were read.

    Raises TimeoutError when the broker does not say it in time.
    """
    async with asyncio.timeout(_ASK_SECONDS):
        await _looked(going)


async def _looked(going: _Going) -> None:
    lake, tools = going.lake, going.tools
    consumer, admin = await tools.opened()
    there = set(await admin.list_topics())
    try:
        ends = await end_offsets([name for name in map(topic_of, TOPICS) if name in there], tools)
    except LookupError as gone:
        raise UnknownTopicOrPartitionError from gone
    begins = await consumer.beginning_offsets(list(ends))
    at = {Place(one.topic.rpartition(".")[2], one.partition): one for one in ends}
    anchors = {at[place]: anchor for place, anchor in going.anchors.items() if anchor and place in at}
    shown = {one: anchor[0] for one, anchor in anchors.items() if begins[one] <= anchor[0] < ends[one]}
    found = await sequences_at(shown, tools)
    moved = frozenset(at) != going.reading
    for place, one in at.items():
        standing = lake.standing(place)
        before = standing.next
        said = stand(standing, going.anchors.get(place), begins[one], ends[one], found.get(one))
        if said != "ok":
            moved = True
            _say(lake, place, said, before)
    going.ends = {place: ends[one] for place, one in at.items()}
    going.anchors.update({place: lake.standing(place).anchor for place in at})
    if moved:
        going.reading = frozenset(at)
        going.consumer.assign(list(ends))
        for place, one in at.items():
            going.consumer.seek(one, lake.standing(place).next)
    going.progress.looked_at = time.time()
    going.progress.take(lake, going.ends)


def _say(lake: Lake, place: Place, said: str, before: int) -> None:
    now = lake.standing(place)
    log.warning("a partition is not what it was", topic=place.topic, partition=place.partition, found=said)
    if said == "records_gone":
        lake.faults.append(f"records_gone {place.topic}-{place.partition} {before}-{now.next - 1}")


async def _gathered(consumer: AIOKafkaConsumer, pace: Pace) -> dict[TopicPartition, list[Any]]:
    """Records by partition: what comes within the time after the first, and no more than may be held."""
    if not consumer.assignment():
        await asyncio.sleep(pace.seconds)
        return {}
    left, wait = pace.records, pace.seconds
    found: dict[TopicPartition, list[Any]] = {}
    until = float("inf")
    while left > 0 and wait > 0:
        some = await consumer.getmany(timeout_ms=int(wait * 1000) + 1, max_records=left)
        if not some and not found:
            break
        for at, records in some.items():
            found.setdefault(at, []).extend(records)
            left -= len(records)
        until = min(until, time.monotonic() + pace.seconds)
        wait = until - time.monotonic()
    return found


async def _waited_for_disk(going: _Going, work: Callable[[], T]) -> T:
    """Does the work in a thread, again and again while the disk does not take it."""
    for attempt in range(1_000_000_000):
        try:
            done = await _whole(work)
        except OSError as trouble:
            going.progress.trouble = "disk_full" if trouble.errno in _FULL else "disk_trouble"
            log.warning("waiting for the disk", trouble=going.progress.trouble, errno=trouble.errno)
            await asyncio.sleep(_PAUSES[min(attempt, len(_PAUSES) - 1)])
        else:
            if attempt:
                going.progress.trouble = None
            return done
    raise AssertionError("unreachable")  # pragma: no cover


async def _whole(work: Callable[[], T]) -> T:
    """The work's result. When it is cancelled it first comes to its end: a file is not left to a thread."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def _tidy(going: _Going) -> None:
    """Merges what there is to merge, and clears what nobody reads any more."""
    lake = going.lake
    for job in merging.jobs(lake.folder, lake.running_month()):
        merging.do(lake.folder, job)
    sweep(lake.folder, time.time() - going.pace.grace_seconds)
