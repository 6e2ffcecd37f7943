"""Sends the history: service after service, in groups of dossiers that follow one another as on a conveyor.

What a group's decisions rest on has arrived before it is sent on. Services that rest on nobody come first and get the
whole file in its order, one request at a time: what a person's dossiers are to each other follows from that order.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import BinaryIO
from uuid import UUID, uuid5

from overdracht.doors import Door, Doors, Json, Problem, put_facts
from overdracht.importing.arriving import Arrivals
from overdracht.importing.checking import of_line
from overdracht.importing.plan import GROUPS, LANES, Plan
from overdracht.importing.progress import Lane, Progress, save
from overdracht.importing.reading import Again
from overdracht.importing.rejects import entry
from overdracht.importing.scanning import Chunk, Scan, chunks
from overdracht.output import FINDINGS, Meter, Stop
from overdracht.patience import patiently

_READ_AHEAD = 2
_AT_ONCE = 2
"""Requests under way at one service."""
Lanes = Sequence[int]


@dataclass
class Job:
    """All that sending needs. `clock` is the moment this run began, less what earlier runs took."""

    text: Again
    plan: Plan
    scan: Scan
    doors: Doors
    progress: Progress
    kept_in: Path
    rejects: BinaryIO
    patience: float
    meter: Meter
    clock: float
    turns: dict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    """A service takes one group at a time."""

    def keep(self) -> None:
        """Rejects first, then the progress that knows their size."""
        self.rejects.flush()
        self.progress.rejects = self.rejects.tell()
        self.progress.seconds = monotonic() - self.clock
        save(self.kept_in, self.progress)


async def send(job: Job) -> None:
    """All lines; returns when every one is answered. A large file is one group: reading it again costs too much."""
    numbered = list(enumerate(job.plan.phases))
    for number, _ in numbered:
        if number in job.plan.in_order:
            await _phase(job, number, [0])
    later = [(number, service) for number, service in numbered if number not in job.plan.in_order]
    count = GROUPS if job.text.held else 1
    try:
        async with asyncio.TaskGroup() as together:
            for group in range(count):
                lanes = range(LANES * group // count, LANES * (group + 1) // count)
                together.create_task(_group(job, later, lanes))
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None


async def _group(job: Job, phases: list[tuple[int, str]], lanes: Lanes) -> None:
    """A group goes from service to service; each gets it when what its decisions rest on has arrived there."""
    arrivals = Arrivals(job.doors, job.patience, job.meter.say)
    for number in job.plan.in_order:
        await arrivals.note(job.plan.phases[number])
    for number, service in phases:
        if not job.scan.in_lanes(number, lanes):
            continue
        await arrivals.at(service, job.plan.rests_on[service])
        await _phase(job, number, lanes)
        await arrivals.note(service)


async def _phase(job: Job, number: int, lanes: Lanes) -> None:
    service = job.plan.phases[number]
    kept = {lane: job.progress.lane(service, lane) for lane in lanes}
    total = job.scan.in_lanes(number, lanes)
    if sum(lane.lines for lane in kept.values()) == total:
        return
    queues: dict[int, asyncio.Queue[Chunk | None]] = {lane: asyncio.Queue(_READ_AHEAD) for lane in lanes}
    at_once = asyncio.Semaphore(_AT_ONCE)
    try:
        async with job.turns[service], asyncio.TaskGroup() as together:
            together.create_task(_read(job, number, queues, kept))
            for lane, queue in queues.items():
                together.create_task(_lane(job, job.doors[service], kept[lane], queue, at_once))
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None


async def _read(
    job: Job, phase: int, queues: Mapping[int, "asyncio.Queue[Chunk | None]"], kept: Mapping[int, Lane]
) -> None:
    sent = {lane: one.sent for lane, one in kept.items()}
    for chunk in chunks(job.text, job.scan.routes, phase, list(queues)):
        if chunk.number >= sent[chunk.lane]:
            await queues[chunk.lane].put(chunk)
    for queue in queues.values():
        await queue.put(None)


async def _lane(
    job: Job, door: Door, lane: Lane, queue: "asyncio.Queue[Chunk | None]", at_once: asyncio.Semaphore
) -> None:
    while chunk := await queue.get():
        key = str(uuid5(UUID(job.progress.id), f"{door.service}/{chunk.lane}/{chunk.number}"))
        async with at_once:
            answers = await _send(job, door, chunk, key)
        lane.sent += 1
        _count(job, lane, chunk, answers)
        job.keep()
        job.meter.add(len(answers), door.service)


async def _send(job: Job, door: Door, chunk: Chunk, key: str) -> list[Json]:
    body = b"\n".join(chunk.lines) + b"\n"
    try:
        return await patiently(lambda: put_facts(door, body, len(chunk.lines), key), job.patience, job.meter.say)
    except Problem as no:
        raise Stop(
            f"{no.service} neemt het verzoek niet aan (HTTP {no.status} {no.code}).",
            f"{no.service} does not take the request (HTTP {no.status} {no.code})",
            FINDINGS,
        ) from None


def _count(job: Job, lane: Lane, chunk: Chunk, answers: list[Json]) -> None:
    for number, line, answer in zip(chunk.numbers, chunk.lines, answers, strict=True):
        status = answer["status"]
        if status == "accepted":
            lane.accepted += 1
        elif status == "duplicate":
            lane.duplicates += 1
        else:
            lane.rejected += 1
            job.rejects.write(entry(number, of_line(line, answer)))
