"""Readings that cost something: taken anew when they are old, shared by who asks, and never waited for long."""

import asyncio
from collections.abc import Awaitable, Callable

from shared import logging
from shared.measuring import Readings

log = logging.get(__name__)
_WAIT_SECONDS = 0.03
"""A scrape waits this long for a new reading, then shows the last one."""
_SHARE = 100
"""What took a second is not read again for a hundred: reading costs the database one per cent at most."""


class Kept:
    """The last reading and when it was taken. A reading that fails is no reading: its metrics have no value then."""

    def __init__(self, take: Callable[[], Awaitable[Readings]], keep_seconds: float) -> None:
        self._take, self._keep = take, keep_seconds
        self._last: Readings = {}
        self._again = 0.0
        self._taking: asyncio.Task[None] | None = None

    async def now(self) -> Readings:
        """The reading, at most as old as it may be, or a little older when a new one takes long."""
        if self._taking is None and asyncio.get_running_loop().time() >= self._again:
            self._taking = asyncio.create_task(self._renew())
        if self._taking is not None:
            await asyncio.wait({self._taking}, timeout=_WAIT_SECONDS)
        return self._last

    async def close(self) -> None:
        """Gives up a reading that is being taken."""
        if self._taking is not None:
            self._taking.cancel()
            await asyncio.gather(self._taking, return_exceptions=True)

    async def _renew(self) -> None:
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            self._last = await self._take()
        except Exception as trouble:  # a scrape tells what can be told
            log.debug("a reading could not be taken", error=type(trouble).__name__)
            self._last = {}
        finally:
            took = clock() - began
            self._again, self._taking = clock() + max(self._keep, _SHARE * took), None
