"""Entering lines in the log of readings: those of readings that end at the same time go in together.

Lines become visible in their order by a lock that is held until the disk has them. One by one, readings would wait for
the disk after each other; together they wait once. Each is told when its own lines are there for good, and not before.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.intake import logbook
from shared.ledger.model import Ledger

Lines = Sequence[logbook.Line]


@dataclass
class Desk:
    """Where lines wait for a moment while others are written."""

    waiting: list[tuple[Lines, "asyncio.Future[None]"]] = field(default_factory=list)
    writing: "asyncio.Task[None] | None" = None


async def enter(desk: Desk, ledger: Ledger, lines: Lines) -> None:
    """Returns when the lines are there for good. Raises what the database says, of these lines alone."""
    told = asyncio.get_running_loop().create_future()
    desk.waiting.append((lines, told))
    if desk.writing is None or desk.writing.done():
        desk.writing = asyncio.create_task(_write(desk, ledger))
    await told


async def _write(desk: Desk, ledger: Ledger) -> None:
    """All that waits, and what came to wait meanwhile. Lines that cannot be written hold back no others."""
    while desk.waiting:
        some, desk.waiting = desk.waiting, []
        why = await _trouble(ledger, [line for lines, _ in some for line in lines])
        for lines, told in some:
            no = await _trouble(ledger, lines) if why is not None and len(some) > 1 else why
            if told.done():  # who waited has gone
                continue
            if no is None:
                told.set_result(None)
            else:
                told.set_exception(no)


async def _trouble(ledger: Ledger, lines: Lines) -> Exception | None:
    """Writes lines; what kept them from being written."""
    try:
        async with ledger.single.connect() as tx:
            await logbook.add(tx, lines)
    except Exception as trouble:  # who waits is told, whatever it is
        return trouble
    return None
