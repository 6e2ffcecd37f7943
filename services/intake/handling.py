"""Handling: load, meet, decide, append, in one visible transaction, for one item or a batch; and the vault with it."""

from services.intake import store
from services.intake.hearing import HEARING
from services.intake.vault.keys import Keys
from services.intake.vault.meeting import meet
from shared.consuming import reader
from shared.ledger.model import Answer, Item, Ledger
from shared.ledger.settle import settle
from shared.ledger.store import load, load_letters, save

_read = reader(HEARING)


async def handle(keys: Keys, ledger: Ledger, items: list[Item]) -> list[Answer]:
    """What became of each item, in order; all of it written or none."""
    async with ledger.engine.begin() as tx:
        work = await load(tx, ledger, items)
        if any(item.kind == "event" for item in items):
            await load_letters(tx, ledger, work, items, _read)
        meeting = await meet(tx, keys, work, items)
        answers = settle(ledger, work, meeting.met(items))
        await store.add(tx, meeting.added)
        await save(tx, ledger, work)
    return answers
