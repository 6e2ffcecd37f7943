"""Reading the ledger in its order: pages of events and checkpoints. Positions become visible in their order."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.envelope import Event, timestamp
from shared.ledger.seeing import WITHIN, Sight

_EVENTS = text("""
    select position, id::text, case_id::text, caseversion, type, data::text, recorded_at, casehash, causation,
        traceparent
    from event where position > :after
    order by position limit :limit
""")
_WITHIN_SIGHT = text(f"""
    select position, id::text, case_id::text, caseversion, type, data::text, recorded_at, casehash, causation,
        traceparent
    from event where position > :after and case_id in (select c.case_id from cases c where {WITHIN})
    order by position limit :limit
""")  # noqa: S608 - the condition is a constant
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
    if sight is not None and sight.kind != "all":
        values = {"after": after, "limit": limit} | sight.values()
        return _events(source, await tx.execute(_WITHIN_SIGHT, values))
    return _events(source, await tx.execute(_EVENTS, {"after": after, "limit": limit}))


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
