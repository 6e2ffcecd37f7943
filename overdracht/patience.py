"""Waiting for the product: for a service that is away, and until everything has arrived everywhere."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import chain, repeat
from time import monotonic
from typing import TypeVar

from overdracht.doors import Away, Door, Doors, Json, get
from overdracht.output import AWAY, Stop

T = TypeVar("T")
Tell = Callable[[str, str], None]
_PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
_LONGEST_PAUSE = 10.0
_TELL_AFTER = 1.0
_FIRST_LOOK, _SLOWEST_LOOK = 0.02, 0.15


async def patiently(once: Callable[[], Awaitable[T]], seconds: float, tell: Tell) -> T:
    """Asks again, with growing pauses, while the other side is away. Raises Stop (exit 3) when patience is over."""
    since, away = monotonic(), False
    for pause in chain(_PAUSES, repeat(_LONGEST_PAUSE)):
        try:
            answer = await once()
        except Away as reason:
            waited = monotonic() - since
            if waited + pause > seconds:
                raise gone(str(reason), waited) from None
            if pause >= _TELL_AFTER:
                away = True
                tell(
                    f"Geen antwoord ({reason}); over {pause:.0f} s opnieuw.",
                    f"no answer ({reason}); trying again in {pause:.0f} s",
                )
            await asyncio.sleep(pause)
        else:
            if away:
                tell("Er is weer antwoord; verder.", "there is an answer again; going on")
            return answer
    raise AssertionError


def gone(reason: str, waited: float) -> Stop:
    """The end of patience."""
    return Stop(
        f"Het product geeft geen antwoord ({reason}), {waited:.0f} s lang.",
        f"the product gives no answer ({reason}) for {waited:.0f} s",
        AWAY,
    )


async def statuses(doors: Doors) -> dict[str, Json]:
    """What every service says of itself. Raises Away when one does not answer."""
    answers = await asyncio.gather(*(_status(door) for door in doors.values()))
    return dict(zip(doors, answers, strict=True))


async def _status(door: Door) -> Json:
    answer: Json = await get(door, "/v1/status")
    return answer


async def settled(doors: Doors, seconds: float, tell: Tell, show: Callable[[str], None]) -> dict[str, Json]:
    """Waits until nothing is under way any more: ready, all sent, all handled, twice in a row unchanged.

    Raises Stop (exit 3) when nothing moves for `seconds`.
    """
    before: object = None
    moved, seen, look = monotonic(), None, _FIRST_LOOK
    while True:
        states = await patiently(lambda: statuses(doors), seconds, tell)
        marks = tuple((state["position"], state["handled"]) for state in states.values())
        still = all(_still(state) for state in states.values())
        if still and marks == before:
            return states
        before = marks if still else None
        under_way = tuple(state[name] or 0 for state in states.values() for name in ("unsent", "lag", "busy"))
        if (marks, under_way) != seen:
            moved, seen, look = monotonic(), (marks, under_way), _FIRST_LOOK
        elif monotonic() - moved > seconds:
            raise _stuck(states, seconds)
        show(f"waiting until everything has arrived everywhere: {sum(under_way):,} under way")
        await asyncio.sleep(look)
        look = min(look * 1.5, _SLOWEST_LOOK)


def _still(state: Json) -> bool:
    return bool(state["ready"]) and not (state["unsent"] or state["lag"] or state["busy"])


def _stuck(states: dict[str, Json], seconds: float) -> Stop:
    who = ", ".join(f"{name} ({_why(state)})" for name, state in states.items() if not _still(state))
    return Stop(
        f"Al {seconds:.0f} s beweegt er niets, en nog niet alles is aangekomen: {who}.",
        f"nothing has moved for {seconds:.0f} s and not everything has arrived: {who}",
        AWAY,
    )


def _why(state: Json) -> str:
    return str(state.get("paused") or f"unsent {state['unsent']}, lag {state['lag']}, ready {state['ready']}")
