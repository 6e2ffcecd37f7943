"""Bad input of every kind at the doors: a clear no that names field and rule, counted, and nothing is written."""

import gzip
from base64 import urlsafe_b64encode as b64encode
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import orjson
import pytest

from shared.ids import from_number
from tests.builders import ID_KEY
from tests.integration.world import World, fresh_database, fresh_topics, migrated, referral_running, sent_line
from tests.tokens import caseworker, operator
from tests.unit.shared.told import opening

CASE = from_number(ID_KEY, "GM0546", "dossier", "L-1")
SEND = orjson.loads(sent_line())["data"]
GOOD = orjson.dumps({"data": SEND})
JSON = "application/json"
LATER = orjson.dumps({"data": SEND, "occurred_at": "2199-01-01T00:00:00Z"})
FIRST = "0001-01-01T00:00:00+14:00"
"""A moment before the first year of universal time."""
TWICE = GOOD[:-2] + b',"goal":"education"}}'


@pytest.fixture(scope="module")
async def world(postgres_url: str, bootstrap_servers: str) -> AsyncIterator[World]:
    """Referral with one case; what is refused leaves it as it was, so one is enough for all."""
    await fresh_topics(bootstrap_servers)
    url = await fresh_database(postgres_url)
    await migrated(url)
    async with referral_running(url, bootstrap_servers) as running:
        await running.tell(opening())
        await running.settled()
        yield running


async def given(world: World, body: bytes, kind: str = JSON, **headers: str) -> Any:
    said = caseworker() | {"Content-Type": kind, "Idempotency-Key": str(uuid4())} | headers
    return await world.doors.post(f"/v1/cases/{CASE}/send-referral", content=body, headers=said)


@pytest.mark.parametrize(
    ("body", "kind", "status", "code", "field"),
    [
        (b'{"data":"' + b"x" * 10_000_000 + b'"}', JSON, 413, "too_large", None),
        (GOOD, "text/plain", 415, "wrong_content_type", "Content-Type"),
        (GOOD, "application/x-www-form-urlencoded", 415, "wrong_content_type", "Content-Type"),
        (GOOD, "", 415, "wrong_content_type", "Content-Type"),
        (gzip.compress(GOOD), JSON, 400, "not_json", None),
        (b"[" * 100_000, JSON, 400, "not_json", None),
        (b'{"data":' + b'{"a":' * 300 + b"1" + b"}" * 301, JSON, 400, "field_invalid", "data"),
        (b'{"data":' + b'{"a":' * 900 + b"1" + b"}" * 901, JSON, 400, "field_invalid", "data"),
        (b'{"data":' + b'{"a":' * 1_020 + b"1" + b"}" * 1_021, JSON, 400, "not_json", None),
        (b'{"data":{"goal":' + b"[" * 900 + b"]" * 900 + b"}}", JSON, 400, "field_invalid", "data"),
        (TWICE, JSON, 400, "field_twice", "goal"),
        (b'{"data":{},"data":' + orjson.dumps(SEND) + b"}", JSON, 400, "field_twice", "data"),
        (GOOD.decode().encode("utf-16"), JSON, 400, "not_json", None),
        (b'{"data":{"goal":"caf\xe9"}}', JSON, 400, "not_json", None),
        (b'{"data":{"goal":"\\ud800"}}', JSON, 400, "not_json", None),
        (b"\xef\xbb\xbf" + GOOD, JSON, 400, "not_json", None),
        (b'{"data":{"goal":NaN}}', JSON, 400, "not_json", None),
        (b"", JSON, 400, "not_json", None),
        (b"null", JSON, 400, "not_an_object", None),
        (orjson.dumps({"data": SEND, "age": 25}), JSON, 400, "field_unknown", "age"),
        (orjson.dumps({"data": SEND, "occurred_at": "2026-13-45"}), JSON, 400, "time_invalid", "occurred_at"),
        (orjson.dumps({"data": SEND, "occurred_at": FIRST}), JSON, 400, "time_invalid", "occurred_at"),
        (LATER, JSON, 409, "time_in_future", "occurred_at"),
        (orjson.dumps({"data": SEND, "municipality": "Leiden"}), JSON, 403, "out_of_sight", "municipality"),
    ],
)
async def test_a_body_that_is_not_right_is_refused_by_name_and_leaves_nothing(
    world: World, body: bytes, kind: str, status: int, code: str, field: str | None
) -> None:
    answer = await given(world, body, kind)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), problem
    named = {problem.get("field"), *(error["field"] for error in problem.get("errors", []))}
    assert field in named
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["nl"] != problem["en"]
    assert await world.sql("select count(*) from event") == [(0,)]
    counted = (await world.doors.get("/metrics")).text
    route = 'route="/v1/cases/{case_id}/send-referral"'
    assert any(route in line and f'status="{status}"' in line for line in counted.splitlines())


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Idempotency-Key": "again"}, 400, "key_invalid"),
        ({"If-Match": "latest"}, 400, "etag_invalid"),
        ({"If-Match": '"7"'}, 412, "version_stale"),
    ],
)
async def test_a_header_that_is_not_right_is_refused(
    world: World, headers: dict[str, str], status: int, code: str
) -> None:
    answer = await given(world, GOOD, **headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await world.sql("select count(*) from event") == [(0,)]


@pytest.mark.parametrize(
    "path",
    [
        "events?after=tomorrow",
        "events?after=-1",
        f"events?after={'9' * 30}",
        "cases?cursor=eyJhIjoxfQ==",
        "cases?cursor=x",
        f"cases?cursor={b64encode(f'2016-05-01T10:00:00 {CASE}'.encode()).decode()}",
        f"cases?cursor={b64encode(f'0001-01-01T00:00:00+14:00 {CASE}'.encode()).decode()}",
        f"cases?cursor={b64encode(b'2016-05-01T10:00:00+00:00 none').decode()}",
    ],
)
async def test_a_cursor_from_nowhere_is_refused(world: World, path: str) -> None:
    answer = await world.doors.get(f"/v1/{path}", headers=operator())
    assert (answer.status_code, answer.json()["code"]) == (400, "cursor_invalid")


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("cases?caseworker=%00", "caseworker"),
        ("cases?municipality=GM%000", "municipality"),
        ("cases?provider=%00", "provider"),
        ("checkpoints?after=99999999999999999999", "after"),
        ("checkpoints?after=-1", "after"),
        ("dead-letters?cursor=99999999999999999999", "cursor"),
    ],
)
async def test_what_no_database_can_hold_is_refused_by_name(world: World, path: str, field: str) -> None:
    answer = await world.doors.get(f"/v1/{path}", headers=operator())
    problem = answer.json()
    assert answer.status_code == 400, problem
    assert field in {problem.get("field"), *(error["field"] for error in problem.get("errors", []))}


@pytest.mark.parametrize("choice", [{"positions": [2**63]}, {"positions": [True]}, {"reason": "\x00"}, {"all": 1}])
async def test_letters_that_cannot_be_are_refused_by_name(world: World, choice: dict[str, Any]) -> None:
    answer = await world.doors.post("/v1/dead-letters/put-back", json=choice, headers=operator())
    assert (answer.status_code, answer.json()["field"]) == (400, *choice)


async def test_a_wrong_line_is_named_and_the_others_go_in(world: World) -> None:
    lines = [sent_line()[:-2] + b',"goal":"education"}}', b"[" * 2_000, b'{"at":1}', b"\xff\xfe", sent_line()]
    answers = await world.post_lines(lines)
    assert [one.get("code") for one in answers] == ["field_twice", "not_json", "field_missing", "not_json", None]
    assert (answers[0]["field"], answers[-1]["status"]) == ("goal", "accepted")
    assert await world.sql("select count(*) from event") == [(1,)]
