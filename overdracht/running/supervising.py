"""Keeps processes running: one that dies is started again after a growing pause, and the console says so."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, repeat
from signal import Signals
from time import monotonic

from deploy.embedded import processes
from deploy.embedded.parts import Halt, Start
from overdracht.running.places import Process

PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
STEADY_SECONDS = 30.0
"""Who ran this long is not in a loop of failing: the next pause is a short one again."""
_LOG_BYTES = 50_000_000
Tell = Callable[[str, str], None]


@dataclass
class Part:
    """One process to keep running. `prepare` is called before every start; `running` is what runs now."""

    name: str
    prepare: Callable[[], Start]
    start: Start | None = None
    process: asyncio.subprocess.Process | None = None

    @property
    def running(self) -> Process | None:
        """The process, while it runs."""
        if self.process is None or self.process.returncode is not None:
            return None
        began = processes.began(self.process.pid)
        return Process(self.process.pid, began) if began is not None else None


async def begin(part: Part) -> None:
    """The first start. Raises Halt with a sentence when it is not possible."""
    part.start = await asyncio.to_thread(part.prepare)
    part.process = await _spawn(part.start)


async def keep(part: Part, changed: Callable[[], None], tell: Tell) -> None:
    """Starts the part again whenever it ends, until cancelled."""
    pauses = _pauses()
    while True:
        since = monotonic()
        assert part.process is not None  # noqa: S101 - begin comes first
        code = await part.process.wait()
        if monotonic() - since > STEADY_SECONDS:
            pauses = _pauses()
        changed()
        await _again(part, *_how(code), pauses, tell)
        changed()


def _pauses() -> Iterable[float]:
    return iter(chain(PAUSES, repeat(PAUSES[-1])))


async def _again(part: Part, nl: str, en: str, pauses: Iterable[float], tell: Tell) -> None:
    """Starts it, as often as that takes."""
    for pause in pauses:
        log = part.start.log if part.start else "?"
        tell(
            f"{part.name} is gestopt ({nl}) en start over {pause:g} s opnieuw; zie {log}.",
            f"{part.name} stopped ({en}) and starts again in {pause:g} s; see {log}",
        )
        await asyncio.sleep(pause)
        try:
            await begin(part)
        except Halt as halt:
            nl, en = halt.nl, halt.en
        except OSError as trouble:
            nl = en = trouble.strerror or type(trouble).__name__
        else:
            return


def _how(code: int) -> tuple[str, str]:
    """How a process ended, in both languages."""
    if code >= 0:
        return f"code {code}", f"code {code}"
    with suppress(ValueError):
        name = Signals(-code).name
        return f"signaal {name}", f"signal {name}"
    return f"signaal {-code}", f"signal {-code}"


async def _spawn(start: Start) -> asyncio.subprocess.Process:
    start.log.parent.mkdir(parents=True, exist_ok=True)
    if start.log.exists() and start.log.stat().st_size > _LOG_BYTES:
        start.log.replace(start.log.with_suffix(".log.1"))
    user, group = start.owner or (None, None)
    with start.log.open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *start.argv,
            env=dict(start.env),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            user=user,
            group=group,
            extra_groups=[] if start.owner else None,
            cwd="/",
            start_new_session=True,  # Ctrl-C is for us; we stop the parts in their order
        )


async def stop(parts: Iterable[Part]) -> None:
    """Asks these to end, all at once, and no longer asks after their time."""
    await asyncio.gather(*(_stop(part) for part in parts))


async def _stop(part: Part) -> None:
    process, start = part.process, part.start
    if process is None or start is None or process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.send_signal(start.stop_signal)
        try:
            async with asyncio.timeout(start.stop_seconds):
                await process.wait()
        except (TimeoutError, asyncio.CancelledError) as over:
            process.kill()
            await process.wait()
            if isinstance(over, asyncio.CancelledError):
                raise
