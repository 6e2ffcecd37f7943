"""Looks at database and broker every second, so that readiness costs nothing; a process past help is ended."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from aiokafka import TopicPartition
from sqlalchemy import text

from shared import logging
from shared.consuming import Progress
from shared.ledger.model import Ledger
from shared.offsets import Tools, end_offsets, lags
from shared.pulse import OK, Look, Pulse

log = logging.get(__name__)
EXIT_STUCK = 70
"""How a process ends that has work, has all it needs, and does nothing: whoever supervises it starts it again."""
_LOOK_SECONDS = 5.0
_EVERY_SECONDS, _SOON_SECONDS = 1.0, 0.2
_LEDGER = text("""
    with mark as (select coalesce((select position from relay where name = 'topic'), 0) sent)
    select (select coalesce(max(position), 0) from event), (select sent from mark),
        (select extract(epoch from now() - recorded_at) from event
            where position > (select sent from mark) order by position limit 1)
""")


async def look(ledger: Ledger, own_topic: str, heard_topics: Sequence[str], tools: Tools) -> Look:
    """What can be seen now; takes no longer than a few seconds, and never raises."""
    (database, (position, sent, oldest_unsent)), (broker, behind) = await asyncio.gather(
        _database(ledger), _broker(ledger.service, own_topic, heard_topics, tools)
    )
    return Look(monotonic(), database, broker, position, sent, oldest_unsent, behind)


async def _database(ledger: Ledger) -> tuple[str, tuple[int, int, float | None]]:
    try:
        async with asyncio.timeout(_LOOK_SECONDS), ledger.single.connect() as tx:
            position, sent, age = (await tx.execute(_LEDGER)).one()
    except Exception:  # the answer to "how are you" is never an exception
        return "away", (0, 0, None)
    return OK, (position, sent, None if age is None else float(age))


async def _broker(
    group: str, own_topic: str, heard_topics: Sequence[str], tools: Tools
) -> tuple[str, dict[TopicPartition, int]]:
    try:
        async with asyncio.timeout(_LOOK_SECONDS):
            await end_offsets([own_topic], tools)
            return OK, await lags(group, heard_topics, tools) if heard_topics else {}
    except LookupError:
        return "topic_missing", {}
    except Exception:  # as above; the connection is made anew at the next look
        await tools.close()
        return "away", {}


@dataclass(frozen=True)
class Patience:
    """Seconds that work may wait untouched: before the service is not ready, and before the process ends."""

    ready: float
    exit: float


async def watch_over(take: Callable[[], Awaitable[Look]], pulse: Pulse, progress: Progress, patience: Patience) -> None:
    """Looks until cancelled: often while something is wrong, so that readiness is told as soon as it is there."""
    while True:
        pulse.see(await take(), progress)
        await asyncio.sleep(judge(pulse, progress, patience, monotonic()))


def judge(
    pulse: Pulse, progress: Progress, patience: Patience, now: float, leave: Callable[[int], object] = os._exit
) -> float:
    """Ends a process that is past help; else the seconds until the next look."""
    if pulse.is_hopeless(now, patience.exit):
        log.critical("the consumer is stuck; ending, to be started again", handled=progress.handled)
        sys.stdout.flush()
        leave(EXIT_STUCK)
    parts = pulse.parts(now, patience.ready, progress)
    soon = parts["consumer"] == "not_assigned" and parts["broker"] == OK
    return _SOON_SECONDS if soon else _EVERY_SECONDS
