"""Exports that somebody asked for: one under way at a time, each file there for an hour and then gone."""

import asyncio
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from services.insight.exports.exporting import Exported, Kind, check, export
from services.insight.exports.reading import Part
from shared import logging
from shared.ids import new_id

log = logging.get(__name__)
KEPT = timedelta(hours=1)
"""Single cases are in a file: it is there to be fetched, not to be kept here."""
SUFFIX: dict[Kind, str] = {"ocel-json": ".json", "ocel-sqlite": ".sqlite", "xes": ".xes"}
State = Literal["running", "ready", "failed"]


class Busy(Exception):  # noqa: N818 - an answer, not a fault
    """Another export is under way; `job_id` says which."""

    def __init__(self, job_id: str) -> None:
        super().__init__(job_id)
        self.job_id = job_id


class _Stopped(Exception):  # noqa: N818 - nobody waits for it any more
    """Ends the work between two batches."""


@dataclass
class Job:
    """An export, and how far it is. `exported` and `size` (bytes) once the whole file is there."""

    job_id: str
    kind: Kind
    part: Part
    file: Path
    events: int = 0
    exported: Exported | None = None
    size: int | None = None
    ended_at: datetime | None = None
    unwanted: bool = False

    @property
    def state(self) -> State:
        """How far it is."""
        return "running" if self.ended_at is None else "failed" if self.exported is None else "ready"

    @property
    def until(self) -> datetime | None:
        """When the file goes; None while it is being made."""
        return None if self.ended_at is None else self.ended_at + KEPT


@dataclass
class Jobs:
    """The exports of one process, in the order in which they were asked for."""

    lake: Path
    jobs: dict[str, Job] = field(default_factory=dict)
    task: "asyncio.Task[None] | None" = None

    @property
    def folder(self) -> Path:
        """Where the files are made: beside the lake's own, and no part of it."""
        return self.lake / "exports"

    def begin(self, kind: Kind, part: Part, compressed: bool) -> Job:
        """Starts an export. Raises Refused, and Busy while another is under way."""
        for other in self.jobs.values():
            if other.ended_at is None:
                raise Busy(other.job_id)
        job_id = new_id()
        file = self.folder / f"{job_id}{SUFFIX[kind]}{'.gz' if compressed else ''}"
        check(self.lake, kind, file, **vars(part))
        self.folder.mkdir(mode=0o700, exist_ok=True)
        job = self.jobs[job_id] = Job(job_id, kind, part, file)
        self.task = asyncio.create_task(self._make(job), name="export")
        return job

    def find(self, job_id: str) -> Job | None:
        """The export, if it is there and its hour is not over."""
        return self.jobs.get(job_id)

    async def drop(self, job: Job) -> None:
        """Stops it when it is under way, and removes its file. A next one can begin when this is over."""
        job.unwanted = True
        if job.ended_at is None and self.task is not None:
            await asyncio.wait([self.task])
        self._remove(job)

    def _remove(self, job: Job) -> None:
        self.jobs.pop(job.job_id, None)
        job.file.unlink(missing_ok=True)

    async def close(self) -> None:
        """Stops, and leaves no file behind."""
        for job in list(self.jobs.values()):
            await self.drop(job)
        forget(self.lake)

    async def _make(self, job: Job) -> None:
        try:
            job.exported = await asyncio.to_thread(self._export, job)
            job.size = job.file.stat().st_size
            log.info("export", kind=job.kind, municipality=job.part.municipality or "all", events=job.exported.events)
        except _Stopped:
            pass
        except Exception:  # whoever asked is told; the service goes on
            log.exception("an export could not be made")
        job.ended_at = datetime.now(UTC)
        asyncio.get_running_loop().call_later(KEPT.total_seconds(), self._remove, job)

    def _export(self, job: Job) -> Exported:
        def progress(events: int) -> None:
            if job.unwanted:
                raise _Stopped
            job.events = events

        return export(self.lake, job.kind, job.file, **vars(job.part), progress=progress)


def forget(lake: Path) -> None:
    """Removes what an earlier process left."""
    shutil.rmtree(lake / "exports", ignore_errors=True)
