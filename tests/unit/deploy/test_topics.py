"""Topics are named in one place, and every service finds there what it writes and reads."""

import asyncio
import os
import subprocess
import sys
from importlib import import_module

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from deploy.embedded.topics import KEPT, REPLICATION, create, kept, owners, wanted
from schemas.sources import reported_to
from shared.broker import topic_of
from shared.ledger.checkpoints import TOPIC as CHECKPOINTS
from tests.builders import ROOT
from tests.integration.world import delete_topics

BENEFITS = "overdracht.benefits"
SERVICES = ("intake", "diagnosis", "referral", "outcome")


def test_every_service_owns_its_topic_and_its_dead_letters_and_hears_topics_that_are_there() -> None:
    owner = owners()
    for service in SERVICES:
        assert owner[topic_of(service)] == owner[f"{topic_of(service)}.dead-letter"] == service
        for other in import_module(f"services.{service}.hearing").LISTENS_TO:
            assert topic_of(other) in owner
        for told in reported_to(service):
            assert owner[told.topic] not in SERVICES
            assert told.topic in wanted([service])
    outside = {told.topic for service in SERVICES for told in reported_to(service)}
    assert len(owner) == 2 * len(SERVICES) + 1 + len(outside)


def test_what_must_stay_in_order_has_one_partition_and_nothing_is_ever_thrown_away() -> None:
    own = {"overdracht.intake": 3, "overdracht.intake.dead-letter": 3, CHECKPOINTS: 1}
    assert wanted(["intake"]) == own | {BENEFITS: 3}
    assert [name for name in owners() if kept(name) != KEPT] == [BENEFITS]
    assert KEPT == {"cleanup.policy": "delete", "retention.ms": "-1"}
    assert REPLICATION == 3


def test_what_says_who_people_are_is_kept_for_thirty_days_and_no_longer() -> None:
    assert kept(BENEFITS) == {"cleanup.policy": "delete", "retention.ms": str(30 * 24 * 3_600 * 1_000)}
    assert set(wanted(SERVICES)) == set(owners())
    assert BENEFITS not in wanted(["diagnosis", "referral", "outcome"])


async def test_a_topic_is_made_with_its_own_term(bootstrap_servers: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        await delete_topics(admin, [BENEFITS] if BENEFITS in await admin.list_topics() else [])
        assert await create(bootstrap_servers, {BENEFITS: 1}) == [BENEFITS]
        [found] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, BENEFITS)])
        assert {entry[0]: entry[1] for entry in found.resources[0][4]}["retention.ms"] == "2592000000"
    finally:
        await admin.close()


async def test_missing_topics_are_made_as_they_are_to_be_and_those_there_are_let_be(bootstrap_servers: str) -> None:
    mine = {"t.new": 2, "t.old": 5}
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        await admin.create_topics([NewTopic("t.old", 1, 1)])
        while "t.old" not in await admin.list_topics():
            pass
        assert await create(bootstrap_servers, mine) == ["t.new"]
        assert await create(bootstrap_servers, mine) == []
        described = await admin.describe_topics(["t.new", "t.old"])
        assert {topic["topic"]: len(topic["partitions"]) for topic in described} == {"t.new": 2, "t.old": 1}
        [found] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, "t.new")])
        assert {entry[0]: entry[1] for entry in found.resources[0][4]}["retention.ms"] == "-1"
    finally:
        await admin.delete_topics(["t.new", "t.old"])
        await admin.close()


async def test_the_command_makes_every_topic_and_says_which(bootstrap_servers: str) -> None:
    program = [sys.executable, "-m", "deploy.embedded.topics"]
    given = {**os.environ, "KAFKA_BOOTSTRAP_SERVERS": bootstrap_servers}
    said = await asyncio.to_thread(subprocess.run, program, env=given, cwd=ROOT, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    assert set(owners()) <= set(await admin.list_topics())
    await admin.close()


def test_without_a_broker_the_command_says_so_and_what_to_do() -> None:
    program = [sys.executable, "-m", "deploy.embedded.topics"]
    done = subprocess.run(
        program, env={"PATH": os.environ["PATH"]}, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert "KAFKA_BOOTSTRAP_SERVERS" in done.stderr
    assert "Traceback" not in done.stderr
