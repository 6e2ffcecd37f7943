"""The doors of published numbers: kept with all that they rest on, and made again to the byte."""

import asyncio
import hashlib
from datetime import datetime
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from services.insight.doors.asked import checked, figures_of, no_slice, refused
from services.insight.doors.bodies import NumberBody, PublishedPage, ReproducedBody
from services.insight.measures.disclosing import Audience
from services.insight.measures.publishing import NumberUnknown, listed, publish, published, reproduce
from services.insight.measures.slicing import SliceImpossible, SliceUnknown
from services.insight.service import Insight
from shared.http.access import may
from shared.http.describing import answers, reads
from shared.http.input import body_json
from shared.http.problems import Problem, field_errors
from shared.rights import OPERATE, ROLES

READERS = ROLES - {"citizen"}


class Wish(BaseModel):
    """Which number is to be published."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    measure: str
    as_of: AwareDatetime | None = None
    slice: dict[str, str] = {}
    audience: Audience = "public"


def publish_routes(insight: Insight) -> APIRouter:
    """All under /v1."""
    router = APIRouter(prefix="/v1")
    lake = insight.settings.lake_folder

    @router.post(
        "/published",
        status_code=201,
        openapi_extra=may(OPERATE) | reads("application/json", Wish.model_json_schema()),
        **answers(
            "Publiceer een cijfer",
            "Keeps a number with all it rests on; twice the same is one.",
            NumberBody,
            status=201,
        ),
    )
    async def publish_number(request: Request) -> Response:
        wish = await _wish(request)
        at = checked(request, wish.measure, wish.as_of, wish.audience)
        number, content = await _published(insight, wish, at)
        return _numbered(number, content, 201)

    @router.get(
        "/published",
        openapi_extra=may(READERS),
        **answers("Gepubliceerde cijfers", "Every published number, shortly.", PublishedPage),
    )
    async def read_published() -> Response:
        items = await asyncio.to_thread(lambda: [one for one in listed(lake) if one["audience"] != "internal"])
        return Response(orjson.dumps({"items": items}), media_type="application/json")

    @router.get(
        "/published/{number}",
        openapi_extra=may(READERS),
        **answers("Een gepubliceerd cijfer", "A published number, as it was published.", NumberBody),
    )
    async def read_number(number: str) -> Response:
        try:
            content = await asyncio.to_thread(published, lake, number)
        except NumberUnknown:
            raise refused(404, "number_unknown", "number") from None
        return _numbered(number, content)

    @router.post(
        "/published/{number}/reproduction",
        openapi_extra=may(OPERATE) | {"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}},
        **answers("Maak het opnieuw", "Makes a published number again, from the log as it was then.", ReproducedBody),
    )
    async def reproduce_number(number: str) -> Response:
        try:
            found = await asyncio.to_thread(reproduce, lake, number)
        except NumberUnknown:
            raise refused(404, "number_unknown", "number") from None
        body = {
            "id": number,
            "same": found.same,
            "sha256": hashlib.sha256(found.published).hexdigest(),
            "again_sha256": hashlib.sha256(found.again).hexdigest(),
        }
        return Response(orjson.dumps(body), media_type="application/json")

    return router


def _numbered(number: str, content: bytes, status: int = 200) -> Response:
    """The number as it is kept, byte for byte."""
    return Response(
        b'{"id":"' + number.encode() + b'","number":' + content + b"}", status, media_type="application/json"
    )


async def _wish(request: Request) -> Wish:
    body: Any = await body_json(request)
    try:
        return Wish.model_validate(body)
    except ValidationError as wrong:
        raise Problem(400, "input_invalid", errors=field_errors(wrong)) from None


async def _published(insight: Insight, wish: Wish, at: datetime) -> tuple[str, bytes]:
    figures, lake = figures_of(insight), insight.settings.lake_folder
    try:
        return await asyncio.to_thread(publish, lake, figures, wish.measure, wish.slice, at, wish.audience)
    except (SliceUnknown, SliceImpossible) as trouble:
        raise no_slice(trouble) from None
