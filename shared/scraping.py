"""A scrape: what was counted, what is read now, and the process itself, as Prometheus reads it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from time import monotonic

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import Metric

from shared import metrics as m
from shared.kept import Kept
from shared.ledger import figures
from shared.measuring import Meters, Readings, Values, families
from shared.offsets import oldest, standings
from shared.pulse import OK
from shared.service import Service

_BACKLOG_SECONDS, _CASES_SECONDS = 5.0, 30.0


def scraper(service: Service) -> Callable[[], Awaitable[bytes]]:
    """A function that answers a scrape; what costs the database or the broker something is kept for some seconds."""
    kept = (
        Kept(lambda: _ledger(service), _BACKLOG_SECONDS),
        Kept(lambda: _lag_age(service), _BACKLOG_SECONDS),
        Kept(lambda: _cases(service), _CASES_SECONDS),
    )
    service.kept += kept

    async def scrape() -> bytes:
        readings = dict(_own(service))
        for taken in await asyncio.gather(*(one.now() for one in kept)):
            readings |= taken
        return rendered(service.name, service.meters, readings)

    return scrape


def rendered(name: str, meters: Meters, readings: Readings) -> bytes:
    """All metrics and the process itself, as Prometheus reads them."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(Taken(families(name, meters, readings)))
    return generate_latest(registry)


def _own(service: Service) -> Readings:
    """What this process knows of itself, without asking anyone."""
    parts = service.pulse.parts(monotonic(), service.settings.stuck_seconds, service.progress) | service.besides.parts
    seen = service.pulse.look
    lags = seen.lags if seen is not None else {}
    found: dict[str, Values] = {
        m.READY.name: {(part,): float(code == OK) for part, code in parts.items()},
        m.LEADING.name: {(): float(service.lead.leads)},
        m.LEAD_LOST.name: {(): float(service.lead.lost)},
        m.HANDLED.name: {(result,): float(count) for result, count in service.progress.by_status.items()},
        m.LAG.name: {(place.topic, str(place.partition)): float(lag) for place, lag in lags.items()},
    }
    return found | service.besides.readings


async def _ledger(service: Service) -> Readings:
    async with service.ledger.single.connect() as tx:
        behind = await figures.backlog(tx)
        letters = await figures.letters(tx)
        parked = await figures.parked_cases(tx)
    waiting = [(reason, count, age) for status, reason, count, age in letters if status == "waiting"]
    return {
        m.UNSENT.name: {(): behind.unsent},
        m.UNSENT_AGE.name: {(): behind.oldest_unsent},
        m.UNSEALED.name: {(): behind.unsealed},
        m.UNSEALED_AGE.name: {(): behind.oldest_unsealed},
        m.UNPUBLISHED_CHECKPOINTS.name: {(): behind.unpublished_checkpoints},
        m.WAITING.name: {(reason,): count for reason, count, _ in waiting},
        m.WAITING_AGE.name: {(): max((age for _, _, age in waiting), default=0.0)},
        m.DEAD.name: {(reason,): count for status, reason, count, _ in letters if status == "dead"},
        m.PARKED.name: {(): parked},
    }


async def _lag_age(service: Service) -> Readings:
    """The broker is asked for a record only when one is waiting."""
    seen = service.pulse.look
    if seen is None or service.tools is None or seen.broker != OK:
        return {}
    came = None
    if any(seen.lags.values()):
        came = await oldest(await standings(service.name, service.topics, service.tools), service.tools)
    return {m.LAG_AGE.name: {(): 0.0 if came is None else max(0.0, time.time() - came)}}


async def _cases(service: Service) -> Readings:
    async with service.ledger.single.connect() as tx:
        open_cases = await figures.open_cases(tx)
        overdue = await figures.overdue_cases(tx)
    return {
        m.OPEN_CASES.name: {(days,): count for days, count in open_cases.items()},
        m.OVERDUE_CASES.name: {(turn,): count for turn, count in overdue.items()},
    }


class Taken:
    """A collector of metrics that were just taken."""

    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> list[Metric]:
        """What was taken."""
        return self._metrics
