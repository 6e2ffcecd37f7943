"""The log of readings (Logboek Dataverwerkingen 1.0): a line for every person and action, never sampled, only added to.

A line names the person by a pseudonym that the vault's key makes, and the way of processing by its id in the register.
Who read stands beside it, for the municipality's own account; it is no part of what the standard exchanges.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.codes import Activity
from shared.ledger.seeing import Sight

SUBJECT_TYPE = "urn:nld:overdrachten:pseudoniem"
"""What kind of id a data subject's is: neither the citizen service number nor anything that leads to it."""
_ADD = text("""
    insert into reading (trace_id, span_id, parent_span_id, name, started_at, ended_at, activity, subject, processor,
        case_id, municipality, reader, role, organisation)
    select decode(a, 'hex'), decode(b, 'hex'), decode(c, 'hex'), d, e, clock_timestamp(), f, g, h, i, j, k, l, m
    from unnest(cast(:traces as text[]), cast(:spans as text[]), cast(:parents as text[]), cast(:names as text[]),
        cast(:starts as timestamptz[]), cast(:activities as text[]), cast(:subjects as text[]),
        cast(:processors as text[]), cast(:ids as uuid[]), cast(:municipalities as text[]), cast(:readers as text[]),
        cast(:roles as text[]), cast(:organisations as text[])) u (a, b, c, d, e, f, g, h, i, j, k, l, m)
""")
_LINE = """select position, encode(trace_id, 'hex'), encode(span_id, 'hex'), encode(parent_span_id, 'hex'), status,
    name, cast(extract(epoch from started_at) * 1000 as bigint), cast(extract(epoch from ended_at) * 1000 as bigint),
    activity, subject, processor, case_id::text, municipality, reader, role, organisation from reading"""
_PAGE = text(f"""
    {_LINE} where position > :after and (:sight = 'all' or municipality = :sight_municipality)
        and (:case_id = '' or case_id = cast(nullif(:case_id, '') as uuid))
    order by position limit :limit
""")
_ABOUT = text(f"""
    {_LINE} where (subject = :subject or case_id = cast(:case_id as uuid)) and municipality = :municipality
    order by position
""")


@dataclass(frozen=True, slots=True)
class Line:
    """What was done with the data of one person, by whom, and within which trace."""

    activity: Activity
    subject: str
    municipality: str
    case_id: str | None
    name: str
    started_at: datetime
    trace_id: str
    span_id: str
    parent_span_id: str | None
    reader: str
    role: str
    organisation: str | None
    processor: str | None = None


async def add(tx: AsyncConnection, lines: Sequence[Line]) -> None:
    """Writes the lines; they are there for good when the transaction is."""
    if not lines:
        return
    values = {
        "traces": [one.trace_id for one in lines],
        "spans": [one.span_id for one in lines],
        "parents": [one.parent_span_id for one in lines],
        "names": [one.name for one in lines],
        "starts": [one.started_at for one in lines],
        "activities": [one.activity for one in lines],
        "subjects": [one.subject for one in lines],
        "processors": [one.processor for one in lines],
        "ids": [one.case_id for one in lines],
        "municipalities": [one.municipality for one in lines],
        "readers": [one.reader for one in lines],
        "roles": [one.role for one in lines],
        "organisations": [one.organisation for one in lines],
    }
    await tx.execute(_ADD, values)


async def page(
    tx: AsyncConnection, register_url: str, after: int, limit: int, sight: Sight, case_id: str = ""
) -> list[dict[str, Any]]:
    """The next lines within sight, in their order."""
    values = {"after": after, "limit": limit, "case_id": case_id} | sight.values()
    return [_shown(register_url, row) for row in await tx.execute(_PAGE, values)]


async def about(
    tx: AsyncConnection, register_url: str, municipality: str, subject: str, case_id: str
) -> list[dict[str, Any]]:
    """Every line about a person, in this case or without one, in their order."""
    values = {"subject": subject, "case_id": case_id, "municipality": municipality}
    return [_shown(register_url, row) for row in await tx.execute(_ABOUT, values)]


def _shown(register_url: str, row: Any) -> dict[str, Any]:
    """The line by the names of the standard; what is ours stands under `audit`."""
    attributes = {
        "dpl.core.processing_activity_id": f"{register_url}#{row[8]}",
        "dpl.core.data_subject_id": row[9],
        "dpl.core.data_subject_id_type": SUBJECT_TYPE,
    }
    if row[10] is not None:
        attributes["dpl.core.foreign_operation.processor"] = row[10]
    audit = {"case_id": row[11], "municipality": row[12], "reader": row[13], "role": row[14], "organisation": row[15]}
    return {
        "position": row[0],
        "trace_id": row[1],
        "span_id": row[2],
        "parent_span_id": row[3],
        "status": row[4],
        "name": row[5],
        "start_time": row[6],
        "end_time": row[7],
        "attributes": attributes,
        "audit": audit | {"activity": row[8]},
    }
