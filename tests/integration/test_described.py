"""What the doors really answer is what the OpenAPI document promises: status, content type, headers, body."""

import re
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest
from jsonschema import Draft202012Validator

from schemas.sources import FOLDER
from tests.contract.design_rules import resolved
from tests.integration.test_doors import CASE, CASEWORKER, SEND, opened, send
from tests.integration.world import World, line, sent_line

DOCUMENT: Any = orjson.loads((FOLDER / "openapi" / "referral.json").read_bytes())
SEEN: set[tuple[str, str]] = set()


async def as_described(answer: httpx.Response) -> None:
    """Raises when the answer is another than the document promises."""
    await answer.aread()
    path = answer.request.url.path.removeprefix("/v1")
    fits = [one for one in DOCUMENT["paths"] if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one), path)]
    [template] = fits if path not in fits else [path]
    operation = DOCUMENT["paths"][template][answer.request.method.lower()]
    promised = resolved(DOCUMENT, operation["responses"][str(answer.status_code)])
    assert all(answer.headers[name] for name in promised["headers"])
    content = promised["content"][answer.headers["content-type"]]["schema"]
    check = Draft202012Validator(content | {"components": DOCUMENT["components"]})
    lines = answer.headers["content-type"] == "application/x-ndjson"
    for body in answer.content.splitlines() if lines else [answer.content]:
        check.validate(orjson.loads(body))
    SEEN.add((f"{answer.request.method} {template}", str(answer.status_code)))


@pytest.fixture
def described(world: World) -> World:
    """The world, with every answer held beside the document."""
    world.doors.event_hooks["response"].append(as_described)
    return world


async def test_every_answer_is_as_described(described: World) -> None:
    world, key = described, str(uuid4())
    assert (await send(world, {"actor": CASEWORKER, "data": SEND})).status_code == 404
    await opened(world)
    body = {"actor": CASEWORKER, "data": SEND}
    for status, given in ((201, body), (409, body | {"municipality": "GM0546"}), (400, {"actor": 1}), (400, [])):
        assert (await send(world, given, key)).status_code == status
    assert (await send(world, {"actor": CASEWORKER, "data": SEND | {"age": 1}})).status_code == 400
    reason = {"referral": "R-1", "reasons": [{"code": "divers", "primary": True}]}
    await world.post_lines([sent_line(), b"{", line("referral_received", {"referral": "R-1"}), sent_line("L-404")])
    await world.post_lines([line("referral_returned", reason), line("never_heard_of", {})])
    await world.settled()
    for path in ("status", "catalogue", "events", "events?after=x", "checkpoints", "checkpoints?limit=x", "cases",
                 "cases?status=x", f"cases/{CASE}", "cases/none", "dead-letters", "dead-letters?status=x"):  # fmt: skip
        await world.doors.get(f"/v1/{path}")
    for choice in ({"all": True}, {"all": False}, {"case_id": "none"}):
        await world.doors.post("/v1/dead-letters/put-back", json=choice)
    assert len(SEEN) > 18, sorted(SEEN)
