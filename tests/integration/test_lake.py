"""The lake follows a real Kafka: killed, wiped on either side, with a reader in it, each event is there once."""

import asyncio
import shutil
import signal
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiokafka.errors import KafkaTimeoutError

from services.insight.lake import following, writing
from services.insight.lake.folders import stored
from services.insight.lake.following import Pace, follow
from services.insight.lake.opening import opened
from services.insight.lake.progress import Progress
from services.insight.lake.writing import open_lake
from shared.envelope import Event
from shared.ledger import relay
from tests.integration.lake_world import QUICK, administered, alone, counted, followed, publish
from tests.integration.world import World, create_topics, delete_topics, fresh_topics, line, sent_line
from tests.lakes import KEY, SEALED, event, sequences
from tests.unit.shared.told import opening

PRACTICE = "overdracht.practice"


def some(first: int, last: int, service: str = "referral") -> list[Event]:
    """Events of ten cases, the versions of each without a gap."""
    fact = {"referral": "return_reviewed", "outcome": "step_reflected"}[service]
    return [
        event(n, fact, number=n % 10, version=(n - 1) // 10 + 1, service=service, lesson=SEALED)
        for n in range(first, last + 1)
    ]


@pytest.fixture
async def kafka(bootstrap_servers: str) -> AsyncIterator[str]:
    """A broker with the topics, empty."""
    await fresh_topics(bootstrap_servers)
    yield bootstrap_servers
    async with administered(bootstrap_servers) as admin:
        await delete_topics(admin, [name for name in await admin.list_topics() if name == PRACTICE])


async def test_what_is_on_the_topics_comes_into_the_lake_and_who_listens_hears_it(kafka: str, tmp_path: Path) -> None:
    await publish(kafka, some(1, 300))
    async with followed(tmp_path, kafka) as one:
        await one.caught_up(300)
        await publish(kafka, some(1, 40, "outcome"))
        await one.caught_up(340)
        assert one.progress.trouble is None
        assert {place.service for place in one.progress.places} == {"intake", "diagnosis", "referral", "outcome"}
        assert all(place.status == "ok" for place in one.progress.places.values())
        assert one.progress.written_at is not None
        assert sorted(one.heard) == sorted(
            [("referral", n) for n in range(1, 301)] + [("outcome", n) for n in range(1, 41)]
        )
    assert counted(tmp_path) == (340, 340)
    with opened(tmp_path) as connection:
        texts = f"select count(*) from '{tmp_path}/texts/*/*.parquet'"
        assert connection.sql(texts).fetchall() == [(340,)]


async def test_dead_letters_and_checkpoints_are_not_copied(kafka: str, tmp_path: Path) -> None:
    await publish(kafka, some(1, 5), "overdracht.referral.dead-letter")
    await publish(kafka, some(1, 5), "overdracht.checkpoints")
    await publish(kafka, some(1, 3))
    async with followed(tmp_path, kafka) as one:
        await one.caught_up(3)
    assert sequences(tmp_path) == [1, 2, 3]


async def test_killed_again_and_again_while_events_come_each_is_there_once(kafka: str, tmp_path: Path) -> None:
    publishing = asyncio.create_task(slowly(kafka, some(1, 2_000)))
    for _ in range(4):
        process = alone(tmp_path, kafka)
        before = len(stored(tmp_path, "events")) if (tmp_path / "events").exists() else 0
        for _ in range(1_500):
            if (tmp_path / "events").exists() and len(stored(tmp_path, "events")) > before + 2:
                break
            await asyncio.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
    await publishing
    async with followed(tmp_path, kafka) as one:
        await one.caught_up(2_000)
        assert one.progress.faults == []
    assert counted(tmp_path) == (2_000, 2_000)
    assert sequences(tmp_path, "texts") == list(range(1, 2_001))


async def slowly(bootstrap_servers: str, events: list[Event]) -> None:
    for start in range(0, len(events), 50):
        await publish(bootstrap_servers, events[start : start + 50])


async def test_a_reader_sees_no_event_twice_and_none_go_while_files_are_merged(kafka: str, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.append(counted(tmp_path))

    pace = Pace(records=10, seconds=0.001, look_seconds=0.5, tidy_seconds=0.0, grace_seconds=0.0)
    async with followed(tmp_path, kafka, pace) as one:
        reader = threading.Thread(target=read)
        reader.start()
        try:
            await slowly(kafka, some(1, 600))
            await one.caught_up(600)
        finally:
            stop.set()
            await asyncio.to_thread(reader.join)
    assert len(seen) > 5
    assert all(rows == different for rows, different in seen)
    assert [rows for rows, _ in seen] == sorted(rows for rows, _ in seen), "what was seen stays"
    assert len(stored(tmp_path, "events")) < 150
    assert counted(tmp_path) == (600, 600)


async def test_a_lake_that_was_wiped_is_made_again_from_the_topics(kafka: str, tmp_path: Path) -> None:
    await publish(kafka, some(1, 200))
    folder = tmp_path / "lake"
    async with followed(folder, kafka) as one:
        await one.caught_up(200)
    shutil.rmtree(folder)
    async with followed(folder, kafka) as one:
        await one.caught_up(200)
        assert len(one.heard) == 200
    assert counted(folder) == (200, 200)


async def test_a_broker_that_was_wiped_and_filled_again_adds_nothing_twice(kafka: str, tmp_path: Path) -> None:
    await publish(kafka, [*some(1, 100), *some(80, 100)])
    async with followed(tmp_path, kafka) as one:
        await one.caught_up(100)
        await fresh_topics(kafka)
        await one.until(lambda o: any(p.status == "topic_shorter_than_lake" for p in o.progress.places.values()))
        assert counted(tmp_path) == (100, 100)
        await publish(kafka, some(1, 130))
        await one.caught_up(130)
        await one.until(lambda o: all(p.status == "ok" for p in o.progress.places.values()))
        assert {p.epoch for place, p in one.progress.places.items() if place.service == "referral"} == {1}
        assert sorted(one.heard) == [("referral", n) for n in range(1, 131)]
    async with followed(tmp_path, kafka) as again:
        await publish(kafka, some(131, 140))
        await again.caught_up(140)
        assert again.progress.faults == []
        assert again.progress.counts["repeated"] >= 121
    assert sequences(tmp_path) == list(range(1, 141))


async def test_a_broker_that_was_wiped_while_nobody_followed_is_found_out(kafka: str, tmp_path: Path) -> None:
    await publish(kafka, [*some(1, 60), *some(1, 60)])
    async with followed(tmp_path, kafka) as one:
        await one.caught_up(60)
    await fresh_topics(kafka)
    await publish(kafka, some(1, 200))
    async with followed(tmp_path, kafka) as one:
        await one.caught_up(200)
        assert sorted(one.heard) == [("referral", n) for n in range(61, 201)]
    assert sequences(tmp_path) == list(range(1, 201))


async def test_the_relay_itself_fills_a_wiped_broker_and_the_lake_stays_right(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "_LOOK_SECONDS", 0.2)
    await world.tell(opening())
    await world.settled()
    await world.post_lines([sent_line()])
    async with followed(tmp_path, world.bootstrap_servers) as one:
        await one.until(lambda o: ("referral", 1) in o.heard)
        await fresh_topics(world.bootstrap_servers)
        accepted = line("referral_accepted", {"referral": "R-1", "coach": "co-1", "first_contact_on": "2026-03-09"})
        await world.post_lines([accepted])
        await one.until(lambda o: len([n for service, n in o.heard if service == "referral"]) == 3)
    with opened(tmp_path) as connection:
        query = "select fact from events where service = 'referral' order by sequence"
        facts = connection.sql(query).fetchall()
    assert facts == [("referral_sent",), ("referral_received",), ("referral_accepted",)]


async def test_a_topic_that_comes_later_is_followed_too(kafka: str, tmp_path: Path) -> None:
    async with followed(tmp_path, kafka) as one:
        await publish(kafka, some(1, 3))
        await one.caught_up(3)
        async with administered(kafka) as admin:
            await create_topics(admin, [PRACTICE])
        await publish(kafka, [event(1, "principle_stated", service="practice", principle="own_pace")])
        await one.caught_up(4)
        assert one.progress.counts["unknown_type:nl.overdrachten.principle_stated.v1"] == 1
        assert sum(place.next for where, place in one.progress.places.items() if where.service == "practice") == 1


async def test_a_full_disk_is_waited_for_and_said(kafka: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, full = writing.put, True

    def put(*values: object, **named: object) -> None:
        if full:
            raise OSError(28, "No space left on device")
        real(*values, **named)  # type: ignore[arg-type]

    async with followed(tmp_path, kafka) as one:
        monkeypatch.setattr(writing, "put", put)
        await publish(kafka, some(1, 20))
        await one.until(lambda o: o.progress.trouble == "disk_full")
        assert one.heard == []
        full = False
        await one.caught_up(20)
        assert one.progress.trouble is None
    assert counted(tmp_path) == (20, 20)


async def test_an_error_of_who_listens_is_not_taken_for_the_brokers(kafka: str, tmp_path: Path) -> None:
    async def told(_rows: object) -> None:
        raise KafkaTimeoutError

    await publish(kafka, some(1, 3))
    lake = open_lake(tmp_path, KEY)
    try:
        with pytest.raises(KafkaTimeoutError):
            await asyncio.wait_for(follow(lake, kafka, Progress(), told, QUICK), 30)
    finally:
        lake.close()
    assert len(sequences(tmp_path)) > 0, "what was not heard is in the files"


async def test_a_broker_that_is_not_there_is_waited_for_and_said(tmp_path: Path) -> None:
    async with followed(tmp_path, "127.0.0.1:1") as one:
        await one.until(lambda o: o.progress.trouble == "broker_away")
        assert one.progress.lag is None


async def test_told_to_stop_at_any_moment_it_stops(kafka: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await publish(kafka, some(1, 3))
    lake, real = open_lake(tmp_path, KEY), following.stand

    def stand(*values: Any) -> Any:
        task.cancel()  # a look that is just being finished is the moment at which a stop was lost
        return real(*values)

    monkeypatch.setattr(following, "stand", stand)
    task = asyncio.create_task(follow(lake, kafka, Progress(), pace=QUICK))
    try:
        await asyncio.wait([task], timeout=20)
        assert task.cancelled()
    finally:
        monkeypatch.undo()
        task.cancel()
        await asyncio.wait([task])
        lake.close()
