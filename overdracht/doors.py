"""The services' doors, from outside: one function for each, and two kinds of trouble (away for now, or a plain no)."""

import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
import orjson

from overdracht.product import Product

Json = dict[str, Any]
_ANSWER_SECONDS = 60.0
_NEXT = re.compile(r'<([^>]+)>\s*;[^,]*rel="?next"?')


class Away(Exception):  # noqa: N818 - a state of the other side, not an error of ours
    """No answer for now (down, restarting, its database away): the same request may be sent again."""


class Problem(Exception):  # noqa: N818 - the other side's answer
    """A plain no (problem+json): asking again gives the same answer."""

    def __init__(self, service: str, status: int, body: Json) -> None:
        super().__init__(f"{service}: {status} {body.get('code', '')}")
        self.service, self.status, self.body = service, status, body
        self.code = str(body.get("code", ""))


@dataclass(frozen=True)
class Door:
    """One service's HTTP door."""

    service: str
    http: httpx.AsyncClient


Doors = Mapping[str, Door]


@cache
def trusted() -> ssl.SSLContext:
    """Whom a client believes behind https, read once for all clients: it takes longer than most answers."""
    return httpx.create_ssl_context(trust_env=False)


@asynccontextmanager
async def opened(product: Product, token: str | None = None) -> AsyncIterator[Doors]:
    """Clients for the services of a running product, with a token of its own issuer: the command's own, or this one."""
    limits = httpx.Timeout(_ANSWER_SECONDS, connect=5.0)
    async with AsyncExitStack() as stack:
        doors, said = {}, {"Authorization": f"Bearer {token or product.token}"}
        for service, url in product.services.items():
            client = httpx.AsyncClient(base_url=url, timeout=limits, trust_env=False, verify=trusted(), headers=said)
            doors[service] = Door(service, await stack.enter_async_context(client))
        yield doors


@asynccontextmanager
async def insight(product: Product, seconds: float = _ANSWER_SECONDS, token: str = "") -> AsyncIterator[Door]:
    """Insight's door, with this token or the command's own; some of its answers take longer than others."""
    said, limits = {"Authorization": f"Bearer {token or product.token}"}, httpx.Timeout(seconds, connect=5.0)
    client = httpx.AsyncClient(
        base_url=product.insight, timeout=limits, trust_env=False, verify=trusted(), headers=said
    )
    async with client:
        yield Door("insight", client)


async def asked(door: Door, method: str, path: str, **request: Any) -> httpx.Response:
    """The answer to one request. Raises Away or Problem."""
    try:
        answer = await door.http.request(method, path, **request)
    except httpx.TransportError as trouble:
        raise Away(f"{door.service}: {type(trouble).__name__}") from None
    if answer.status_code >= 500 or answer.status_code == 429:
        raise Away(f"{door.service}: HTTP {answer.status_code}")
    if answer.status_code >= 400:
        raise Problem(door.service, answer.status_code, _problem(answer))
    return answer


def _problem(answer: httpx.Response) -> Json:
    try:
        body = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


async def get(door: Door, path: str, **params: Any) -> Any:
    """The JSON that a GET answers."""
    asked_for = {name: value for name, value in params.items() if value is not None}
    return orjson.loads((await asked(door, "GET", path, params=asked_for)).content)


async def post(door: Door, path: str, body: Json) -> Any:
    """The JSON that a POST of JSON answers."""
    return orjson.loads((await asked(door, "POST", path, json=body)).content)


async def put_facts(door: Door, lines: bytes, count: int, key: str) -> list[Json]:
    """Puts history in; one answer per line, in order. The same key again is the same request again."""
    headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": key}
    answer = await asked(door, "POST", "/v1/facts", params={"imported": "true"}, content=lines, headers=headers)
    try:
        answers: list[Json] = orjson.loads(b"[" + b",".join(answer.content.splitlines()) + b"]")
    except orjson.JSONDecodeError:
        raise Away(f"{door.service}: half an answer") from None
    if len(answers) != count:
        raise Away(f"{door.service}: {len(answers)} answers to {count} lines")
    return answers


async def event_pages(door: Door, start: str = "", limit: int = 2_000) -> AsyncIterator[tuple[bytes, str]]:
    """The ledger's pages as raw JSON, oldest first, each with the address of the next; ends at the first empty one.

    `start` is such an address from before; empty begins at the beginning.
    """
    path = start or f"/v1/events?limit={limit}"
    while path:
        answer = await asked(door, "GET", path)
        if len(answer.content) <= len(b"[]"):
            return
        following = _NEXT.search(answer.headers.get("link", ""))
        path = following[1] if following else ""
        yield answer.content, path


async def listed(
    door: Door, path: str, cursor: str, start: int | str | None = None, **params: Any
) -> AsyncIterator[Json]:
    """All items of a list, page by page; `cursor` names the parameter that asks for the next page."""
    following = start
    while True:
        page = await get(door, path, **params, **{cursor: following})
        for item in page["items"]:
            yield item
        following = page.get("next")
        if following is None:
            return
