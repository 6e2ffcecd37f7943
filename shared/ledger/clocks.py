"""Terms: cases whose alarm has come get a look; the rules say what is overdue, once, whoever looks."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy import text

from shared import logging
from shared.facts import SYSTEM, Command, Said
from shared.ids import new_id
from shared.ledger.insist import Handle, insist
from shared.ledger.letters import give_up_waiting
from shared.ledger.model import Item, Ledger
from shared.tracing import new_trace

log = logging.get(__name__)
_DUE = text("""
    select c.case_id::text from clock k join cases c using (case_id) where k.due_at <= now()
    order by k.due_at limit 500
""")


class LookAtTerms(Command):
    """The clock's own command: record what has become overdue. Only the system gives it."""

    fact = "terms"
    by = frozenset({"system"})


async def watch(handle: Handle, ledger: Ledger, every_seconds: float, _news: asyncio.Event) -> None:
    """Looks at the terms until cancelled."""
    while True:
        while await look(handle, ledger):
            pass
        await give_up_waiting(ledger)
        await asyncio.sleep(every_seconds)


async def look(handle: Handle, ledger: Ledger) -> int:
    """Handles the cases whose alarm has come; how many became overdue in something."""
    async with ledger.single.connect() as tx:
        due = [row[0] for row in await tx.execute(_DUE)]
    if not due:
        return 0
    answers = await insist(handle, ledger, [_item(case_id) for case_id in due])
    return sum(answer.status == "accepted" for answer in answers)


def _item(case_id: str) -> Item:
    now = datetime.now(UTC)
    said = Said(now, now, SYSTEM, "")
    tick = new_id()
    return Item("command", "clock", tick, case_id, LookAtTerms.fact, LookAtTerms(), said, tick, new_trace())
