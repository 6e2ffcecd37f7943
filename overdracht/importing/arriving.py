"""Waiting until what one service said has arrived at another: by where its topic stood then, not until all is quiet."""

import asyncio
from collections.abc import Iterable
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
        waited_for = [other for other in others if other in self._positions]
        moved, seen = monotonic(), None
        for look in range(1_000_000):
            left = [other for other in waited_for if not await self._has_arrived(service, other)]
            if not left:
                return
            states = [await self._status(one) for one in (service, *left)]
            marks = [(state["handled"], state["unsent"], state["lag"]) for state in states]
            if marks != seen:
                moved, seen = monotonic(), marks
            elif monotonic() - moved > self._patience:
                raise _stuck(service, left, self._patience)
            await asyncio.sleep(_LOOK_SECONDS[min(look, len(_LOOK_SECONDS) - 1)])

    async def _has_arrived(self, service: str, other: str) -> bool:
        if other not in self._ends:
            published = (await self._status(other))["published"]
            if published["position"] < self._positions[other]:
                return False
            self._ends[other] = published["offsets"]
        heard: Offsets = (await self._status(service))["heard"].get(topic_of(other), {})
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
