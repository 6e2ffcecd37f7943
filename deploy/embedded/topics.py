"""The topics of the product, made when they are missing. Facts are kept for ever: a topic is a log, not a queue."""

import asyncio
import logging
import time
from collections.abc import Iterable

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from deploy.embedded.parts import Halt

PARTITIONS = 3
KEPT = {"cleanup.policy": "delete", "retention.ms": "-1"}
UP_SECONDS = 60.0


def wanted(services: Iterable[str]) -> dict[str, int]:
    """Topic -> number of partitions. The checkpoints of a service must stay in order: one partition."""
    named = {f"overdracht.{service}{kind}": PARTITIONS for service in services for kind in ("", ".dead-letter")}
    return named | {"overdracht.checkpoints": 1}


async def create(bootstrap_servers: str, topics: dict[str, int], within: float = UP_SECONDS) -> list[str]:
    """Makes the missing topics as soon as the broker answers; the names of those made. Raises Halt."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # a broker that is still starting is no news
    until = time.monotonic() + within
    while True:
        try:
            return await _create(bootstrap_servers, topics)
        except (KafkaError, OSError, TimeoutError) as trouble:
            why = type(trouble).__name__
        if time.monotonic() > until:
            raise Halt(
                f"Kafka op {bootstrap_servers} antwoordt na {within:.0f} s niet ({why}): zie het logboek van kafka, "
                "of KAFKA_BOOTSTRAP_SERVERS.",
                f"Kafka at {bootstrap_servers} does not answer after {within:.0f} s ({why}): see kafka's log, "
                "or KAFKA_BOOTSTRAP_SERVERS.",
            )
        await asyncio.sleep(0.1)


async def _create(bootstrap_servers: str, topics: dict[str, int]) -> list[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers, request_timeout_ms=10_000)
    try:
        await admin.start()
        missing = sorted(set(topics) - set(await admin.list_topics()))
        if missing:
            replicas = min(3, len((await admin.describe_cluster())["brokers"]))
            made = [NewTopic(name, topics[name], replicas, topic_configs=KEPT) for name in missing]
            for _name, code, *_ in (await admin.create_topics(made)).topic_errors:
                if code and for_code(code) is not TopicAlreadyExistsError:
                    raise for_code(code)()
        return missing
    finally:
        await admin.close()
