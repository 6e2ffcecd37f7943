"""Reading a request: key, trace, body and ids, each held to its rule before anything else looks at it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson
from fastapi import Request
from fastapi.responses import Response

from shared import strictly
from shared.http.problems import Problem
from shared.ids import new_id

MAX_BYTES = 8 * 1024 * 1024


def json_answer(body: Any, code: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer of JSON."""
    return Response(orjson.dumps(body), code, dict(headers or {}), "application/json")


async def storable(request: Request) -> None:
    """The dependency of every route. Raises Problem when a parameter holds what no text in a database can: NUL."""
    known = {one.alias for one in request.scope["route"].dependant.query_params}
    for name, value in request.query_params.multi_items():
        if name in known and "\x00" in value:
            raise Problem(400, "field_invalid", field=name)


def idempotency_key(request: Request) -> str:
    """The request's key; a fresh one when there is none. Raises Problem when it is no UUID."""
    given = request.headers.get("idempotency-key")
    if given is None:
        return new_id()
    try:
        return str(UUID(given.strip('"')))
    except ValueError:
        raise Problem(400, "key_invalid", field="Idempotency-Key") from None


def expected_version(request: Request) -> int | None:
    """The version that the caller decided on (If-Match); None when none is asked. Raises Problem when it is no ETag."""
    given = request.headers.get("if-match")
    if given is None or given.strip() == "*":
        return None
    if (version := _version(given)) is None:
        raise Problem(400, "etag_invalid", field="If-Match")
    return version


def known_version(request: Request) -> int | None:
    """The version that the caller has (If-None-Match); None when none is said that a case could have."""
    return _version(request.headers.get("if-none-match", ""))


def _version(tag: str) -> int | None:
    """The version that an ETag of a case stands for; None when it is none."""
    tag = tag.strip()
    right = tag.startswith('"') and tag.endswith('"') and tag[1:-1].isdecimal() and len(tag) < 12
    return int(tag[1:-1]) if right else None


def trace_of(request: Request) -> str:
    """The trace of this request: the caller's, with a span of our own, or a new one."""
    return str(request.state.traceparent)


async def body_bytes(request: Request, kind: str) -> bytes:
    """The body, read no further than is allowed. Raises Problem."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != kind:
        raise Problem(415, "wrong_content_type", field="Content-Type", possible=[kind])
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BYTES:
            raise Problem(413, "too_large", possible=[f"{MAX_BYTES} bytes"])
        parts.append(part)
    return b"".join(parts)


async def body_json(request: Request) -> Any:
    """The body as JSON. Raises Problem."""
    raw = await body_bytes(request, "application/json")
    try:
        return strictly.loads(raw)
    except orjson.JSONDecodeError:
        raise Problem(400, "not_json") from None
    except strictly.GivenTwice as twice:
        raise Problem(400, "field_twice", field=twice.field) from None


def uuid_of(value: str) -> str:
    """The id in its one spelling. Raises Problem 404: what is no id is no case of ours."""
    try:
        return str(UUID(value))
    except ValueError:
        raise Problem(404, "case_unknown") from None
