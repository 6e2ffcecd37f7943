"""One service as a process of its own, on engines of the bench's."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from deploy.embedded.ports import free_block
from tests.bench.door import Door
from tests.bench.history import ROOT
from tests.bench.product import Unmeasurable
from tests.tokens import believing


@asynccontextmanager
async def standing(
    words: Sequence[str], told: Mapping[str, Any], who: Mapping[str, str], seconds: float = 60.0
) -> AsyncIterator[Door]:
    """`python -m` these words with these settings, ready, until left; `who`: the header of who calls at its door.

    Raises Unmeasurable when it is not ready within so many seconds.
    """
    settings = believing() | dict(told) | {"port": free_block(1)[0]}
    environment = {**os.environ, "MALLOC_ARENA_MAX": "2"} | {name.upper(): str(one) for name, one in settings.items()}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *words, cwd=ROOT, env=environment,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    door = Door(f"http://127.0.0.1:{settings['port']}", who["Authorization"].removeprefix("Bearer "))
    try:
        await _ready(door, process, words[-1], seconds)
        yield door
    finally:
        door.close()
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _ready(door: Door, process: asyncio.subprocess.Process, name: str, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.returncode is None:
        try:
            if (await door.get("/health/ready"))[0] == 200:
                return
        except OSError:
            pass  # it does not listen yet
        await asyncio.sleep(0.2)
    raise Unmeasurable(f"{name} of the bench was not ready within {seconds:.0f} s.")
