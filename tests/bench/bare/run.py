"""The bare pipeline measured: some passes of the same history on the same engines, each checked."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.bench.bare.driver import Door, Fed, check, doors, feed
from tests.bench.history import Line
from tests.bench.usage import Meter, Usage


@dataclass(frozen=True)
class Engines:
    """Where the broker and the database answer; `find` names their processes (pid to kind), if they are ours."""

    bootstrap: str
    admin_url: str
    find: Callable[[], Mapping[int, str]]


@dataclass
class Measured:
    """Passes of one kind: how fast each was, and what each used."""

    fed: list[Fed] = field(default_factory=list)
    used: list[Usage] = field(default_factory=list)


async def run(engines: Engines, lines: Sequence[Line], warm: Sequence[Line], *, passes: int) -> dict[bool, Measured]:
    """Passes with and without the full envelope, in turn. The key says whether it was full."""
    measured = {False: Measured(), True: Measured()}
    for _ in range(passes):
        for enveloped, found in measured.items():
            fed, used = await one_pass(engines, lines, warm, enveloped=enveloped)
            found.fed.append(fed)
            found.used.append(used)
    return measured


async def one_pass(
    engines: Engines, lines: Sequence[Line], warm: Sequence[Line], *, enveloped: bool
) -> tuple[Fed, Usage]:
    """One pass in fresh databases, topics and processes, warmed up first. AssertionError when an event is missing."""
    async with doors(engines.admin_url, engines.bootstrap, str(time.time_ns()), enveloped=enveloped) as running:
        await feed(running, warm)
        with _metered(engines, running) as meter:
            fed = await feed(running, lines, warm)
        await check(engines.admin_url, [*warm, *lines])
    return fed, meter.usage()


@contextmanager
def _metered(engines: Engines, running: Sequence[Door]) -> Iterator[Meter]:
    """The processes are looked up once: none comes or goes during a pass, and looking takes time from it."""
    own = {door.pid: door.service for door in running} | {os.getpid(): "driver"}
    known = own | dict(engines.find())
    with Meter(lambda: known) as meter:
        yield meter
