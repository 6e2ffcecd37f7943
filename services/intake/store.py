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
_PARTIES = text(f"""
    select p.organisation from party p join cases c using (case_id)
    where p.case_id = cast(:case_id as uuid) and {WITHIN} order by p.opened_at, p.organisation
""")  # noqa: S608 - as above
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


async def parties(tx: AsyncConnection, case_id: str, sight: Sight) -> list[str]:
    """The organisations that were ever asked for the citizen of this case."""
    rows = await tx.execute(_PARTIES, {"case_id": case_id} | sight.values())
    return list(dict.fromkeys(row[0] for row in rows))
