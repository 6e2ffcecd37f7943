"""The doors of published numbers: kept with all that they rest on, and made again to the byte."""

import asyncio
import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.insight.doors.asked import asked_about, body_as, checked, figures_of, inside, no_slice, refused
from services.insight.doors.bodies import NumberBody, PublishedPage, ReproducedBody
from services.insight.measures.disclosing import Audience
from services.insight.measures.publishing import NumberUnknown, listed, publish, published, reproduce
from services.insight.measures.slicing import Slice, SliceImpossible, SliceUnknown
from services.insight.service import Insight
from shared.http.access import may
from shared.http.describing import answers, reads
from shared.rights import OPERATE, ROLES

READERS = ROLES - {"citizen"}


_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True)


class SliceAsked(BaseModel):
    """Of whom or what: all, where it does not say."""

    model_config = _STRICT

    municipality: str | None = None
    provider: str | None = None
    trajectory: str | None = None
    direction: str | None = None
    month: str | None = None
    warm: str | None = None
    diagnosed_before: str | None = None
    channel: str | None = None
    instrument: str | None = None


class Wish(BaseModel):
    """Which number is to be published."""

    model_config = _STRICT

    measure: str
    as_of: AwareDatetime | None = None
    slice: SliceAsked = SliceAsked()
    audience: Audience = "public"

    @property
    def wanted(self) -> Slice:
        """The slice, as figures are asked for it."""
        return dict(self.slice.model_dump(exclude_none=True))


def _described() -> dict[str, Any]:
    """The wish as one schema, that points at nothing."""
    found = Wish.model_json_schema()
    [part] = found.pop("$defs").values()
    found["properties"]["slice"] = part | {"default": {}}
    return found


def publish_routes(insight: Insight) -> APIRouter:
    """All under /v1."""
    router = asked_about()
    lake = insight.settings.lake_folder

    @router.post(
        "/published",
        status_code=201,
        openapi_extra=may(OPERATE) | reads("application/json", _described()),
        **answers(
            "Publiceer een cijfer",
            "Keeps a number with all it rests on; twice the same is one.",
            NumberBody,
            status=201,
        ),
    )
    async def publish_number(request: Request) -> Response:
        wish = await body_as(request, Wish)
        at = checked(request, wish.measure, wish.as_of, wish.audience, wish.wanted)
        number, content = await _published(insight, wish, at)
        return _numbered(number, content, 201)

    @router.get(
        "/published",
        openapi_extra=may(READERS),
        **answers("Gepubliceerde cijfers", "Every published number, shortly.", PublishedPage, refuses=(400,)),
    )
    async def read_published() -> Response:
        items = await asyncio.to_thread(lambda: [one for one in listed(lake) if one["audience"] != "internal"])
        return Response(orjson.dumps({"items": items}), media_type="application/json")

    @router.get(
        "/published/{number}",
        openapi_extra=may(READERS),
        **answers("Een gepubliceerd cijfer", "A published number, as it was published.", NumberBody),
    )
    async def read_number(request: Request, number: str) -> Response:
        return _numbered(number, await asyncio.to_thread(_seen, request, lake, number))

    @router.post(
        "/published/{number}/reproduction",
        openapi_extra=may(OPERATE) | {"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}},
        **answers("Maak het opnieuw", "Makes a published number again, from the log as it was then.", ReproducedBody),
    )
    async def reproduce_number(request: Request, number: str) -> Response:
        await asyncio.to_thread(_seen, request, lake, number)
        found = await asyncio.to_thread(reproduce, lake, number)
        body = {
            "id": number,
            "same": found.same,
            "sha256": hashlib.sha256(found.published).hexdigest(),
            "again_sha256": hashlib.sha256(found.again).hexdigest(),
        }
        return Response(orjson.dumps(body), media_type="application/json")

    return router


def _seen(request: Request, lake: Path, number: str) -> bytes:
    """What was published. Raises Problem when it is not there, or holds what is held back from this caller."""
    try:
        content = published(lake, number)
    except NumberUnknown:
        raise refused(404, "number_unknown", "number") from None
    said = orjson.loads(content)
    if said["audience"] == "internal" and not inside(request, said["slice"]):
        raise refused(404, "number_unknown", "number")
    return content


def _numbered(number: str, content: bytes, status: int = 200) -> Response:
    """The number as it is kept, byte for byte."""
    return Response(
        b'{"id":"' + number.encode() + b'","number":' + content + b"}", status, media_type="application/json"
    )


async def _published(insight: Insight, wish: Wish, at: datetime) -> tuple[str, bytes]:
    figures, lake = figures_of(insight), insight.settings.lake_folder
    try:
        return await asyncio.to_thread(publish, lake, figures, wish.measure, wish.wanted, at, wish.audience)
    except (SliceUnknown, SliceImpossible) as trouble:
        raise no_slice(trouble) from None
