"""Each night, by the process that leads: how many cases are due, as a metric; and old lines of the log of readings go.

No case is erased by a clock, and none is asked for: two people do that, and a clock is nobody.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from services.intake import records
from services.intake.domain.retention import Table
from shared import logging
from shared.ledger.model import Ledger
from shared.measuring import Values
from shared.worktime import AMSTERDAM, local_day

log = logging.get(__name__)
_AT = time(3, 30)
Tell = Callable[[Values], None]


async def nightly(table: Table, ledger: Ledger, deletes: bool, tell: Tell, _news: asyncio.Event) -> None:
    """Looks at once, and then every night, until cancelled; who leads no more tells nothing any more."""
    try:
        while True:
            tell(await looked(table, ledger, deletes))
            await asyncio.sleep(until_night(datetime.now(UTC)))
    finally:
        tell({})


async def looked(table: Table, ledger: Ledger, deletes: bool) -> Values:
    """How many cases are due, by result; with `deletes` also forgets what the log of readings need not keep."""
    async with ledger.engine.begin() as tx:
        counts = await records.due_counts(tx, table, local_day(datetime.now(UTC)))
        gone = await records.forget_readings(tx, table.readings.keep) if deletes else 0
    log.info("retention", due=counts, readings_deleted=gone)
    return {(result,): float(count) for result, count in counts.items()}


def until_night(now: datetime) -> float:
    """Seconds until half past three in the Netherlands."""
    here = now.astimezone(AMSTERDAM)
    night = datetime.combine(here.date(), _AT, AMSTERDAM)
    if night <= here:
        night = datetime.combine(here.date() + timedelta(days=1), _AT, AMSTERDAM)
    return (night - now).total_seconds()
