"""The topics of deploy/kafka/topics.yaml, made when they are missing; `python -m deploy.embedded.topics` makes them."""

import asyncio
import logging
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from deploy.embedded.parts import CANNOT, Halt

FILE = Path(__file__).resolve().parents[1] / "kafka" / "topics.yaml"
UP_SECONDS = 60.0
_TOLD: dict[str, Any] = yaml.safe_load(FILE.read_text())
KEPT: dict[str, str] = _TOLD["config"]
REPLICATION: int = _TOLD["replication"]
SHARED = "every service"
"""The owner of a topic that is nobody's alone."""


def owners() -> dict[str, str]:
    """Topic -> the only one that writes there: a service, or a system outside."""
    return {topic["name"]: topic["owner"] for topic in _TOLD["topics"]}


def kept(name: str) -> dict[str, str]:
    """How a topic is kept; one that is not named here as all of them."""
    own: dict[str, str] = next((topic.get("config", {}) for topic in _TOLD["topics"] if topic["name"] == name), {})
    return {**KEPT, **own}


def wanted(services: Iterable[str]) -> dict[str, int]:
    """The topics that these services write, and those on which systems outside write to them, with their partitions."""
    mine = {*services, SHARED}
    return {
        topic["name"]: topic["partitions"]
        for topic in _TOLD["topics"]
        if topic["owner"] in mine or topic.get("heard_by") in mine
    }


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
            replicas = min(REPLICATION, len((await admin.describe_cluster())["brokers"]))
            made = [NewTopic(name, topics[name], replicas, topic_configs=kept(name)) for name in missing]
            for _name, code, *_ in (await admin.create_topics(made)).topic_errors:
                if code and for_code(code) is not TopicAlreadyExistsError:
                    raise for_code(code)()
        return missing
    finally:
        await admin.close()


def main() -> int:
    """Makes the topics on KAFKA_BOOTSTRAP_SERVERS. Exit code 0, or 3 with a sentence when it cannot be done."""
    try:
        made = asyncio.run(create(os.environ["KAFKA_BOOTSTRAP_SERVERS"], wanted(owners().values())))
    except (Halt, KeyError) as trouble:
        halt = trouble if isinstance(trouble, Halt) else Halt("Geef KAFKA_BOOTSTRAP_SERVERS.", "Set the variable.")
        print(halt.nl, halt.en, sep=os.linesep, file=sys.stderr)
        return CANNOT
    print(f"{len(made)} onderwerpen gemaakt · topics made: {', '.join(made) or '-'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
