"""Reading the ledger in its order: pages of events and checkpoints. Positions become visible in their order."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.envelope import Event, timestamp
from shared.ledger.seeing import WITHIN, Sight

_PAGE = """select position, id::text, case_id::text, caseversion, type, data::text, recorded_at, casehash, causation,
    traceparent from event where position > :after and {} order by position limit :limit"""
_EVENTS = text(_PAGE.format("true"))
_OF_MUNICIPALITY = text(_PAGE.format("municipality = :sight_municipality"))
_WITHIN_SIGHT = text(_PAGE.format(f"case_id in (select c.case_id from cases c where {WITHIN})"))  # noqa: S608 - the condition is a constant
_HASHES = text("""
    select position, casehash from event
    where position > :after order by position limit :limit
""")
_CHECKPOINTS = text("""
    select number, position, events, root, previous, at, key_id, signature from checkpoint
    where number > :after order by number limit :limit
""")


async def events_after(
    tx: AsyncConnection, source: str, after: int, limit: int, sight: Sight | None = None
) -> list[Event]:
    """The next events of the ledger, in order; within a sight, when one is given."""
    values = {"after": after, "limit": limit} | (sight.values() if sight else {})
    return _events(source, await tx.execute(page_within(sight), values))


def page_within(sight: Sight | None) -> TextClause:
    """The query of a page; its values are `after`, `limit` and `Sight.values()`."""
    if sight is None or sight.kind == "all":
        return _EVENTS
    return _OF_MUNICIPALITY if sight.kind == "municipality" else _WITHIN_SIGHT


async def hashes_after(tx: AsyncConnection, after: int, limit: int) -> Sequence[tuple[int, bytes]]:
    """The next (position, case hash) pairs."""
    return [(row[0], row[1]) for row in await tx.execute(_HASHES, {"after": after, "limit": limit})]


async def checkpoints_after(engine: AsyncEngine, after: int, limit: int) -> list[dict[str, Any]]:
    """The next checkpoints as they are published."""
    async with engine.connect() as tx:
        rows = await tx.execute(_CHECKPOINTS, {"after": after, "limit": limit})
        return [checkpoint(*row) for row in rows]


def checkpoint(
    number: int,
    position: int,
    events: int,
    root: bytes,
    previous: bytes,
    at: Any,
    key_id: str,
    signature: str,
) -> dict[str, Any]:
    """A checkpoint as it is published."""
    return {
        "number": number,
        "position": position,
        "events": events,
        "root": root.hex(),
        "previous": previous.hex(),
        "at": timestamp(at),
        "key_id": key_id,
        "signature": signature,
    }


def _events(source: str, rows: Any) -> list[Event]:
    return [
        Event(
            id=row[1],
            source=source,
            type=row[4],
            subject=row[2],
            time=timestamp(row[6]),
            sequence=row[0],
            caseversion=row[3],
            casehash=row[7].hex(),
            causationid=row[8],
            traceparent=row[9],
            data=row[5].encode(),
        )
        for row in rows
    ]
