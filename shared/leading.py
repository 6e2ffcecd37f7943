"""One process of a service leads: it relays, seals and looks at the clocks; when it goes, another takes over."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import asyncpg

from shared import logging

log = logging.get(__name__)
_LOCK = 7_310_001
Duty = Callable[[asyncio.Event], Awaitable[None]]


@dataclass
class Lead:
    """Whether this process leads now, and how often it lost or gave up the lead."""

    leads: bool = False
    lost: int = 0


async def lead(database_url: str, duties: list[Duty], state: Lead, retry_seconds: float = 0.5) -> None:
    """Runs the duties while this process holds the advisory lock; each gets the event that news in the ledger sets.

    Runs until cancelled. The lock lives and dies with its connection, so a process that loses the database leads no
    more; a duty that breaks gives up the lead, pauses and stands again.
    """
    while True:
        try:
            connection = await asyncpg.connect(database_url, timeout=5)
            try:
                await _reign(connection, duties, state, retry_seconds)
            finally:
                state.lost += state.leads
                state.leads = False
                async with asyncio.timeout(5):
                    await asyncio.shield(_close(connection))
        except asyncio.CancelledError:
            raise
        except Exception as trouble:  # whatever broke, the next term starts afresh from the database
            log.warning("the lead was lost", error=type(trouble).__name__)
        await asyncio.sleep(retry_seconds)


async def rest(news: asyncio.Event, at_most: float) -> None:
    """Until news comes, or the time is over."""
    with suppress(TimeoutError):
        async with asyncio.timeout(at_most):
            await news.wait()


async def _close(connection: asyncpg.Connection) -> None:
    if not connection.is_closed():
        connection.terminate()


async def _reign(connection: asyncpg.Connection, duties: list[Duty], state: Lead, retry_seconds: float) -> None:
    while True:
        if await connection.fetchval("select pg_try_advisory_lock($1)", _LOCK):
            break
        await asyncio.sleep(retry_seconds)
    news = [asyncio.Event() for _ in duties]
    gone = asyncio.get_running_loop().create_future()

    def told(*_: object) -> None:
        for event in news:
            event.set()

    def lost(*_: object) -> None:
        if not gone.done():
            gone.set_result(None)

    await connection.add_listener("ledger", told)
    connection.add_termination_listener(lost)
    log.info("leading")
    state.leads = True
    told()  # what an earlier leader left undone is news too
    tasks = [asyncio.ensure_future(duty(event)) for duty, event in zip(duties, news, strict=True)]
    try:
        done, _ = await asyncio.wait([*tasks, gone], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
