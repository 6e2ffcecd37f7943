"""The doors of the statistics that the law asks (SRG): rows without names, names of cases, the share of code 60."""

import asyncio
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.insight.doors.asked import asked_about, body_as, figures_of, refused
from services.insight.doors.bodies_srg import NamesAsked, NamesBody, SrgRows, UnknownShare
from services.insight.measures.disclosing import Audience
from services.insight.service import Insight
from services.insight.srg.answers import (
    DELIVERERS,
    HISTORY,
    MOST_MONTHS,
    MOST_NAMES,
    WATCHERS,
    CasesWrong,
    MonthWrong,
    Statistics,
    month_asked,
    names_told,
    read,
    rows_told,
    unknown_told,
)
from services.insight.srg.mapping import Translations
from shared.http.access import caller_of, may, sight_at
from shared.http.describing import answers, reads
from shared.http.problems import Problem
from shared.months import Month
from shared.worktime import AMSTERDAM

Municipality = Annotated[str, Query(pattern=r"^GM[0-9]{4}$", description="CBS code of the municipality.")]
Written = Annotated[str, Query(alias="month", description="2016-05.")]


def statistics_routes(insight: Insight, translations: Translations) -> APIRouter:
    """All under /v1."""
    router = asked_about()
    settings = insight.settings
    given = Statistics(settings.lake_folder, bytes.fromhex(settings.lake_key), translations)
    _add_rows(router, insight, given)
    _add_names(router, given)
    _add_unknown(router, insight, given)
    return router


def _add_rows(router: APIRouter, insight: Insight, given: Statistics) -> None:
    @router.get(
        "/statistics/srg/rows",
        openapi_extra=may(DELIVERERS),
        **answers(
            "Regels voor de SRG",
            "The rows of a month, of people without a name; for the delivery.",
            SrgRows,
            refuses=(503,),
        ),
    )
    async def read_rows(request: Request, municipality: Municipality, written: Written) -> Response:
        _within(request, municipality)
        figures_of(insight)
        month = _month(written)
        body = await asyncio.to_thread(lambda: rows_told(given, read(given, municipality), month, _today()))
        return _json(body)


def _add_names(router: APIRouter, given: Statistics) -> None:
    @router.post(
        "/statistics/srg/names",
        openapi_extra=may(DELIVERERS) | reads("application/json", NamesAsked.model_json_schema()),
        **answers("Namen van dossiers", "What these cases are called in the rows of this municipality.", NamesBody),
    )
    async def read_names(request: Request) -> Response:
        asked = await body_as(request, NamesAsked)
        _within(request, asked.municipality)
        try:
            names = names_told(given, asked.municipality, asked.case_ids, caller_of(request).subject)
        except CasesWrong:
            raise Problem(400, "field_invalid", field="case_ids", possible=[f"{MOST_NAMES} ids"]) from None
        return _json({"names": names})


def _add_unknown(router: APIRouter, insight: Insight, given: Statistics) -> None:
    @router.get(
        "/statistics/srg/unknown",
        openapi_extra=may(WATCHERS),
        **answers(
            "Aandeel code 60",
            "The share of 'outsourced and unknown', month by month.",
            UnknownShare,
            refuses=(503,),
        ),
    )
    async def read_unknown(
        request: Request,
        municipality: Municipality,
        written: Written,
        months: Annotated[int, Query(ge=1, le=MOST_MONTHS)] = HISTORY,
        provider: str | None = None,
        audience: Audience = "partner",
    ) -> Response:
        _within(request, municipality)
        figures_of(insight)
        if audience == "internal" and not caller_of(request).roles & DELIVERERS:
            raise refused(403, "internal_only", "audience", ["partner", "public"])
        month = _month(written)

        def told() -> dict[str, Any]:
            return unknown_told(given, read(given, municipality), month, months, audience, provider)

        return _json(await asyncio.to_thread(told))


def _within(request: Request, municipality: str) -> None:
    """Raises Problem when the caller's own municipality is another."""
    if sight_at(request).municipality not in ("", municipality):
        raise Problem(403, "out_of_sight", field="municipality")


def _month(written: str) -> Month:
    try:
        return month_asked(written, _today())
    except MonthWrong as wrong:
        raise refused(400, wrong.code, "month") from None


def _today() -> Any:
    return datetime.now(AMSTERDAM).date()


def _json(body: Any) -> Response:
    return Response(orjson.dumps(body), media_type="application/json")
