"""Sends the phases: two lanes, one request in flight in each, progress kept after every answer."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import BinaryIO
from uuid import UUID, uuid5

from overdracht.doors import Door, Doors, Json, Problem, put_facts
from overdracht.importing.checking import of_line
from overdracht.importing.plan import LANES, Plan
from overdracht.importing.progress import Lane, Progress, save
from overdracht.importing.rejects import entry
from overdracht.importing.scanning import Chunk, Scan, chunks
from overdracht.output import FINDINGS, Meter, Stop
from overdracht.patience import patiently, settled

_READ_AHEAD = 2


@dataclass
class Job:
    """All that sending needs. `clock` is the moment this run began, less what earlier runs took."""

    path: Path
    plan: Plan
    scan: Scan
    doors: Doors
    progress: Progress
    kept_in: Path
    rejects: BinaryIO
    patience: float
    meter: Meter
    clock: float

    def keep(self) -> None:
        """Rejects first, then the progress that knows their size."""
        self.rejects.flush()
        self.progress.rejects = self.rejects.tell()
        self.progress.seconds = monotonic() - self.clock
        save(self.kept_in, self.progress)


async def send(job: Job) -> None:
    """All phases, each after what its service's decisions rest on has arrived there; others catch up meanwhile."""
    begun = False
    for number, service in enumerate(job.plan.phases):
        total = job.scan.in_phase(number)
        if not total:
            continue
        others = job.plan.rests_on[service]
        if begun and others:
            concerned = {name: door for name, door in job.doors.items() if name == service or name in others}
            await settled(concerned, job.patience, job.meter.say, job.meter.text)
        begun = True
        await _phase(job, number, total)


async def _phase(job: Job, number: int, total: int) -> None:
    service = job.plan.phases[number]
    lanes = [job.progress.lane(service, lane) for lane in range(LANES)]
    if sum(lane.lines for lane in lanes) == total:
        return

    def show(count: int) -> None:
        done = sum(lane.lines for lane in lanes)
        job.meter.add(count, f"{service}: {done:,} of {total:,}")

    show(0)
    queues: list[asyncio.Queue[Chunk | None]] = [asyncio.Queue(_READ_AHEAD) for _ in range(LANES)]
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_read(job, number, queues, lanes))
            for lane, queue in zip(lanes, queues, strict=True):
                group.create_task(_lane(job, job.doors[service], lane, queue, show))
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None


async def _read(job: Job, phase: int, queues: list["asyncio.Queue[Chunk | None]"], lanes: list[Lane]) -> None:
    sent = [lane.sent for lane in lanes]
    for chunk in chunks(job.path, job.scan.routes, phase):
        if chunk.number >= sent[chunk.lane]:
            await queues[chunk.lane].put(chunk)
    for queue in queues:
        await queue.put(None)


async def _lane(
    job: Job, door: Door, lane: Lane, queue: "asyncio.Queue[Chunk | None]", show: Callable[[int], None]
) -> None:
    while chunk := await queue.get():
        key = str(uuid5(UUID(job.progress.id), f"{door.service}/{chunk.lane}/{chunk.number}"))
        answers = await _send(job, door, chunk, key)
        lane.sent += 1
        _count(job, lane, chunk, answers)
        job.keep()
        show(len(answers))


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
