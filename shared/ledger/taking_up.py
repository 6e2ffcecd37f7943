"""What came from outside before its time is taken up when its case has changed, by whichever door that was.

The letter holds a place only, so the record is read again from its topic; handling it is as it was the first time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy import text

from shared import logging
from shared.consuming import Reader
from shared.ledger.insist import Away, Handle, insist
from shared.ledger.letters import COLUMNS
from shared.ledger.model import Ledger, Letter
from shared.ledger.store import stored_letter

log = logging.get(__name__)
Reread = Callable[[Sequence[Letter]], Awaitable[list[Letter]]]
_AWAY_SECONDS = 5.0
_RIPE = text(f"""
    select {COLUMNS} from letter
    where status = 'waiting' and topic = any(cast(:topics as text[]))
        and exists (select 1 from cases c where c.case_id = letter.case_id and c.version > letter.caseversion)
    order by position limit 500
""")  # noqa: S608 - the columns are a constant


async def take_up(
    handle: Handle,
    ledger: Ledger,
    read: Reader,
    reread: Reread,
    topics: Sequence[str],
    every_seconds: float,
    _news: asyncio.Event,
) -> None:
    """Looks for what has become possible until cancelled. A broker or database that is away is waited for."""
    while True:
        pause = every_seconds
        try:
            while await ripe(handle, ledger, read, reread, topics):
                pass
        except Away as away:
            pause = max(pause, _AWAY_SECONDS)
            log.warning("what waits cannot be read again yet", reason=str(away), pause_seconds=pause)
        await asyncio.sleep(pause)


async def ripe(handle: Handle, ledger: Ledger, read: Reader, reread: Reread, topics: Sequence[str]) -> int:
    """Handles again what waits for a case that has changed since, in the order it came; how many. Raises Away."""
    async with ledger.single.connect() as tx:
        rows = (await tx.execute(_RIPE, {"topics": list(topics)})).all()
    if rows:
        letters = await reread([stored_letter(row) for row in rows])
        await insist(handle, ledger, [read(letter) for letter in letters])
    return len(rows)
