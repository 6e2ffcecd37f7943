"""What is kept beside the cases: until when they must be, which keys were destroyed, and who read personal data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.domain.retention import Kept, Table, kept
from shared.ledger.model import Case

_KEEP = text("""
    insert into keeping (case_id, municipality, result, ended_on, joined_to, asked_for, asked_by, asked_at, asked_until,
        run_id)
    select * from unnest(cast(:ids as uuid[]), cast(:municipalities as text[]), cast(:results as text[]),
        cast(:ends as date[]), cast(:joined as uuid[]), cast(:reasons as text[]), cast(:people as text[]),
        cast(:moments as timestamptz[]), cast(:untils as date[]), cast(:runs as uuid[]))
    on conflict (case_id) do update set municipality = excluded.municipality, result = excluded.result,
        ended_on = excluded.ended_on, joined_to = excluded.joined_to, asked_for = excluded.asked_for,
        asked_by = excluded.asked_by, asked_at = excluded.asked_at, asked_until = excluded.asked_until,
        run_id = excluded.run_id
""")
_LET_GO = text("delete from keeping where case_id = any(cast(:ids as uuid[]))")
_TERMS = """own (municipality, result, keep) as (
        select * from unnest(cast(:own_places as text[]), cast(:own_results as text[]), cast(:own_keeps as text[]))),
    usual (result, keep, legal_source, before) as (
        select u.*, (select max(cast(:today as date) - term.keep::interval)::date + 4
            from (select u.keep union all select own.keep from own where own.result = u.result) term)
        from unnest(cast(:results as text[]), cast(:keeps as text[]), cast(:sources as text[])) u (result, keep, s))"""
"""`before`: nothing that ended then or later is due in any municipality. Months have different lengths: hence some days
more; the term itself decides."""
_WITH_TERM = """left join usual using (result)
    left join own on (own.municipality, own.result) = (k.municipality, k.result)"""
_UNTIL = "(k.ended_on + coalesce(own.keep, usual.keep)::interval)::date"
_HELD = f"""held (case_id) as (
        select k.joined_to from keeping k {_WITH_TERM}
        where k.joined_to is not null and not coalesce({_UNTIL} < :today, false)
        union select k.joined_to from held join keeping k using (case_id) where k.joined_to is not null)"""  # noqa: S608 - constants
_IS_DUE = f"{_UNTIL} < :today and not exists (select 1 from held where held.case_id = k.case_id)"  # noqa: S608 - constants
_ENDED = """from usual join keeping k on k.result = usual.result and k.ended_on < usual.before
    left join own on (own.municipality, own.result) = (k.municipality, k.result)"""
_WHERE = "(:municipality = '' or k.municipality = :municipality) and k.asked_for is null"
_DUE = text(f"""
    with recursive {_TERMS}, {_HELD}
    select k.case_id::text, k.municipality, k.result, k.ended_on, {_UNTIL} {_ENDED}
    where {_WHERE} and (:result = '' or k.result = :result) and k.case_id > cast(:after as uuid) and {_IS_DUE}
    order by k.case_id limit :limit
""")
_COUNTS = text(f"""
    with recursive {_TERMS}, {_HELD}
    select k.result, count(*) {_ENDED} where {_WHERE} and {_IS_DUE} group by 1
""")
_OF_CASES = text(f"""
    with recursive {_TERMS}, {_HELD}
    select k.case_id::text, k.result, k.ended_on, {_UNTIL}, usual.legal_source, coalesce({_IS_DUE}, false)
    from keeping k {_WITH_TERM} where k.case_id = any(cast(:ids as uuid[]))
""")  # noqa: S608 - as above
_ASKED = text("""
    select case_id::text, municipality, result, asked_for, asked_by, asked_at, asked_until, run_id::text from keeping
    where asked_for is not null and (:municipality = '' or municipality = :municipality)
        and (asked_at, case_id) > (:since, cast(:after as uuid))
    order by asked_at, case_id limit :limit
""")
_FORGET_READINGS = text("select forget_readings(cast(cast(:keep as text) as interval))")


@dataclass(frozen=True, slots=True)
class Term:
    """Until when a case must be kept, and whether that is over; ends are none while it runs."""

    case_id: str
    result: str | None
    ended_on: date | None
    until_on: date | None
    legal_source: str | None
    due: bool


RUNNING = Term("", None, None, None, None, False)
"""Of a case that has not ended."""


def kept_of(cases: Iterable[Case]) -> dict[str, Kept | None]:
    """What keeping has to know of these cases."""
    return {case.case_id: kept(case.municipality, case.state) for case in cases}


async def save_kept(tx: AsyncConnection, before: Mapping[str, Kept | None], after: Mapping[str, Kept | None]) -> None:
    """Writes what changed."""
    changed = [(case_id, one) for case_id, one in after.items() if one != before.get(case_id)]
    rows = [(case_id, one, one.erasure) for case_id, one in changed if one is not None]
    gone = [case_id for case_id, one in changed if one is None]
    if gone:
        await tx.execute(_LET_GO, {"ids": gone})
    if rows:
        values = {
            "ids": [case_id for case_id, _, _ in rows],
            "municipalities": [one.municipality for _, one, _ in rows],
            "results": [one.result for _, one, _ in rows],
            "ends": [one.ended_on for _, one, _ in rows],
            "joined": [one.joined_to for _, one, _ in rows],
            "reasons": [asked.reason if asked else None for _, _, asked in rows],
            "people": [asked.asked_by if asked else None for _, _, asked in rows],
            "moments": [asked.asked_at if asked else None for _, _, asked in rows],
            "untils": [asked.until_on if asked else None for _, _, asked in rows],
            "runs": [asked.run_id if asked else None for _, _, asked in rows],
        }
        await tx.execute(_KEEP, values)


def _terms(table: Table, today: date) -> dict[str, Any]:
    own = [(place, result, keep) for place, terms in table.municipalities.items() for result, keep in terms.items()]
    return {
        "today": today,
        "results": list(table.cases),
        "keeps": [rule.keep for rule in table.cases.values()],
        "sources": [rule.legal_source for rule in table.cases.values()],
        "own_places": [place for place, _, _ in own],
        "own_results": [result for _, result, _ in own],
        "own_keeps": [keep for _, _, keep in own],
    }


async def due(
    tx: AsyncConnection, table: Table, today: date, municipality: str, result: str, after: str, limit: int
) -> list[Any]:
    """A page of (case, municipality, result, ended on, kept until) whose term has passed and nobody asked for yet."""
    values = {"municipality": municipality, "result": result, "after": after, "limit": limit}
    return list(await tx.execute(_DUE, _terms(table, today) | values))


async def due_counts(tx: AsyncConnection, table: Table, today: date, municipality: str = "") -> dict[str, int]:
    """How many cases are due, by result."""
    rows = await tx.execute(_COUNTS, _terms(table, today) | {"municipality": municipality})
    return dict.fromkeys(table.cases, 0) | {row[0]: row[1] for row in rows}


async def terms_of(tx: AsyncConnection, table: Table, today: date, ids: Sequence[str]) -> dict[str, Term]:
    """Until when these cases must be kept; one that is not here runs, or is erased."""
    rows = await tx.execute(_OF_CASES, _terms(table, today) | {"ids": list(ids)})
    return {row[0]: Term(*row) for row in rows}


async def asked(tx: AsyncConnection, municipality: str, place: tuple[datetime, str], limit: int) -> list[Any]:
    """A page of (case, municipality, result, reason, by, at, until, run) of requests to erase that are open."""
    values = {"municipality": municipality, "since": place[0], "after": place[1], "limit": limit}
    return list(await tx.execute(_ASKED, values))


async def forget_readings(tx: AsyncConnection, keep: str) -> int:
    """Deletes lines of the log of readings that are older than this ISO 8601 duration; how many."""
    return int((await tx.execute(_FORGET_READINGS, {"keep": keep})).scalar() or 0)
