"""What is kept: a case's state, and in the vault's tables whom it is about and its key; sealed before it comes here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.domain.state import State
from shared.ledger.seeing import WITHIN, Sight
from shared.states import codec

ALIKE = 20
"""Cases looked at of people with the same name and date of birth; the newest."""
_KNOWN = text("""
    select c.case_id::text, c.municipality, c.state::text, i.bsn_index, i.place, i.name_index, i.sealed
    from identity i join cases c using (case_id) where i.bsn_index = any(cast(:numbers as bytea[]))
        and not exists (select 1 from destroyed d where d.case_id = i.case_id)
    union all
    select c.case_id::text, c.municipality, c.state::text, i.bsn_index, i.place, i.name_index, i.sealed
    from unnest(cast(:names as bytea[])) n (name) cross join lateral (
        select * from identity where name_index = n.name order by number desc limit :alike) i
    join cases c using (case_id) where not exists (select 1 from destroyed d where d.case_id = i.case_id)
    union all
    select c.case_id::text, c.municipality, c.state::text, i.bsn_index, i.place, i.name_index, i.sealed
    from cases c left join identity i using (case_id) where c.case_id = any(cast(:ids as uuid[]))
""")
_ADD_PEOPLE = text("""
    insert into identity (case_id, municipality, sealed, bsn_index, place, name_index)
    select * from unnest(cast(:ids as uuid[]), cast(:municipalities as text[]), cast(:sealed as bytea[]),
        cast(:numbers as bytea[]), cast(:places as int[]), cast(:names as bytea[]))
""")
_ADD_KEYS = text("""
    insert into case_key (case_id, municipality, sealed)
    select * from unnest(cast(:ids as uuid[]), cast(:municipalities as text[]), cast(:sealed as bytea[]))
""")
_HELD_OF_CASE = text(f"""
    select c.municipality, i.sealed, i.bsn_index, k.sealed, coalesce(k.destroyed_at, d.destroyed_at),
        d.case_id is not null and (k.sealed is not null or i.sealed is not null)
    from cases c left join identity i using (case_id) left join case_key k using (case_id)
        left join destroyed d using (case_id)
    where c.case_id = cast(:case_id as uuid) and {WITHIN}
""")  # noqa: S608 - the condition is a constant
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
_FOUND = "select c.case_id::text, c.status, c.opened_at from cases c"
_BY_ID = text(f"{_FOUND} where c.case_id = cast(:case_id as uuid) and {WITHIN}")
_BY_NUMBER = text(f"""
    {_FOUND} join identity i using (case_id) where i.bsn_index = :number and {WITHIN}
        and not exists (select 1 from destroyed d where d.case_id = c.case_id)
    order by c.opened_at desc, c.case_id
""")  # noqa: S608 - as above


dump, load = codec(State)


@dataclass(frozen=True, slots=True)
class Known:
    """A case that is there, and what the vault holds of its citizen: blind indexes, and what identifies, sealed."""

    case_id: str
    municipality: str
    state: State
    bsn_index: bytes | None
    place: int | None
    name_index: bytes | None
    sealed: bytes | None


@dataclass(frozen=True, slots=True)
class Added:
    """What the vault gets of a new case."""

    case_id: str
    municipality: str
    key: bytes
    person: bytes | None
    bsn_index: bytes | None
    place: int | None
    name_index: bytes | None


@dataclass(frozen=True, slots=True)
class Held:
    """What the vault holds of a case, sealed. `came_back`: it was destroyed, and something put it back."""

    municipality: str
    person: bytes | None
    bsn_index: bytes | None
    key: bytes | None
    destroyed_at: datetime | None
    came_back: bool


async def known(
    tx: AsyncConnection, numbers: Sequence[bytes], names: Sequence[bytes], ids: Sequence[str]
) -> list[Known]:
    """The cases of these people, of people of that name, and these cases themselves."""
    values = {"numbers": list(numbers), "names": list(names), "ids": list(ids), "alike": ALIKE}
    return [Known(row[0], row[1], load(row[2]), *row[3:]) for row in await tx.execute(_KNOWN, values)]


async def add(tx: AsyncConnection, added: Sequence[Added]) -> None:
    """Writes keys and people, those in the order of their indexes: who adds the same people meets the other, not a
    deadlock."""
    if not added:
        return
    await tx.execute(
        _ADD_KEYS,
        {
            "ids": [one.case_id for one in added],
            "municipalities": [one.municipality for one in added],
            "sealed": [one.key for one in added],
        },
    )
    people = sorted((one for one in added if one.person is not None), key=lambda one: one.bsn_index or b"")
    if people:
        await tx.execute(
            _ADD_PEOPLE,
            {
                "ids": [one.case_id for one in people],
                "municipalities": [one.municipality for one in people],
                "sealed": [one.person for one in people],
                "numbers": [one.bsn_index for one in people],
                "places": [one.place for one in people],
                "names": [one.name_index for one in people],
            },
        )


async def held(tx: AsyncConnection, case_id: str, sight: Sight) -> Held | None:
    """What the vault holds of a case; None when there is no such case within sight."""
    row = (await tx.execute(_HELD_OF_CASE, {"case_id": case_id} | sight.values())).first()
    return None if row is None else Held(*row)


async def found_by_id(tx: AsyncConnection, case_id: str, sight: Sight) -> list[Any]:
    """(case, status, opened at) of this case, when it is there."""
    return list(await tx.execute(_BY_ID, {"case_id": case_id} | sight.values()))


async def found_by_number(tx: AsyncConnection, number: bytes, sight: Sight) -> list[Any]:
    """(case, status, opened at) of every case of a person, the newest first."""
    return list(await tx.execute(_BY_NUMBER, {"number": number} | sight.values()))


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
    """Some rows of the vault, to try a key on: (`key` or `person`, municipality, case, sealed)."""
    return [(row[0], row[1], row[2], row[3]) for row in await tx.execute(_SAMPLE)]
