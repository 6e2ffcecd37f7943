"""Handling: load, decide, append, in one visible transaction, for one item or a batch; and who is covered with it."""

from services.diagnosis.hearing import HEARING
from services.diagnosis.store import covered, save_coverage
from shared.consuming import reader
from shared.ledger.model import Answer, Item, Ledger
from shared.ledger.settle import settle
from shared.ledger.store import load, load_letters, save

_read = reader(HEARING)


async def handle(ledger: Ledger, items: list[Item]) -> list[Answer]:
    """What became of each item, in order; all of it written or none."""
    async with ledger.engine.begin() as tx:
        work = await load(tx, ledger, items)
        if any(item.kind == "event" for item in items):
            await load_letters(tx, ledger, work, items, _read)
        before = covered(work.cases.values())
        answers = settle(ledger, work, items)
        await save_coverage(tx, before, covered(work.cases.values()))
        await save(tx, ledger, work)
    return answers
