"""A lake that follows real topics: in this process or in one that can be killed, and what a plain reader sees of it."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from services.insight.lake.following import Pace, follow
from services.insight.lake.progress import Progress
from services.insight.lake.writing import Lake, open_lake
from shared.envelope import Event, headers
from tests.builders import ROOT
from tests.lakes import KEY

QUICK = Pace(records=500, seconds=0.05, look_seconds=0.3, tidy_seconds=0.2, grace_seconds=0.5)
_ALONE = """
import asyncio, sys
from pathlib import Path
from services.insight.lake.following import Pace, follow
from services.insight.lake.progress import Progress
from services.insight.lake.writing import open_lake
lake = open_lake(Path(sys.argv[1]), bytes(range(32)))
pace = Pace(records=40, seconds=0.01, look_seconds=0.2, tidy_seconds=0.05)
asyncio.run(follow(lake, sys.argv[2], Progress(), pace=pace))
"""


@dataclass
class Following:
    """A lake while it is followed."""

    lake: Lake
    progress: Progress
    heard: list[tuple[str, int]] = field(default_factory=list)
    """Service and sequence of every row that was told."""
    task: "asyncio.Task[None] | None" = None

    async def told(self, rows: pa.Table) -> None:
        """Hears what was written."""
        self.heard += zip(rows["service"].to_pylist(), rows["sequence"].to_pylist(), strict=True)

    async def until(self, condition: Callable[["Following"], Any], seconds: float = 30) -> None:
        """Waits for a condition to hold."""
        for _ in range(int(seconds / 0.02)):
            if condition(self):
                return
            assert self.task is not None
            assert not self.task.done(), "it ended by itself"
            await asyncio.sleep(0.02)
        raise AssertionError(f"what was waited for did not come: {self.progress.told()}")

    async def caught_up(self, rows: int) -> None:
        """Waits until so many events are in the lake and nothing is left on the topics."""
        await self.until(lambda one: one.progress.counts.get("rows", 0) >= rows and one.progress.lag == 0)


@asynccontextmanager
async def followed(folder: Path, bootstrap_servers: str, pace: Pace = QUICK) -> AsyncIterator[Following]:
    """A lake that follows, within this."""
    one = Following(open_lake(folder, KEY), Progress())
    one.task = task = asyncio.create_task(follow(one.lake, bootstrap_servers, one.progress, one.told, pace))
    try:
        yield one
        if task.done():
            await task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        one.lake.close()


def alone(folder: Path, bootstrap_servers: str) -> "subprocess.Popen[bytes]":
    """A process that follows, to be killed."""
    return subprocess.Popen([sys.executable, "-c", _ALONE, str(folder), bootstrap_servers], cwd=ROOT)


@asynccontextmanager
async def administered(bootstrap_servers: str) -> AsyncIterator[AIOKafkaAdminClient]:
    """A client that makes and deletes topics."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


async def publish(bootstrap_servers: str, events: Sequence[Event], topic: str = "") -> None:
    """Puts events on their topics as a relay does: in order, each on its case's partition."""
    async with AIOKafkaProducer(bootstrap_servers=bootstrap_servers, enable_idempotence=True) as producer:
        sent = [
            await producer.send(
                topic or f"overdracht.{one.source.rpartition('-')[2]}",
                one.data,
                key=one.subject.encode(),
                headers=headers(one),
            )
            for one in events
        ]
        await asyncio.gather(*sent)


def counted(folder: Path) -> tuple[int, int]:
    """How many events a plain reader sees, and how many of them are different."""
    query = f"select count(*), count(distinct (service, sequence)) from '{folder}/events/*/*.parquet'"
    while True:
        with duckdb.connect() as connection:
            try:
                return connection.sql(query).fetchall()[0]
            except duckdb.IOException:
                continue  # a merge came between listing and opening: the reader is told so, and asks again
