"""Cases as people ask for them: one with its time line, and lists that stay fast whatever there is."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Select, any_, literal, literal_column, select, text, tuple_
from sqlmodel import col

from shared.envelope import fact_of, timestamp
from shared.http.access import may, sight_at, tell_hidden
from shared.http.bodies import Body
from shared.http.case_bodies import CaseBody
from shared.http.cursors import cursor_at, place_of
from shared.http.describing import answers
from shared.http.input import known_version, uuid_of
from shared.http.problems import Problem
from shared.ledger.seeing import WITHIN, Sight, seen
from shared.ledger.tables import CaseRow, Party
from shared.rights import LISTS, PARTIES
from shared.service import Service

_ONE = text(f"""
    select c.municipality, c.version, c.state::text, c.status, e.ids, e.types, e.versions, e.times, e.datas
    from cases c cross join lateral (
        select array_agg(id::text order by caseversion) ids, array_agg(type order by caseversion) types,
            array_agg(caseversion order by caseversion) versions,
            array_agg(recorded_at order by caseversion) times, array_agg(data::text order by caseversion) datas
        from event where event.case_id = c.case_id and c.version is distinct from cast(:known as int)) e
    where c.case_id = cast(:case_id as uuid) and {WITHIN}
""")  # noqa: S608 - the condition is a constant
"""A case and its time line; no time line when the version is the one that is known."""

_STATUS: dict[str, Any] = {name: literal_column(f"'{name}'") for name in ("open", "closed")}
_NONE: Any = literal_column("'none'")
"""Written out: an index of a part of the rows is for who asks for that part, and a value that is filled in later may be
another."""


class CaseItem(Body):
    """A case in a list."""

    case_id: str
    municipality: str
    status: str
    turn: str | None
    opened_at: datetime
    due_at: datetime | None
    overdue_since: datetime | None
    overdue: bool
    caseworker: str | None


class CasePage(Body):
    """Cases in the order of opening, or of becoming overdue; `next` is null at the end."""

    items: list[CaseItem]
    next: str | None


def case_routes(service: Service, view: Any, body: type[CaseBody]) -> APIRouter:
    """The case and its lists. `view(state)` gives turn, clocks, waited_days and detail of a state, as `body` has it."""
    router = APIRouter(prefix="/v1")

    told = answers("Eén dossier", "State, turn, terms, time line.", body, headers={"ETag": "The case's version."})

    @router.get("/cases/{case_id}", openapi_extra=may(PARTIES), **told)
    async def read_case(case_id: str, request: Request) -> Response:
        found, sight, known = uuid_of(case_id), sight_at(request), known_version(request)
        async with seen(service.ledger, sight) as tx:
            row = (await tx.execute(_ONE, {"case_id": found, "known": known} | sight.values())).first()
        if row is None:
            await tell_hidden(service, request, found)
            raise Problem(404, "case_unknown")
        if row[1] == known:
            return Response(status_code=304, headers={"ETag": f'"{row[1]}"'})
        whole = {
            "case_id": found,
            "service": service.name,
            "municipality": row[0],
            "status": row[3],
            "caseversion": row[1],
        }
        whole |= view(service.ledger.rules.load(row[2]))
        whole["timeline"] = [_line(service, *event) for event in zip(*(many or () for many in row[4:]), strict=True)]
        return Response(orjson.dumps(whole), headers={"ETag": f'"{row[1]}"'}, media_type="application/json")

    @router.get(
        "/cases",
        openapi_extra=may(LISTS),
        **answers("Dossiers", "Open, overdue, by provider, by caseworker.", CasePage),
    )
    async def read_cases(
        request: Request,
        status: str | None = None,
        overdue: bool = False,
        provider: str | None = None,
        caseworker: str | None = None,
        municipality: str | None = None,
        cursor: str = "",
        limit: int = 50,
    ) -> Response:
        if status not in (None, *_STATUS):
            raise Problem(400, "field_invalid", field="status", possible=[*_STATUS])
        sight = sight_at(request)
        filters = _narrowed(Filters(status, overdue, provider, caseworker, municipality), sight)
        size = max(1, min(limit, 500))
        async with seen(service.ledger, sight) as tx:
            items = [_shown(row) for row in await tx.execute(listing(filters, place_of(cursor), size))]
        following = _following(items[-1], overdue) if len(items) == size else None
        return Response(orjson.dumps({"items": items, "next": following}), media_type="application/json")

    return router


def _line(
    service: Service, event_id: str, event_type: str, version: int, recorded_at: datetime, text_of_data: str
) -> dict[str, Any]:
    data, name = orjson.loads(text_of_data), fact_of(event_type)
    fact = service.vocabulary.facts.get(name)
    around = {"case_id", "municipality", "occurred_at", "actor"}
    return {
        "id": event_id,
        "fact": name,
        "caseversion": version,
        "occurred_at": data["occurred_at"],
        "recorded_at": timestamp(recorded_at),
        "actor": data["actor"],
        "hand_off": fact.hand_off if fact else False,
        "data": {name: value for name, value in data.items() if name not in around},
    }


@dataclass(frozen=True)
class Filters:
    """Which cases a list is about."""

    status: str | None
    overdue: bool
    provider: str | None
    caseworker: str | None
    municipality: str | None


def _narrowed(filters: Filters, sight: Sight) -> Filters:
    """The list within sight. Raises Problem when another municipality or organisation is asked for by name."""
    for name, own in (("municipality", sight.municipality), ("provider", sight.organisation)):
        if own and getattr(filters, name) not in (None, own):
            raise Problem(403, "out_of_sight", field=name)
    return replace(
        filters,
        municipality=sight.municipality or filters.municipality,
        provider=sight.organisation or filters.provider,
    )


def listing(filters: Filters, place: tuple[datetime, str] | None, limit: int) -> Select[Any]:
    """A page in the order of opening (of becoming overdue, when that is asked). Each list has its index."""
    moment: Any = col(CaseRow.overdue_since) if filters.overdue else col(CaseRow.opened_at)
    key: Any = col(CaseRow.case_id)
    wanted: dict[str, Any] = {"caseworker": filters.caseworker, "municipality": filters.municipality}
    query = select(CaseRow).where(col(CaseRow.status) != _NONE)
    if filters.provider is not None and filters.overdue:  # few, and each says its parties itself
        query = query.where(literal(filters.provider) == any_(col(CaseRow.parties)))
    elif filters.provider is not None:
        query = query.join(Party, col(Party.case_id) == key).where(col(Party.organisation) == filters.provider)
        moment, key = col(Party.opened_at), col(Party.case_id)
        if (place_of := wanted.pop("municipality")) is not None:
            query = query.where(col(Party.municipality) == place_of)
    for name, value in wanted.items():
        if value is not None:
            query = query.where(col(getattr(CaseRow, name)) == value)
    if filters.status is not None:
        query = query.where(col(CaseRow.status) == _STATUS[filters.status])
    if filters.status == "open":
        query = query.where(col(CaseRow.status) != _STATUS["closed"])
    if filters.overdue:
        query = query.where(col(CaseRow.overdue_since).is_not(None))
    if place is not None:
        query = query.where(tuple_(moment, key) > tuple_(literal(place[0]), literal(UUID(place[1]))))
    return query.order_by(moment, key).limit(limit)


def _shown(case: Any) -> dict[str, Any]:
    return {
        "case_id": str(case.case_id),
        "municipality": case.municipality,
        "status": case.status,
        "turn": case.turn or None,
        "opened_at": case.opened_at,
        "due_at": case.due_at,
        "overdue_since": case.overdue_since,
        "overdue": case.overdue_since is not None,
        "caseworker": case.caseworker or None,
    }


def _following(item: dict[str, Any], overdue: bool) -> str:
    return cursor_at(item["overdue_since" if overdue else "opened_at"], item["case_id"])
