"""Figures follow the log: who asks for them after an import waits until they hold it, or hears that they do not."""

import asyncio
from time import monotonic

from overdracht.doors import Door
from overdracht.output import say
from overdracht.running.status import insight_state

_LOOK_AGAIN_SECONDS = 0.15
_FEW = 100
"""Records that may be on their way to the lake at any moment."""
_PATIENCE_SECONDS = 120.0


async def caught_up(door: Door, seconds: float) -> bool:
    """Waits until the figures show all that the log held at the beginning; whether they do within so many seconds.

    On a log that never rests there is always something newer: what was heard meanwhile is not waited for. An insight
    that cannot say how far it is, is not waited for either: it answers for itself.
    """
    began = monotonic()
    while (state := await insight_state(door))["lag"] is not None:
        waited, newest = monotonic() - began, state["behind"] - state["lag"]
        if state["built"] and (state["behind"] == 0 or (state["lag"] < _FEW and newest < waited)):
            return True
        if waited >= seconds:
            return False
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    return True


async def fresh(door: Door) -> None:
    """What was on the log when this was asked is in the figures, or it is said that it is not."""
    if await caught_up(door, 0):
        return
    say("De cijfers nemen nog mee wat net binnenkwam.", "figures are taking in what has just come")
    if not await caught_up(door, _PATIENCE_SECONDS):
        say("De cijfers lopen achter op het log: het nieuwste ontbreekt.", "the newest is not in the figures yet")
