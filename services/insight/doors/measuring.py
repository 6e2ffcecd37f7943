"""The doors of the measures: what there is, a figure, a figure along a dimension; as JSON or CSV."""

import asyncio
import csv
import io
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.insight.doors.asked import (
    AsOf,
    Diagnosed,
    For,
    asked_about,
    checked,
    figures_of,
    no_slice,
    refused,
)
from services.insight.doors.bodies import FigureBody, MeasurePage, TableBody
from services.insight.measures.asking import Figures, told
from services.insight.measures.computing import COMPUTED
from services.insight.measures.definitions import DEFINITIONS
from services.insight.measures.disclosing import Audience
from services.insight.measures.slicing import DIMENSIONS, SliceImpossible, SliceUnknown, values_of
from services.insight.service import Insight
from shared.http.access import may
from shared.http.describing import answers
from shared.rights import ROLES

READERS = ROLES - {"citizen"}
Form = Annotated[Literal["json", "csv"], Query(description="json or csv.")]
CSV = "text/csv; charset=utf-8"
_COLUMNS = ("measure", "unit", *DIMENSIONS, "as_of", "value", "part", "low", "high", "n", "held_back", "version")


def measure_routes(insight: Insight) -> APIRouter:
    """All under /v1."""
    router = asked_about()

    @router.get(
        "/measures",
        openapi_extra=may(READERS),
        **answers(
            "Wat er wordt gemeten",
            "Every measure: what is counted among what, and how.",
            MeasurePage,
            refuses=(400,),
        ),
    )
    async def read_measures() -> Response:
        items = [one.model_dump() | {"dimensions": _dimensions(insight, one.id)} for one in DEFINITIONS.values()]
        return _json({"items": items})

    _add_figure(router, insight)
    _add_table(router, insight)
    return router


def _dimensions(insight: Insight, measure: str) -> list[str]:
    """Along which dimensions a measure can be cut; none while there are no figures yet."""
    if insight.figures is None:
        return []
    kinds = [insight.figures.frame[kind] for kind in COMPUTED[measure][0]]
    return [name for name in DIMENSIONS if all(name in rows.columns for rows in kinds)]


def _add_figure(router: APIRouter, insight: Insight) -> None:
    @router.get(
        "/measures/{measure}/figure",
        openapi_extra=may(READERS),
        **answers(
            "Een cijfer",
            "A figure of a slice, as of a moment, with its interval.",
            FigureBody,
            also=("text/csv",),
            refuses=(503,),
        ),
    )
    async def read_figure(
        request: Request,
        measure: str,
        as_of: AsOf = None,
        audience: For = "partner",
        municipality: str | None = None,
        provider: str | None = None,
        trajectory: str | None = None,
        direction: str | None = None,
        month: str | None = None,
        warm: str | None = None,
        diagnosed_before: Diagnosed = None,
        channel: str | None = None,
        instrument: str | None = None,
        form: Form = "json",
    ) -> Response:
        wanted = _slice(
            municipality=municipality, provider=provider, trajectory=trajectory, direction=direction, month=month,
            warm=warm, diagnosed_before=diagnosed_before, channel=channel, instrument=instrument,
        )  # fmt: skip
        at = checked(request, measure, as_of, audience, wanted)
        found = await _told(figures_of(insight), measure, wanted, at, audience)
        return _csv([found]) if form == "csv" else _json(found)


def _add_table(router: APIRouter, insight: Insight) -> None:
    @router.get(
        "/measures/{measure}/figures",
        openapi_extra=may(READERS),
        **answers(
            "Een cijfer per waarde",
            "A figure for each value of a dimension, in their order.",
            TableBody,
            also=("text/csv",),
            refuses=(503,),
        ),
    )
    async def read_figures(
        request: Request,
        measure: str,
        by: str,
        as_of: AsOf = None,
        audience: For = "partner",
        municipality: str | None = None,
        provider: str | None = None,
        form: Form = "json",
    ) -> Response:
        within = _slice(municipality=municipality, provider=provider)
        at, figures = checked(request, measure, as_of, audience, within), figures_of(insight)
        if by in within:
            raise refused(400, "slice_impossible", "by")
        try:
            values = values_of(figures.frame, by)
        except SliceUnknown as trouble:
            raise no_slice(trouble, "by") from None
        items = [await _told(figures, measure, within | {by: value}, at, audience) for value in values]
        return _csv(items) if form == "csv" else _json({"measure": measure, "by": by, "items": items})


def _slice(**said: str | None) -> dict[str, str]:
    """What is asked for, in the order of the dimensions."""
    return {name: value for name in DIMENSIONS if (value := said.get(name)) is not None}


async def _told(
    figures: Figures, measure: str, wanted: Mapping[str, str], at: datetime, audience: Audience
) -> dict[str, Any]:
    try:
        return await asyncio.to_thread(told, figures, measure, wanted, at, audience)
    except (SliceUnknown, SliceImpossible) as trouble:
        raise no_slice(trouble) from None


def _json(body: Any) -> Response:
    return Response(orjson.dumps(body), media_type="application/json")


def _csv(items: list[dict[str, Any]]) -> Response:
    """A line per figure, or per part of it; what is not shown is empty, and says why."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerow(_COLUMNS)
    for item in items:
        value = item["value"]
        parts = value.items() if isinstance(value, dict) else [("", value)]
        for part, number in parts:
            row = item | item["slice"] | {"part": part, "value": number, "version": item["definition"]["version"]}
            lines.writerow(["" if row.get(name) is None else row.get(name) for name in _COLUMNS])
    return Response(text.getvalue().encode(), media_type=CSV)
