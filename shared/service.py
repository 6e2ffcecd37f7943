"""A service as a whole: its parts, and what runs as long as it runs."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from faststream.kafka import KafkaBroker

from shared import logging
from shared.broker import broker, subscribe, topic_of
from shared.consuming import Progress, Reader, reading
from shared.counting import Measured, counting
from shared.kept import Kept
from shared.leading import Duty, Lead, lead
from shared.ledger.checkpoints import seal
from shared.ledger.clocks import watch
from shared.ledger.insist import Handle
from shared.ledger.lines import Language
from shared.ledger.model import Ledger, Letter
from shared.ledger.relay import relay
from shared.ledger.taking_up import take_up
from shared.looking import Patience, look, watch_over
from shared.measuring import Meters, Values
from shared.metrics import DELIVERY, PUBLISHED
from shared.offsets import Tools, end_offsets
from shared.pulse import Pulse
from shared.rereading import reread
from shared.settings import Settings
from shared.vocabulary import Vocabulary as Vocabulary  # the services name it from here

log = logging.get(__name__)


@dataclass
class Besides:
    """What a service has besides what all have: things for its own doors, parts that must be well for it to be ready,
    gauges it reads itself, work that every process does, and duties of the one that leads."""

    things: Any = None
    parts: dict[str, str] = field(default_factory=dict)
    readings: dict[str, Values] = field(default_factory=dict)
    work: dict[str, Callable[[], Coroutine[Any, Any, None]]] = field(default_factory=dict)
    duties: list[Duty] = field(default_factory=list)


@dataclass
class Service:
    """One process of a service."""

    settings: Settings
    ledger: Ledger
    handle: Handle
    vocabulary: Vocabulary
    measured: Measured = field(default_factory=Measured)
    outside: Mapping[str, Reader] = field(default_factory=dict)
    """Topics that systems outside put events on, and how those are read."""
    progress: Progress = field(default_factory=Progress)
    lead: Lead = field(default_factory=Lead)
    broker: KafkaBroker | None = None
    tools: Tools | None = None
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    besides: Besides = field(default_factory=Besides)

    def __post_init__(self) -> None:
        """Whoever handles, what is written is counted."""
        self.meters = Meters([*DELIVERY, *self.measured.measures])
        self.handle = counting(self.handle, self.meters, self.measured.count)
        self.pulse = Pulse(listens=bool(self.topics))

    @property
    def name(self) -> str:
        """The service's name: its topic, group, database and metrics carry it."""
        return self.ledger.service

    @property
    def language(self) -> Language:
        """How this service reads lines and commands."""
        return Language(self.vocabulary.commands, self.vocabulary.numbers, bytes.fromhex(self.settings.id_key))

    @property
    def read(self) -> Reader:
        """How this service reads letters."""
        return reading(self.vocabulary.hearing, self.outside)

    @property
    def topics(self) -> Sequence[str]:
        """What it listens to."""
        return [*(topic_of(name) for name in self.vocabulary.listens_to), *self.outside]

    async def reread(self, letters: Sequence[Letter]) -> list[Letter]:
        """Letters of systems outside, whole, from their own topics. Raises Away."""
        return await reread(self.settings.kafka_bootstrap_servers, letters)

    async def whole(self, letter: Letter) -> Letter:
        """The letter with what it holds, wherever that is. Raises Away."""
        return (await self.reread([letter]))[0] if letter.topic in self.outside else letter


async def start(service: Service) -> None:
    """Starts consuming and leading. Waits for the broker as long as it takes; readiness tells the state."""
    given = service.settings
    service.tools = Tools(given.kafka_bootstrap_servers)
    patience = Patience(given.stuck_seconds, given.watchdog_seconds)
    seen = partial(look, service.ledger, topic_of(service.name), service.topics, service.tools)
    running = {
        "listen": _listen(service, service.tools),
        "lead": lead(given.database_url, _duties(service), service.lead),
        "look": watch_over(seen, service.pulse, service.progress, patience),
    } | {name: work() for name, work in service.besides.work.items()}
    service.tasks = [asyncio.create_task(work, name=name) for name, work in running.items()]


def _duties(service: Service) -> list[Duty]:
    """What one process of the service does for all: relaying, sealing, looking at the terms."""
    given, ledger, add = service.settings, service.ledger, service.meters.add

    def published(facts: int, dead_letters: int) -> None:
        add(PUBLISHED, "facts", by=facts)
        add(PUBLISHED, "dead_letters", by=dead_letters)

    more: list[Duty] = []
    if service.outside:
        topics = list(service.outside)
        more.append(partial(take_up, service.handle, ledger, service.read, service.reread, topics, given.clock_seconds))
    seed, sealed = bytes.fromhex(given.signing_key), partial(add, PUBLISHED, "checkpoints")
    return [
        partial(relay, ledger, given.kafka_bootstrap_servers, topic_of(service.name), published),
        partial(seal, ledger, given.kafka_bootstrap_servers, seed, sealed),
        partial(watch, service.handle, ledger, given.clock_seconds),
        *more,
        *service.besides.duties,
    ]


async def _listen(service: Service, tools: Tools) -> None:
    """Connects to the broker, trying until it is there; then the subscriber runs by itself."""
    if not service.topics:
        return
    pause = 0.2
    while service.broker is None:
        try:
            # a broker of FastStream that cannot start leaves a producer open: it waits until there is one to talk to
            await end_offsets([topic_of(service.name)], tools)
            service.broker = await _hearing(service)
        except Exception as trouble:  # whatever keeps the broker away, trying again is the answer
            log.warning("the broker is not there yet", error=type(trouble).__name__, pause_seconds=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)


async def _hearing(service: Service) -> KafkaBroker:
    """A broker that hears what this service is to hear. What it opened is closed again when it cannot start."""
    candidate = broker(service.settings.kafka_bootstrap_servers)
    subscribe(
        candidate,
        service.topics,
        service.ledger,
        service.handle,
        service.read,
        service.vocabulary.hearing.about_no_case,
        service.progress,
        service.settings.instance or None,
    )
    try:
        await candidate.start()
    except Exception:
        with suppress(Exception):
            await candidate.stop()
        raise
    return candidate


async def stop(service: Service) -> None:
    """Stops in order: no more hearing, no more leading, then the connections."""
    if service.broker is not None:
        await service.broker.stop()
    for task in service.tasks:
        task.cancel()
    await asyncio.gather(*service.tasks, return_exceptions=True)
    for one in service.kept:
        await one.close()
    if service.tools is not None:
        await service.tools.close()
    await service.ledger.close()
