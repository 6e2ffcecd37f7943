"""Handling: load, meet, decide, append, in one visible transaction, for one item or a batch; and the vault with it."""

from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import destroying, logbook, records, store
from services.intake.events import CaseKeyDestroyed
from services.intake.hearing import HEARING
from services.intake.vault.leaving import line_of
from services.intake.vault.meeting import meet
from services.intake.vault.opening import Vault
from shared.consuming import reader
from shared.ledger.model import Answer, Item, Ledger, Work
from shared.ledger.settle import settle
from shared.ledger.store import load, load_letters, save

_read = reader(HEARING)


async def handle(vault: Vault, ledger: Ledger, items: list[Item]) -> list[Answer]:
    """What became of each item, in order; all of it written or none."""
    async with ledger.engine.begin() as tx:
        work = await load(tx, ledger, items)
        if any(item.kind == "event" for item in items):
            await load_letters(tx, ledger, work, items, _read)
        before = records.kept_of(work.cases.values())
        meeting = await meet(tx, vault, work, items)
        answers = settle(ledger, work, meeting.met(items))
        await store.add(tx, meeting.added)
        await records.save_kept(tx, before, records.kept_of(work.cases.values()))
        await save(tx, ledger, work)
        gone, lines = await _destroyed(tx, vault, work, items)
        await logbook.add(tx, [*meeting.lines, *lines])
    vault.destroyed |= gone
    return answers


async def _destroyed(
    tx: AsyncConnection, vault: Vault, work: Work, items: list[Item]
) -> tuple[set[str], list[logbook.Line]]:
    """Destroys what the facts of this transaction say is destroyed; the cases, and a line for each person."""
    told = [one.event for one in work.events if one.event.type == CaseKeyDestroyed.type]
    if not told:
        return set(), []
    causes = {event.subject: event.causationid for event in told}
    by_cause = {item.cause: item for item in items}
    gone = await destroying.destroy(tx, list(causes), work.events[-1].recorded_at)
    lines = [
        line_of(vault.keys, by_cause[causes[case_id]], "erasure", municipality, index, case_id)
        for case_id, municipality, index in gone
    ]
    return set(causes), lines
