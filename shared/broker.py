"""The broker: the one place that names how we consume, so that no default of a library can lose a hand-off.

FastStream's own defaults acknowledge first and start at the newest record; both lose events. Here: start at the
earliest, acknowledge by hand after the commit, and a batch that is not handled is not acknowledged.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from aiokafka import ConsumerRebalanceListener, TopicPartition
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.annotations import KafkaMessage
from faststream.message import StreamMessage

from shared import logging
from shared.consuming import Progress, Reader, consume
from shared.ledger.insist import Handle
from shared.ledger.model import Ledger

log = logging.get(__name__)
_POLL_MS = 10
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
    read: Reader,
    passed: frozenset[str],
    progress: Progress,
    instance: str | None,
) -> None:
    """Hears these topics in batches, as the consumer group named after the service; not the facts that are `passed`."""

    async def raw(message: StreamMessage[Any]) -> Any:
        return message.body

    @to.subscriber(
        *topics,
        group_id=ledger.service,
        group_instance_id=instance,
        batch=True,
        max_records=2_000,
        batch_timeout_ms=_POLL_MS,
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.NACK_ON_ERROR,
        decoder=raw,
        max_poll_interval_ms=3_600_000,
        session_timeout_ms=10_000,
        listener=_Given(progress),
    )
    async def hear(message: KafkaMessage) -> None:
        records: Any = message.raw_message
        try:
            await consume(handle, ledger, read, passed, progress, records)
        except Exception:
            # the batch is not acknowledged and comes again; the pause keeps a fault of ours from spinning
            log.exception("a batch broke", records=len(records))
            await asyncio.sleep(1)
            raise


class _Given(ConsumerRebalanceListener):  # type: ignore[misc]  # the library wants its own kind
    """Keeps which partitions this process has; while the group settles it has none."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """The group settles anew."""
        self._progress.assigned = None

    def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """What this process is to handle; nothing, when there are more processes than partitions."""
        self._progress.assigned = frozenset(assigned)
