"""Engines of the bare pipeline's own: the very programs, settings and disk that the product gets, on other ports."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from deploy.embedded import databases, kafka, postgres, topics
from deploy.embedded.__main__ import ready
from deploy.embedded.parts import Start, cache_folder
from deploy.embedded.ports import free_block
from tests.bench.bare.run import Engines
from tests.bench.history import ROOT
from tests.bench.usage import family

SCRATCH = ROOT / ".test-data"


@contextmanager
def scratch() -> Iterator[Path]:
    """A fresh folder on the disk of the checkout (a folder in memory would make every flush free)."""
    SCRATCH.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=SCRATCH))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def engines(folder: Path) -> AsyncIterator[Engines]:
    """Kafka and PostgreSQL on this folder, stopped at the end. Raises Halt with a sentence when they do not start."""
    cache = cache_folder()
    await asyncio.to_thread(ready, cache)
    ports = free_block(3)
    server = postgres.server(folder / "postgres", ports[2])
    starts = [
        kafka.prepare(folder / "kafka", folder / "kafka.log", ports[0], ports[1], cache),
        postgres.prepare(server, folder / "postgres.log"),
    ]
    with _started(starts[0]) as broker, _started(starts[1]) as database:
        bootstrap = f"127.0.0.1:{ports[0]}"
        await (await databases.connect(server.url())).close()
        await topics.create(bootstrap, {"bare.ready": 1})
        yield Engines(bootstrap, server.url(), lambda: processes(broker.pid, database.pid))


def processes(broker: int, database: int) -> Mapping[int, str]:
    """The processes of both engines by kind."""
    found = {process.pid: "kafka" for process in family(broker)}
    return found | {process.pid: "postgresql" for process in family(database)}


@contextmanager
def _started(start: Start) -> Iterator[subprocess.Popen[bytes]]:
    user, group = start.owner or (None, None)
    with start.log.open("ab") as log:
        process = subprocess.Popen(
            start.argv,
            env=dict(start.env),
            stdout=log,
            stderr=log,
            user=user,
            group=group,
            extra_groups=[] if start.owner else None,
            cwd="/",
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.send_signal(start.stop_signal)
        try:
            process.wait(start.stop_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
