"""A service as a whole: its parts, and what runs as long as it runs."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from aiokafka import TopicPartition
from faststream.kafka import KafkaBroker

from shared import logging
from shared.broker import Tools, broker, lags, subscribe, topic_of
from shared.consuming import Progress, Reader, reader
from shared.leading import lead
from shared.ledger.checkpoints import seal
from shared.ledger.clocks import watch
from shared.ledger.insist import Handle
from shared.ledger.lines import Language
from shared.ledger.model import Ledger
from shared.ledger.relay import relay
from shared.settings import Settings
from shared.vocabulary import Vocabulary as Vocabulary  # the services name it from here

log = logging.get(__name__)


@dataclass
class Service:
    """One process of a service."""

    settings: Settings
    ledger: Ledger
    handle: Handle
    vocabulary: Vocabulary
    progress: Progress = field(default_factory=Progress)
    broker: KafkaBroker | None = None
    tools: Tools | None = None
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)

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
        return reader(self.vocabulary.hearing)

    @property
    def topics(self) -> Sequence[str]:
        """What it listens to."""
        return [topic_of(name) for name in self.vocabulary.listens_to]


async def start(service: Service) -> None:
    """Starts consuming and leading. Waits for the broker as long as it takes; readiness tells the state."""
    service.tools = Tools(service.settings.kafka_bootstrap_servers)
    service.tasks = [
        asyncio.create_task(_listen(service), name="listen"),
        asyncio.create_task(
            lead(
                service.settings.database_url,
                [
                    partial(
                        relay,
                        service.ledger,
                        service.settings.kafka_bootstrap_servers,
                        topic_of(service.name),
                    ),
                    partial(
                        seal,
                        service.ledger,
                        service.settings.kafka_bootstrap_servers,
                        bytes.fromhex(service.settings.signing_key),
                    ),
                    partial(watch, service.handle, service.ledger, service.settings.clock_seconds),
                ],
            ),
            name="lead",
        ),
    ]


async def _listen(service: Service) -> None:
    """Connects to the broker, trying until it is there; then the subscriber runs by itself."""
    if not service.topics:
        return
    pause = 0.2
    while True:
        candidate = broker(service.settings.kafka_bootstrap_servers)
        subscribe(
            candidate,
            service.topics,
            service.ledger,
            service.handle,
            service.vocabulary.hearing,
            service.progress,
        )
        try:
            await candidate.start()
        except Exception as trouble:  # whatever keeps the broker away, trying again is the answer
            log.warning("the broker is not there yet", error=type(trouble).__name__, pause_seconds=pause)
            with suppress(Exception):
                await candidate.stop()
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)
        else:
            service.broker = candidate
            return


async def stop(service: Service) -> None:
    """Stops in order: no more hearing, no more leading, then the connections."""
    if service.broker is not None:
        await service.broker.stop()
    for task in service.tasks:
        task.cancel()
    await asyncio.gather(*service.tasks, return_exceptions=True)
    if service.tools is not None:
        await service.tools.close()
    await service.ledger.engine.dispose()


async def broker_lags(service: Service) -> dict[TopicPartition, int]:
    """Records not handled yet, per topic and partition."""
    if not service.topics or service.tools is None:
        return {}
    return await lags(service.name, service.topics, service.tools)
