"""Handles a batch whatever happens: collisions are tried again, one bad item never holds up or loses the others."""

import asyncio
import random
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import DBAPIError

from shared import logging
from shared.database import collides, passes, sqlstate
from shared.ledger.model import Answer, Item, Ledger
from shared.tracing import ids

log = logging.get(__name__)
Handle = Callable[[Ledger, list[Item]], Awaitable[list[Answer]]]
_COLLISIONS = 30


class Away(Exception):  # noqa: N818 - a state of the database, named for who waits for it
    """The database is away or out of something; nothing was written; the same batch may be tried again."""


async def insist(handle: Handle, ledger: Ledger, items: list[Item]) -> list[Answer]:
    """The answers, in order. Raises Away when the database cannot be reached."""
    for attempt in range(_COLLISIONS):
        try:
            return await handle(ledger, items)
        except Exception as trouble:
            if collides(trouble):
                await asyncio.sleep(random.uniform(0, 0.002 * (attempt + 1)))  # noqa: S311 - spreads, hides nothing
                continue
            if passes(trouble):
                raise Away(type(trouble).__name__) from trouble
            if isinstance(trouble, DBAPIError):
                return await _apart(handle, ledger, items, trouble)
            raise
    raise Away("collisions")


async def _apart(handle: Handle, ledger: Ledger, items: list[Item], trouble: DBAPIError) -> list[Answer]:
    """The database refuses the content of some item: halves, until that item stands alone."""
    if len(items) > 1:
        middle = len(items) // 2
        first = await insist(handle, ledger, items[:middle])
        return first + await insist(handle, ledger, items[middle:])
    trace = ids(items[0].traceparent)
    log.error("the database refuses an item", sqlstate=sqlstate(trouble), fact=items[0].fact, **trace)
    if items[0].letter is None or items[0].fault == "not_storable":
        return [Answer("rejected", items[0].case_id, "internal_error")]
    items[0].fault = "not_storable"
    return await insist(handle, ledger, items)
