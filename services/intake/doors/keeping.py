"""How long what is kept, what is due, which erasures wait for a second person, who read what, and what for."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.intake import files, logbook, records
from services.intake.commands import ERASERS
from services.intake.doors.bodies_kept import DuePage, ErasurePage, ReadingPage, RegisterBody, RetentionBody
from services.intake.doors.checking import as_json, vault_of
from shared.http.access import may, sight_at
from shared.http.cursors import cursor_at, place_of
from shared.http.describing import answers
from shared.http.input import uuid_of
from shared.http.problems import Problem
from shared.http.reading import cursor as position_of
from shared.ledger.seeing import Sight, seen
from shared.rights import ACCOUNT, ROLES
from shared.service import Service
from shared.worktime import local_day

KEEPERS = ACCOUNT | ERASERS
"""Who may see what is due, and which requests to erase are open."""
_NOBODY = str(UUID(int=0))
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
Place = Annotated[str | None, Query(pattern=r"^GM\d{4}$", description="CBS code of the municipality.")]


def keeping_routes(service: Service) -> APIRouter:
    """The doors."""
    router = APIRouter(prefix="/v1")
    _add_retention(router, service)
    _add_erasures(router, service)
    _add_readings(router, service)
    return router


def _within(sight: Sight, municipality: str | None) -> str:
    """The municipality asked for, as far as it is within sight. Raises Problem."""
    if sight.municipality and municipality not in (None, sight.municipality):
        raise Problem(403, "out_of_sight", field="municipality")
    return sight.municipality or municipality or ""


def _add_retention(router: APIRouter, service: Service) -> None:
    table = vault_of(service).retention

    @router.get(
        "/retention",
        openapi_extra=may(KEEPERS),
        **answers("Bewaartermijnen", "How long what is kept, and how many cases are due.", RetentionBody),
    )
    async def read_retention(request: Request, municipality: Place = None) -> Response:
        sight, today = sight_at(request), local_day(datetime.now(UTC))
        place = _within(sight, municipality)
        async with seen(service.ledger, sight) as tx:
            counts = await records.due_counts(tx, table, today, place)
        rules = [{"result": name, **asdict(rule), "due": counts[name]} for name, rule in table.of(place).items()]
        body = {"municipality": place or None, "today": today, "approval_days": table.approval_days, "cases": rules}
        return as_json(body | {"readings": table.readings, "own": table.municipalities if not place else None})

    @router.get(
        "/retention/due",
        openapi_extra=may(KEEPERS),
        **answers("Over de bewaartermijn", "The cases whose term has passed and nobody asked for yet.", DuePage),
    )
    async def read_due(
        request: Request, municipality: Place = None, result: str = "", cursor: str = "", limit: int = 500
    ) -> Response:
        if result and result not in table.cases:
            raise Problem(400, "field_invalid", field="result", possible=list(table.cases))
        sight, size = sight_at(request), max(1, min(limit, 2_000))
        async with seen(service.ledger, sight) as tx:
            today = local_day(datetime.now(UTC))
            rows = await records.due(tx, table, today, _within(sight, municipality), result, _after(cursor), size)
        names = ("case_id", "municipality", "result", "ended_on", "until_on")
        items = [dict(zip(names, row, strict=True)) for row in rows]
        return as_json({"items": items, "next": items[-1]["case_id"] if len(items) == size else None})


def _add_erasures(router: APIRouter, service: Service) -> None:
    @router.get(
        "/erasures",
        openapi_extra=may(KEEPERS),
        **answers("Verzoeken om te wissen", "The requests to erase that wait for a second person.", ErasurePage),
    )
    async def read_erasures(
        request: Request, municipality: Place = None, cursor: str = "", limit: int = 500
    ) -> Response:
        sight, size = sight_at(request), max(1, min(limit, 2_000))
        async with seen(service.ledger, sight) as tx:
            rows = await records.asked(tx, _within(sight, municipality), place_of(cursor) or (_LONG_AGO, _NOBODY), size)
        names = ("case_id", "municipality", "result", "reason", "asked_by", "asked_at", "until_on", "run_id")
        items = [dict(zip(names, row, strict=True)) for row in rows]
        return as_json({"items": items, "next": _following(items[-1]) if len(items) == size else None})


def _following(item: dict[str, Any]) -> str:
    return cursor_at(item["asked_at"], item["case_id"])


def _after(cursor: str) -> str:
    """The case after which a page begins. Raises Problem."""
    try:
        return str(UUID(cursor)) if cursor else _NOBODY
    except ValueError:
        raise Problem(400, "cursor_invalid", field="cursor") from None


def _add_readings(router: APIRouter, service: Service) -> None:
    url = vault_of(service).register_url

    @router.get(
        "/readings",
        openapi_extra=may(ACCOUNT),
        **answers(
            "Logboek van inzage",
            "Who read personal data: the log of readings, in its order.",
            ReadingPage,
            refuses=(404,),
        ),
    )
    async def read_readings(request: Request, after: str = "", case: str = "", limit: int = 500) -> Response:
        size, wanted = max(1, min(limit, 2_000)), uuid_of(case) if case else ""
        sight = sight_at(request)
        async with seen(service.ledger, sight) as tx:
            items = await logbook.page(tx, url, position_of(after), size, sight, wanted)
        return as_json({"items": items, "next": str(items[-1]["position"]) if len(items) == size else None})

    @router.get(
        "/processing-register",
        openapi_extra=may(ROLES),
        **answers("Verwerkingsregister", "What is done with personal data, why, and by which law.", RegisterBody),
    )
    async def read_register() -> Response:
        entries = files.register().items()
        return as_json({"items": [{"id": f"{url}#{name}", "activity": name, **asdict(one)} for name, one in entries]})
