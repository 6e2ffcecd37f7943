"""The product measured from outside: started by its supervisor, fed by its importer, watched as processes."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import psutil

from deploy.embedded.ports import free_block
from overdracht.output import Stop
from overdracht.product import Product, reach
from tests.bench.door import Door
from tests.bench.history import ROOT, SERVICES
from tests.bench.usage import Meter, Usage, family, postmasters

START_SECONDS = 120.0
PORTS = 20


class Unmeasurable(Exception):  # noqa: N818 - a sentence for the report
    """The product cannot be measured now; the text says why."""


@dataclass(frozen=True)
class Running:
    """A running product on its own data folder."""

    data: Path
    supervisor: int
    places: Product
    doors: Mapping[str, Door]


@dataclass(frozen=True)
class Imported:
    """One import. Seconds by the importer's own clock, from before it reads the file; `whole` is its process's life."""

    lines: int
    rejected: int
    answered_seconds: float
    handled_seconds: float
    whole_seconds: float
    usage: Usage


@asynccontextmanager
async def product(data: Path) -> AsyncIterator[Running]:
    """The product on a fresh folder and free ports, ready; stopped at the end. Raises Unmeasurable."""
    log = data.parent / f"{data.name}.log"
    supervisor = _started(data, log)
    try:
        places = await _ready(supervisor, data, log)
        doors = {name: Door(url, places.token) for name, url in places.services.items()}
        yield Running(data, supervisor.pid, places, doors)
        for door in doors.values():
            door.close()
    finally:
        await asyncio.to_thread(_stop, supervisor)


def bring_in(running: Running, file: Path, beside: Callable[[], None] | None = None) -> Imported:
    """Import a file as a user does. `beside` is called just before. Raises Unmeasurable when it does not go well."""
    command = [sys.executable, "-m", "overdracht", "import", str(file), "--data", str(running.data), "--json"]
    before, began = _children_cpu(), time.perf_counter()
    if beside:
        beside()
    with Meter(lambda: processes(running)) as meter:
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=3600, check=False)
    whole = time.perf_counter() - began
    result = _result(ended)
    used = meter.usage()
    cpu = used.cpu_seconds | {"importer": _children_cpu() - before}
    return Imported(
        lines=result["accepted"],
        rejected=result["rejected"],
        answered_seconds=result["seconds"],
        handled_seconds=result["seconds_until_arrived"],
        whole_seconds=whole,
        usage=Usage(cpu, used.peak_mb, used.together_mb),
    )


def services(running: Running) -> dict[str, int]:
    """The pid of each service's process."""
    return {kind: pid for pid, kind in processes(running).items() if kind in SERVICES}


def processes(running: Running) -> dict[int, str]:
    """Everything that makes up the running product, the importer included: pid to kind."""
    found: dict[int, str] = {}
    for process in family(running.supervisor):
        with suppress(psutil.NoSuchProcess):
            found[process.pid] = "supervisor" if process.pid == running.supervisor else _kind(process)
    for pid in postmasters(running.data):
        found |= {process.pid: "postgresql" for process in family(pid)}
    for process in family(os.getpid())[1:]:
        with suppress(psutil.NoSuchProcess):
            if process.pid not in found and "import" in process.cmdline():
                found[process.pid] = "importer"
    return found


def _kind(process: psutil.Process) -> str:
    command = process.cmdline()
    name = Path(command[0]).name if command else ""
    if name.startswith("postgres"):
        return "postgresql"
    if name == "java":
        return "kafka"
    module = next((part for part in command if part.startswith("services.")), "")
    return module.removeprefix("services.").partition(".")[0] or "other"


def _result(ended: subprocess.CompletedProcess[bytes]) -> dict[str, Any]:
    try:
        result: dict[str, Any] = orjson.loads(ended.stdout)
    except orjson.JSONDecodeError:
        raise Unmeasurable(f"The import ended with {ended.returncode}: {_last(ended.stderr.decode())}") from None
    return result


def _last(said: str) -> str:
    return (said.strip() or "it said nothing").splitlines()[-1]


def _last_line(log: Path) -> str:
    return _last(log.read_text())


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _started(data: Path, log: Path) -> subprocess.Popen[bytes]:
    data.mkdir(parents=True)
    command = [sys.executable, "-m", "overdracht", "run", "--data", str(data)]
    command += ["--port-base", str(free_block(PORTS)[0])]
    with log.open("wb") as said:
        return subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said, start_new_session=True)


async def _ready(supervisor: subprocess.Popen[bytes], data: Path, log: Path) -> Product:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if supervisor.poll() is not None:
            raise Unmeasurable(f"The product did not start (exit {supervisor.returncode}): {_last_line(log)}")
        with suppress(Stop, ImportError, OSError):
            places = reach(data)
            if await _all_ready(places):
                return places
        await asyncio.sleep(0.2)
    raise Unmeasurable(f"The product was not ready within {START_SECONDS:.0f} s.")


async def _all_ready(places: Product) -> bool:
    doors = [Door(url) for url in places.services.values()]
    answers = await asyncio.gather(*(door.get("/health/ready") for door in doors))
    for door in doors:
        door.close()
    return all(status == 200 for status, _ in answers)


async def settled(doors: Sequence[Door], seconds: float = 60.0) -> bool:
    """Whether nothing is under way any more, twice in a row, within so many seconds."""
    before: object = None
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        states = await asyncio.gather(*(door.json("/v1/status") for door in doors))
        still = all(one["ready"] and not (one["unsent"] or one["lag"] or one["busy"]) for one in states)
        marks = [(one["position"], one["handled"]) for one in states]
        if still and marks == before:
            return True
        before = marks if still else None
        await asyncio.sleep(0.1)
    return False


def _stop(supervisor: subprocess.Popen[bytes]) -> None:
    """As Ctrl-C does; firmly, with all that it started, when it does not end."""
    started = family(supervisor.pid)
    if supervisor.poll() is None:
        supervisor.send_signal(signal.SIGINT)
    try:
        supervisor.wait(60)
    except subprocess.TimeoutExpired:
        supervisor.kill()
        supervisor.wait()
    for process in started:
        with suppress(psutil.NoSuchProcess):
            if process.is_running() and process.pid != supervisor.pid:
                process.kill()
