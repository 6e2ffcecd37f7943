"""Cases as people ask for them: one with its time line, and lists that stay fast whatever there is."""

import base64
import binascii
from datetime import datetime
from typing import Any

import orjson
from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.envelope import Event
from shared.http.doors import uuid_of
from shared.http.problems import Problem
from shared.ledger.pages import events_of
from shared.service import Service

_ONE = text("select municipality, version, state::text, status from cases where case_id = cast(:case_id as uuid)")
_SHOWN = "c.case_id::text, c.municipality, c.status, c.turn, c.opened_at, c.due_at, c.overdue_since, c.caseworker"


def case_routes(service: Service, view: Any) -> APIRouter:
    """The case and its lists. `view(state)` gives turn, clocks, waited_days and detail of a state."""
    router = APIRouter(prefix="/v1")

    @router.get("/cases/{case_id}", summary="One case: state, whose turn, open clocks, time line")
    async def read_case(case_id: str) -> Response:
        found = uuid_of(case_id)
        async with service.ledger.engine.connect() as tx:
            row = (await tx.execute(_ONE, {"case_id": found})).first()
            if row is None:
                raise Problem(404, "case_unknown")
            events = await events_of(tx, service.ledger.source, found)
        body = {
            "case_id": found,
            "service": service.name,
            "municipality": row[0],
            "status": row[3],
            "caseversion": row[1],
        }
        body |= view(service.ledger.rules.load(row[2]))
        body["timeline"] = [_line(service, event) for event in events]
        return Response(orjson.dumps(body), headers={"ETag": f'"{row[1]}"'}, media_type="application/json")

    @router.get("/cases", summary="Cases: open, overdue, by provider, by caseworker")
    async def read_cases(
        status: str | None = None,
        overdue: bool = False,
        provider: str | None = None,
        caseworker: str | None = None,
        municipality: str | None = None,
        cursor: str = "",
        limit: int = 50,
    ) -> Response:
        if status not in (None, "open", "closed"):
            raise Problem(400, "field_invalid", field="status", possible=["open", "closed"])
        filters = {
            "status": status,
            "overdue": overdue,
            "provider": provider,
            "caseworker": caseworker,
            "municipality": municipality,
        }
        size = max(1, min(limit, 500))
        async with service.ledger.engine.connect() as tx:
            items = await _page(tx, filters, _place(cursor), size)
        following = _cursor(items[-1], overdue) if len(items) == size else None
        return Response(orjson.dumps({"items": items, "next": following}), media_type="application/json")

    return router


def _line(service: Service, event: Event) -> dict[str, Any]:
    data = orjson.loads(event.data)
    fact = service.vocabulary.facts.get(event.fact)
    around = {"case_id", "municipality", "occurred_at", "actor"}
    return {
        "id": event.id,
        "fact": event.fact,
        "caseversion": event.caseversion,
        "occurred_at": data["occurred_at"],
        "recorded_at": event.time,
        "actor": data["actor"],
        "hand_off": fact.hand_off if fact else False,
        "data": {name: value for name, value in data.items() if name not in around},
    }


async def _page(
    tx: AsyncConnection, filters: dict[str, Any], place: tuple[datetime, str] | None, limit: int
) -> list[dict[str, Any]]:
    """A page in the order of opening (of becoming overdue, when that is asked). Each list has its index."""
    order = "c.overdue_since" if filters["overdue"] else "c.opened_at"
    tables, where = "cases c", ["c.status <> 'none'"]
    values: dict[str, Any] = {"limit": limit}
    if filters["provider"] is not None:
        tables = "party p join cases c using (case_id)"
        where.append("p.organisation = :provider")
        order = order if filters["overdue"] else "p.opened_at"
    for name in ("status", "caseworker", "municipality", "provider"):
        if filters[name] is not None:
            values[name] = filters[name]
            if name != "provider":
                where.append(f"c.{name} = :{name}")
    if filters["status"] == "open":
        where.append("c.status <> 'closed'")
    if filters["overdue"]:
        where.append("c.overdue_since is not null")
    key = "p.case_id" if order.startswith("p.") else "c.case_id"
    if place is not None:
        where.append(f"({order}, {key}) > (:moment, cast(:after as uuid))")
        values |= {"moment": place[0], "after": place[1]}
    query = f"select {_SHOWN} from {tables} where {' and '.join(where)} order by {order}, {key} limit :limit"  # noqa: S608 - parts are constants of this file
    return [_shown(row) for row in await tx.execute(text(query), values)]


def _shown(row: Any) -> dict[str, Any]:
    return {
        "case_id": row[0],
        "municipality": row[1],
        "status": row[2],
        "turn": row[3] or None,
        "opened_at": row[4],
        "due_at": row[5],
        "overdue_since": row[6],
        "overdue": row[6] is not None,
        "caseworker": row[7] or None,
    }


def _cursor(item: dict[str, Any], overdue: bool) -> str:
    moment = item["overdue_since" if overdue else "opened_at"]
    return base64.urlsafe_b64encode(f"{moment.isoformat()} {item['case_id']}".encode()).decode()


def _place(cursor: str) -> tuple[datetime, str] | None:
    if not cursor:
        return None
    try:
        moment, case_id = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
        return datetime.fromisoformat(moment), uuid_of(case_id)
    except (ValueError, binascii.Error, Problem):
        raise Problem(400, "cursor_invalid", field="cursor") from None
