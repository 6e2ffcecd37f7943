"""The door of the monthly report: a page per municipality, as of the beginning of a month."""

import asyncio
import re
from datetime import UTC, date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from services.insight.doors.asked import asked_about, figures_of, no_slice, refused
from services.insight.doors.bodies import ReportBody
from services.insight.doors.measuring import READERS
from services.insight.measures.slicing import SliceImpossible, SliceUnknown
from services.insight.report.gather import begin
from services.insight.report.making import report
from services.insight.service import Insight
from services.insight.shown import ALL
from shared.http.access import may
from shared.http.describing import answers

HTML = "text/html; charset=utf-8"
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_FIRST_YEAR = 1900
"""A report looks back a year and more, and nothing on the log is so old."""
Municipality = Annotated[str, Path(description="CBS code, or `all`.")]
Month = Annotated[str | None, Query(description="2016-12: as of its beginning; without it this month.")]
For = Annotated[Literal["partner", "public"], Query(description="partner: both parties see the same; public: rounded.")]


def report_routes(insight: Insight) -> APIRouter:
    """All under /v1."""
    router = asked_about()

    @router.get(
        "/reports/{municipality}",
        openapi_extra=may(READERS),
        **answers(
            "Maandverslag",
            "The monthly report of a municipality: one page.",
            ReportBody,
            kind="text/html",
            refuses=(503,),
        ),
    )
    async def read_report(municipality: Municipality, month: Month = None, audience: For = "partner") -> Response:
        wanted = month_of(month, datetime.now(UTC))
        name = None if municipality == ALL else municipality
        try:
            page = await asyncio.to_thread(report, figures_of(insight), name, wanted, audience)
        except (SliceUnknown, SliceImpossible) as trouble:
            raise no_slice(trouble) from None
        return Response(page.encode(), media_type=HTML)

    return router


def month_of(said: str | None, now: datetime) -> date:
    """The month that is asked for, or this one. Raises Problem when it is none, or has not begun."""
    if said is None:
        return now.astimezone(UTC).date().replace(day=1)
    found = _MONTH.fullmatch(said)
    if found is None or int(found[1]) < _FIRST_YEAR:
        raise refused(400, "month_invalid", "month")
    month = date(int(found[1]), int(found[2]), 1)
    if begin(month) > now:
        raise refused(400, "moment_in_future", "month")
    return month
