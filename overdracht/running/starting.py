"""Brings the product up, in order, and down again; says what it does and stops with a sentence when it cannot."""

import asyncio
import errno
import fcntl
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from time import monotonic

import httpx

from deploy.embedded import databases, processes, topics
from deploy.embedded.__main__ import ready as fetch_kafka
from deploy.embedded.parts import CANNOT, Halt, cache_folder
from deploy.embedded.ports import free
from overdracht.output import AWAY, Stop, say
from overdracht.running import keys
from overdracht.running.parts import INSIGHT, SERVICES, Plan, engines, services
from overdracht.running.places import Process, Run, ourselves, read_run, write_run
from overdracht.running.supervising import Part, begin, keep, stop

READY_SECONDS = 120.0
_ENGINES = {"kafka": signal.SIGTERM, "postgres": signal.SIGINT}
"""What stands below the services, and the signal that asks it to end."""


@asynccontextmanager
async def running(way: Plan) -> AsyncIterator[Run]:
    """The whole product, ready; kept running while inside, stopped in order at the end. Raises Stop."""
    with _sentences(way), _only_one(way):
        _stop_leftovers(way)
        _check_ports(way)
        keys.ensure(way.keys, SERVICES, data_exists=(way.data / "postgres" / "data").exists())
        if way.own_kafka:
            say("Kafka klaarzetten (de eerste keer 44 MB ophalen).", "getting Kafka ready (44 MB the first time)")
            await asyncio.to_thread(fetch_kafka, cache_folder())
        below, above = engines(way), services(way)
        shown = databases.without_password(way.admin_url)
        run = Run(ourselves(), way.urls, way.bootstrap_servers, shown, way.keys, way.insight_url)
        changed = _writer(way, run, [*below, *above])
        try:
            async with asyncio.TaskGroup() as group:
                watched = await _up(way, below, above, changed, group)
                yield run
                for task in watched:
                    task.cancel()
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from None
        finally:
            say("Stoppen: eerst de diensten, dan Kafka en PostgreSQL.", "stopping: services first, then the engines")
            await stop(above)
            await stop(below)
            changed()


async def _up(
    way: Plan, below: list[Part], above: list[Part], changed: Callable[[], None], group: asyncio.TaskGroup
) -> list["asyncio.Task[None]"]:
    """Starts engines, databases, topics and services; the tasks that keep the processes running."""
    watched = []
    for part in below:
        await begin(part)
        changed()
        watched.append(group.create_task(keep(part, changed, say)))
    await databases.create(way.admin_url, way.passwords())
    await topics.create(way.bootstrap_servers, topics.wanted(SERVICES))
    for part in above:
        await begin(part)
        changed()
        watched.append(group.create_task(keep(part, changed, say)))
    await _ready(way)
    return watched


async def _ready(way: Plan) -> None:
    """Waits until every service says it is ready. Raises Stop when one does not in time."""
    until = monotonic() + READY_SECONDS
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        for name, url in {**way.urls, INSIGHT: way.insight_url}.items():
            while not await _is_ready(client, url):
                if monotonic() > until:
                    raise Stop(
                        f"{name} is na {READY_SECONDS:.0f} s niet klaar: zie {way.logs / f'{name}.log'}.",
                        f"{name} is not ready after {READY_SECONDS:.0f} s: see {way.logs / f'{name}.log'}",
                        AWAY,
                    )
                await asyncio.sleep(0.1)


async def _is_ready(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(f"{url}/health/ready")).status_code == 200
    except httpx.TransportError:
        return False


def _writer(way: Plan, run: Run, parts: list[Part]) -> Callable[[], None]:
    def changed() -> None:
        found: dict[str, Process] = {part.name: here for part in parts if (here := part.running)}
        write_run(way.data, Run(**{**vars(run), "parts": found}))

    return changed


@contextmanager
def _only_one(way: Plan) -> Iterator[None]:
    """Holds this data folder. Raises Stop when another run has it."""
    way.logs.mkdir(parents=True, exist_ok=True)
    with (way.data / "run.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            run = read_run(way.data)
            pid = f" (pid {run.supervisor.pid})" if run else ""
            raise Stop(
                f"Op {way.data} draait al een Overdracht{pid}: stop die eerst, of kies met --data een andere map.",
                f"an Overdracht runs on {way.data} already{pid}: stop it first, or choose another folder with --data",
                AWAY,
            ) from None
        yield


def _stop_leftovers(way: Plan) -> None:
    """Processes of a run that was killed hold ports and files: they go first, services before what they stand on."""
    run = read_run(way.data)
    left = {name: process for name, process in run.parts.items() if process.runs} if run else {}
    for name in left:
        say(f"{name} van een eerdere keer draait nog en wordt gestopt.", f"{name} of an earlier run is stopped")
    for some in (left.keys() - _ENGINES.keys(), left.keys() & _ENGINES.keys()):
        kindly = {left[name].pid: _ENGINES.get(name, signal.SIGTERM) for name in some}
        processes.stop(kindly, signal.SIGKILL, within=20.0)


def _check_ports(way: Plan) -> None:
    for name, port in way.taken_ports.items():
        if not free(port):
            who = processes.listener(port)
            by = (f", door {who}", f" by {who}") if who else ("", "")
            raise Stop(
                f"Poort {port} ({name}) is bezet{by[0]}: kies andere met --port-base (nu {way.ports['intake'] - 1}).",
                f"port {port} ({name}) is taken{by[1]}: choose others with --port-base",
                AWAY,
            )


@contextmanager
def _sentences(way: Plan) -> Iterator[None]:
    """Turns what keeps the product from starting into a sentence."""
    try:
        yield
    except Halt as halt:
        raise Stop(halt.nl, halt.en, CANNOT) from None
    except OSError as trouble:
        why = trouble.strerror or type(trouble).__name__
        full = trouble.errno in (errno.ENOSPC, errno.EDQUOT)
        advice = ("maak ruimte", "make room") if full else ("zie de rechten van die map", "see that folder's rights")
        raise Stop(
            f"In {way.data} kan niet worden geschreven ({why}): {advice[0]}.",
            f"cannot write in {way.data} ({why}): {advice[1]}",
            CANNOT,
        ) from None
