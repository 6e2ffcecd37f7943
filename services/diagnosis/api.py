"""Diagnosis' own routes besides the doors every service has: coverage, instruments, frameworks."""

import base64
import binascii
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.diagnosis.bodies import Coverage, DiagnosisCase, FrameworkBody, Instruments
from services.diagnosis.domain.view import view
from services.diagnosis.store import coverage_figures, library, starts, to_diagnose
from shared.http.access import may, sight_at
from shared.http.cases import case_routes
from shared.http.describing import answers
from shared.http.problems import Problem
from shared.ledger.seeing import seen
from shared.rights import ROLES
from shared.service import Service
from shared.worktime import local_day

WHO_PLANS = frozenset({"caseworker", "analyst", "operator"})
"""Who may see who is still to be diagnosed."""
_FIRST = (date.min, str(UUID(int=0)))
Start = Annotated[date | None, Query(description="From when everyone is diagnosed; without it what is agreed.")]
Municipality = Annotated[str, Query(pattern=r"^GM\d{4}$", description="CBS code of the municipality.")]


def routes(service: Service) -> list[APIRouter]:
    """Cases and lists, who is still to be diagnosed, and what is diagnosed and weighed with."""
    router = APIRouter(prefix="/v1")
    _add_coverage(router, service)
    _add_library(router)
    return [case_routes(service, view, DiagnosisCase), router]


def _json(body: Any) -> Response:
    return Response(orjson.dumps(body), media_type="application/json")


def _add_coverage(router: APIRouter, service: Service) -> None:
    @router.get(
        "/coverage",
        openapi_extra=may(WHO_PLANS),
        **answers(
            "Wie nog geen diagnose heeft",
            "Who on benefit was not diagnosed yet since the start, with the day it is due.",
            Coverage,
        ),
    )
    async def read_coverage(
        request: Request, municipality: Municipality, start: Start = None, cursor: str = "", limit: int = 50
    ) -> Response:
        sight = sight_at(request)
        if sight.municipality not in ("", municipality):
            raise Problem(403, "out_of_sight", field="municipality")
        start = start or starts().of(municipality)
        if not 1990 <= start.year <= 2190:
            raise Problem(400, "field_invalid", field="start")
        size, today = max(1, min(limit, 500)), local_day(datetime.now(UTC))
        async with seen(service.ledger, sight) as tx:
            figures = await coverage_figures(tx, municipality, start, today)
            rows = await to_diagnose(tx, municipality, start, _place(cursor), size)
        on_benefit, undiagnosed, overdue = figures
        body = {
            "municipality": municipality,
            "start": start,
            "on_benefit": on_benefit,
            "to_diagnose": undiagnosed,
            "overdue": overdue,
            "items": [_due(row, today) for row in rows],
            "next": _cursor(rows[-1]) if len(rows) == size else None,
        }
        return _json(body)


def _due(row: Any, today: date) -> dict[str, Any]:
    case_id, since, due_on, diagnosed_on = row
    return {
        "case_id": case_id,
        "benefit_since": since,
        "due_on": due_on,
        "overdue": due_on < today,
        "days_left": (due_on - today) // timedelta(days=1),
        "last_diagnosed_on": diagnosed_on,
    }


def _cursor(row: Any) -> str:
    return base64.urlsafe_b64encode(f"{row[1].isoformat()} {row[0]}".encode()).decode()


def _place(cursor: str) -> tuple[date, str]:
    """The place a cursor stands for. Raises Problem."""
    if not cursor:
        return _FIRST
    try:
        since, case_id = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
        return date.fromisoformat(since), str(UUID(case_id))
    except (ValueError, binascii.Error):
        raise Problem(400, "cursor_invalid", field="cursor") from None


def _add_library(router: APIRouter) -> None:
    @router.get(
        "/instruments",
        openapi_extra=may(ROLES),
        **answers("De instrumenten", "What a diagnosis can be made with, each version with its items.", Instruments),
    )
    async def read_instruments() -> Response:
        return _json({"items": list(library().instruments.values())})

    @router.get(
        "/framework",
        openapi_extra=may(ROLES),
        **answers(
            "Het afwegingskader",
            "The arguments a municipality weighs with; no argument is worth more than another.",
            FrameworkBody,
            refuses=(404,),
        ),
    )
    async def read_framework(municipality: Municipality, version: str | None = None) -> Response:
        found = library().framework(municipality, version)
        if found is None:
            raise Problem(404, "not_found", field="version", possible=library().versions(municipality))
        arguments = list(found.arguments.values())
        return _json({"version": found.version, "municipality": municipality, "arguments": arguments})
