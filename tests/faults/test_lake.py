"""The broker dies while the lake follows, and comes back: as it was, and with an empty disk."""

import asyncio
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded import kafka, topics
from deploy.embedded.parts import cache_folder
from deploy.embedded.ports import free_block
from tests.integration.lake_world import Following, counted, followed, publish
from tests.lakes import event

TOPICS = {f"overdracht.{service}": 3 for service in ("intake", "diagnosis", "referral", "outcome")}


class Broker:
    """A broker of the test's own, to be killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = free_block(2)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        """Where it is."""
        return f"127.0.0.1:{self.ports[0]}"

    async def start(self) -> None:
        """Starts it, and makes the topics that are not there."""
        process, log = self._run()
        for _ in range(600):
            try:
                await topics.create(self.bootstrap, TOPICS)
            except Exception:
                assert process.poll() is None, log.read_text()[-2_000:]
                await asyncio.sleep(0.1)
            else:
                return
        raise AssertionError("the broker does not start")

    def _run(self) -> "tuple[subprocess.Popen[bytes], Path]":
        start = kafka.prepare(self.folder, self.folder.with_suffix(".log"), *self.ports, cache_folder())
        with start.log.open("ab") as log:
            self.process = subprocess.Popen(start.argv, env=dict(start.env), stdout=log, stderr=log, cwd="/")
        return self.process, start.log

    def kill(self) -> None:
        """It is gone at once."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def wipe(self) -> None:
        """Nothing is left of what it had."""
        shutil.rmtree(self.folder)


@pytest.fixture
def broker(data_folder: Path) -> Iterator[Broker]:
    one = Broker(data_folder / "lake-broker")
    try:
        yield one
    finally:
        one.kill()


def well(one: Following) -> bool:
    return one.progress.trouble is None and one.progress.lag == 0


async def test_a_broker_that_dies_is_waited_for_and_one_that_lost_its_disk_is_told_from_it(
    broker: Broker, tmp_path: Path
) -> None:
    told = [event(n, number=n % 10, version=(n - 1) // 10 + 1) for n in range(1, 101)]
    await broker.start()
    await publish(broker.bootstrap, [*told[:50], *told[40:50]])
    async with followed(tmp_path, broker.bootstrap) as one:
        await one.caught_up(50)
        broker.kill()
        await one.until(lambda o: o.progress.trouble == "broker_away", 60)
        assert counted(tmp_path) == (50, 50)

        await broker.start()
        await publish(broker.bootstrap, told[50:70])
        await one.caught_up(70)
        assert {place.epoch for place in one.progress.places.values()} == {0}

        broker.kill()
        broker.wipe()
        await broker.start()
        await one.until(lambda o: any(p.status == "topic_shorter_than_lake" for p in o.progress.places.values()), 60)
        await publish(broker.bootstrap, told)
        await one.caught_up(100)
        await one.until(well)
        assert sorted(one.heard) == [("referral", n) for n in range(1, 101)]
    assert counted(tmp_path) == (100, 100)
