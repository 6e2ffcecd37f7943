"""What the metrics ask of a ledger, each a statement that follows an index; what they mean stands in metrics.py."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_AGE = "extract(epoch from now() - recorded_at)"
_BACKLOG = text(f"""
    with mark as (
        select coalesce((select position from relay where name = 'topic'), 0) sent,
            coalesce((select position from checkpoint order by number desc limit 1), 0) sealed,
            coalesce((select number from checkpoint order by number desc limit 1), 0) made,
            coalesce((select position from relay where name = 'checkpoints'), 0) published)
    select (select count(*) from event, mark where position > sent),
        (select {_AGE} from event where position > (select sent from mark) order by position limit 1),
        (select count(*) from event, mark where position > sealed),
        (select {_AGE} from event where position > (select sealed from mark) order by position limit 1),
        (select made - published from mark)
""")  # noqa: S608 - the part is a constant of this file
_LETTERS = text("""
    select status, split_part(reason, ':', 1), count(*), extract(epoch from now() - min(received_at))
    from letter where status <> 'put_back' group by 1, 2
""")
_PARKED = text("select count(distinct case_id) from letter where status = 'dead' and parks")
# `cases_open` holds the status too: counting reads the index only
_OPEN = text("""
    select width_bucket(opened_at, array[now() - interval '365 days', now() - interval '90 days',
        now() - interval '30 days']), count(*)
    from cases where status <> 'closed' and status = 'open' group by 1
""")
_OVERDUE = text("select turn, count(*) from cases where overdue_since is not null and turn <> '' group by 1")
BANDS = ("over_365", "91_to_365", "31_to_90", "up_to_30")
"""Days since a case was opened, in the order in which the statement numbers them."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What of the ledger is not on its topic, and not under a published checkpoint, yet; ages in seconds."""

    unsent: int
    oldest_unsent: float
    unsealed: int
    oldest_unsealed: float
    unpublished_checkpoints: int


async def backlog(tx: AsyncConnection) -> Backlog:
    """How far the relay and the seal are behind."""
    unsent, unsent_age, unsealed, unsealed_age, unpublished = (await tx.execute(_BACKLOG)).one()
    return Backlog(unsent, float(unsent_age or 0), unsealed, float(unsealed_age or 0), unpublished)


async def letters(tx: AsyncConnection) -> list[tuple[str, str, int, float]]:
    """(status, reason, how many, seconds since the oldest came) of what waits and what is dead."""
    return [(row[0], row[1], row[2], float(row[3])) for row in await tx.execute(_LETTERS)]


async def parked_cases(tx: AsyncConnection) -> int:
    """Cases behind a dead letter."""
    return int((await tx.execute(_PARKED)).scalar() or 0)


async def open_cases(tx: AsyncConnection) -> dict[str, int]:
    """Open cases, by days since they were opened."""
    found = {BANDS[row[0]]: row[1] for row in await tx.execute(_OPEN)}
    return {band: found.get(band, 0) for band in BANDS}


async def overdue_cases(tx: AsyncConnection) -> dict[str, int]:
    """Cases in which a term has passed, by whose turn it is."""
    return {row[0]: row[1] for row in await tx.execute(_OVERDUE)}
