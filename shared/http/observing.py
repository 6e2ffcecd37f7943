"""Around every request: its trace in every log line, one line and one count per answer, the headers of every answer.

Nothing of the request itself is kept: no path (only the route it matched), no query, no body, no address.
"""

from time import perf_counter

import structlog
from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import logging
from shared.http.problems import Problem, response
from shared.measuring import Meters
from shared.metrics import HTTP_REQUESTS, HTTP_SECONDS
from shared.tracing import continued, ids

log = logging.get(__name__)
QUIET = frozenset({"/health/live", "/health/ready", "/metrics", "/v1/status"})
"""Asked all day by machines: counted, not logged."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_GONE = 499
"""The caller went away before there was an answer."""


class Observing:
    """The outermost part of the app. `open_path` is the one document that pages of others may read."""

    def __init__(self, app: ASGIApp, meters: Meters, headers: dict[str, str], open_path: str) -> None:
        self._app, self._meters, self._headers, self._open_path = app, meters, headers, open_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or what else the server has to say."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        traceparent = continued(Headers(scope=scope).get("traceparent", "").lower())
        scope.setdefault("state", {})["traceparent"] = traceparent
        with structlog.contextvars.bound_contextvars(**ids(traceparent)):
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, began = 0, perf_counter()

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._dress(scope, message)
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception:
            log.exception("a request broke", route=route_of(scope, self._open_path))
            if status == 0:
                await response(Request(scope), Problem(500, "internal_error"))(scope, receive, sending)
        finally:
            self._tell(scope, status or _GONE, perf_counter() - began)

    def _dress(self, scope: Scope, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        headers.update(self._headers)
        if scope["path"] == self._open_path:
            headers["Access-Control-Allow-Origin"] = "*"

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        route = route_of(scope, self._open_path)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._meters.add(HTTP_REQUESTS, route, method, str(status))
        self._meters.observe(HTTP_SECONDS, seconds, route, method)
        if route not in QUIET:
            log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


def route_of(scope: Scope, open_path: str) -> str:
    """The template of the route that matched: a closed set, whatever is asked."""
    route = getattr(scope.get("route"), "path", None)
    if route is not None:
        return str(route)
    return open_path if scope["path"] == open_path else "unmatched"
