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
    union all
    select c.case_id::text, c.municipality, c.state::text, i.bsn_index, i.place, i.name_index, i.sealed
    from unnest(cast(:names as bytea[])) n (name) cross join lateral (
        select * from identity where name_index = n.name order by number desc limit :alike) i
    join cases c using (case_id)
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
_PERSON = text(f"""
    select c.municipality, i.sealed from cases c left join identity i using (case_id)
    where c.case_id = cast(:case_id as uuid) and {WITHIN}
""")  # noqa: S608 - the condition is a constant
_KEY = text(f"""
    select c.municipality, k.sealed, k.destroyed_at from cases c left join case_key k using (case_id)
    where c.case_id = cast(:case_id as uuid) and {WITHIN}
""")  # noqa: S608 - as above
_FOUND = "select c.case_id::text, c.status, c.opened_at from cases c"
_BY_ID = text(f"{_FOUND} where c.case_id = cast(:case_id as uuid) and {WITHIN}")
_BY_NUMBER = text(f"""
    {_FOUND} join identity i using (case_id) where i.bsn_index = :number and {WITHIN}
    order by c.opened_at desc, c.case_id
""")


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


async def person(tx: AsyncConnection, case_id: str, sight: Sight) -> tuple[str, bytes | None] | None:
    """Municipality and what identifies, sealed; None when there is no such case within sight."""
    row = (await tx.execute(_PERSON, {"case_id": case_id} | sight.values())).first()
    return (row[0], row[1]) if row else None


async def case_key(tx: AsyncConnection, case_id: str, sight: Sight) -> tuple[str, bytes | None, datetime | None] | None:
    """Municipality, the private key, sealed, when it was destroyed; None when there is no such case within sight."""
    row = (await tx.execute(_KEY, {"case_id": case_id} | sight.values())).first()
    return (row[0], row[1], row[2]) if row else None


async def found_by_id(tx: AsyncConnection, case_id: str, sight: Sight) -> list[Any]:
    """(case, status, opened at) of this case, when it is there."""
    return list(await tx.execute(_BY_ID, {"case_id": case_id} | sight.values()))


async def found_by_number(tx: AsyncConnection, number: bytes, sight: Sight) -> list[Any]:
    """(case, status, opened at) of every case of a person, the newest first."""
    return list(await tx.execute(_BY_NUMBER, {"number": number} | sight.values()))
