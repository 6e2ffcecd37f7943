"""What was destroyed for good, and what a vault that was put back is held against. Rows of `destroyed` only come."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_DESTROY = text("""
    with these as (select unnest(cast(:ids as uuid[])) case_id),
        noted as (insert into destroyed (case_id, destroyed_at) select case_id, :at from these on conflict do nothing),
        shut as (update case_key k set sealed = null, destroyed_at = coalesce(k.destroyed_at, :at)
            from these where k.case_id = these.case_id and k.sealed is not null returning k.case_id, k.municipality),
        gone as (delete from identity i using these where i.case_id = these.case_id
            returning i.case_id, i.municipality, i.bsn_index)
    select these.case_id::text, coalesce(gone.municipality, shut.municipality), gone.bsn_index
    from these left join gone using (case_id) left join shut using (case_id)
    where gone.case_id is not null or shut.case_id is not null
""")
_CAME_BACK = text("""
    select d.case_id::text from destroyed d
    where exists (select 1 from case_key k where k.case_id = d.case_id and k.sealed is not null)
        or exists (select 1 from identity i where i.case_id = d.case_id)
""")
_TOLD = text("""
    select e.case_id::text from event e where e.type = 'nl.overdrachten.case_key_destroyed.v1'
        and not exists (select 1 from destroyed d where d.case_id = e.case_id)
""")
_DESTROYED = text("select number, case_id::text from destroyed where number > :after order by number")
_HOW_MANY = text("select count(*) from destroyed")
_FIRST_IN_LINE = text("select pg_advisory_xact_lock(7310003)")
_SAMPLE = text("""
    (select 'key', k.municipality, k.case_id::text, k.sealed from case_key k where k.sealed is not null limit 3)
    union all (select 'person', i.municipality, i.case_id::text, i.sealed from identity i limit 3)
""")
_MARK = text("select offsets::text from relay where name = 'vault'")
_SET_MARK = text("""
    insert into relay (name, position, offsets) values ('vault', 0, cast(:offsets as json))
    on conflict (name) do update set offsets = excluded.offsets
""")
_IS_THERE = text("select to_regclass('case_key') is not null and to_regclass('identity') is not null")


async def destroy(tx: AsyncConnection, ids: Sequence[str], at: datetime) -> list[tuple[str, str, bytes | None]]:
    """Destroys keys and identities for good, and notes it; (case, municipality, blind index) of what was there."""
    rows = await tx.execute(_DESTROY, {"ids": list(ids), "at": at})
    return [(row[0], row[1], row[2]) for row in rows]


async def destroyed_after(tx: AsyncConnection, number: int) -> list[tuple[int, str]]:
    """The next (number, case) of what was destroyed; numbers become visible in their order."""
    return [(row[0], row[1]) for row in await tx.execute(_DESTROYED, {"after": number})]


async def destroyed_count(tx: AsyncConnection) -> int:
    """How many cases are known to be destroyed."""
    return int((await tx.execute(_HOW_MANY)).scalar() or 0)


async def to_destroy(tx: AsyncConnection) -> list[str]:
    """Cases that the own ledger says were destroyed and the vault does not know, and those that something put back."""
    return sorted({row[0] for query in (_TOLD, _CAME_BACK) for row in await tx.execute(query)})


async def wait_for_turn(tx: AsyncConnection) -> None:
    """Takes the lock that who adds events holds: numbers of what is destroyed are given out in the order of commits."""
    await tx.execute(_FIRST_IN_LINE)


async def sample(tx: AsyncConnection) -> list[tuple[str, str, str, bytes]]:
    """Some rows of the vault, to try a key on: (`key` or `person`, municipality, case, sealed); none when it is new."""
    if not (await tx.execute(_IS_THERE)).scalar():
        return []
    return [(row[0], row[1], row[2], row[3]) for row in await tx.execute(_SAMPLE)]


async def heard_up_to(tx: AsyncConnection) -> dict[str, int]:
    """Per partition of the own topic the offset up to which was heard what it says of destruction."""
    found: dict[str, int] = orjson.loads((await tx.execute(_MARK)).scalar() or "{}")
    return found


async def set_heard(tx: AsyncConnection, offsets: Mapping[str, int]) -> None:
    """Keeps how far the topic was heard: in the same database, so that an older one has an older mark."""
    await tx.execute(_SET_MARK, {"offsets": orjson.dumps(dict(offsets)).decode()})
