"""Waiting until what one service said has arrived at another: by where its topic stood then, not until all is quiet."""

import asyncio
from collections.abc import Iterable
from itertools import chain, repeat
from time import monotonic

from overdracht.doors import Away, Door, Doors, Json, get
from overdracht.output import AWAY, Stop
from overdracht.patience import Tell, patiently
from overdracht.topics import topic_of

_LOOK_SECONDS = (0.03, 0.05, 0.08, 0.12)
Offsets = dict[str, int]


class Arrivals:
    """What a group of dossiers has led to so far: per service the place its ledger had when the group was answered."""

    def __init__(self, doors: Doors, patience: float, tell: Tell) -> None:
        self._doors, self._patience, self._tell = doors, patience, tell
        self._positions: dict[str, int] = {}
        self._ends: dict[str, Offsets] = {}

    async def note(self, service: str) -> None:
        """The group was answered by this service: what it led to lies before the place the ledger has now."""
        self._positions[service] = (await self._status(service))["position"]
        self._ends.pop(service, None)

    async def at(self, service: str, others: Iterable[str]) -> None:
        """Waits until the service has handled all that the others said of the group.

        Raises Stop (exit 3) when nothing moves for as long as the patience lasts.
        """
        left = [other for other in others if other in self._positions]
        moved, seen = monotonic(), None
        pauses = chain(_LOOK_SECONDS, repeat(_LOOK_SECONDS[-1]))
        while left:
            asked = (service, *left)
            states = dict(zip(asked, await asyncio.gather(*map(self._status, asked)), strict=True))
            left = [other for other in left if not self._has_arrived(states[service], other, states[other])]
            marks = [(state["handled"], state["unsent"], state["lag"]) for state in states.values()]
            if marks != seen:
                moved, seen = monotonic(), marks
            elif left and monotonic() - moved > self._patience:
                raise _stuck(service, left, self._patience)
            if left:
                await asyncio.sleep(next(pauses))

    def _has_arrived(self, here: Json, other: str, there: Json) -> bool:
        if other not in self._ends:
            if there["published"]["position"] < self._positions[other]:
                return False
            self._ends[other] = there["published"]["offsets"]
        heard: Offsets = here["heard"].get(topic_of(other), {})
        return all(heard.get(partition, 0) >= end for partition, end in self._ends[other].items())

    async def _status(self, service: str) -> Json:
        """What a service says of itself, as soon as it can: while its database or broker is away it cannot."""
        door: Door = self._doors[service]

        async def once() -> Json:
            answer: Json = await get(door, "/v1/status")
            unknown = [name for name in ("position", "published", "heard") if answer[name] is None]
            if unknown:
                raise Away(f"{service}: {', '.join(unknown)} ?")
            return answer

        return await patiently(once, self._patience, self._tell)


def _stuck(service: str, others: list[str], seconds: float) -> Stop:
    names = ", ".join(others)
    return Stop(
        f"Al {seconds:.0f} s komt bij {service} niets aan van {names}.",
        f"nothing of {names} has arrived at {service} for {seconds:.0f} s",
        AWAY,
    )
