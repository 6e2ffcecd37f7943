"""What the doors really answer is what the OpenAPI document promises: status, content type, headers, body."""

from uuid import uuid4

import pytest

from tests.integration.described import described as document_of
from tests.integration.test_doors import CASE, CASEWORKER, SEND, opened, send
from tests.integration.world import World, line, sent_line

REFERRAL = document_of("referral")


@pytest.fixture
def described(world: World) -> World:
    """The world, with every answer held beside the document."""
    world.doors.event_hooks["response"].append(REFERRAL)
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
    assert len(REFERRAL.seen) > 18, sorted(REFERRAL.seen)
