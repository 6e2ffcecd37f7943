"""The doors: bad input gets a clear no that names field and rule; nothing is lost, nothing is half written."""

import asyncio
from typing import Any
from uuid import uuid4

import orjson
import pytest

from shared.ids import from_number
from tests.builders import ID_KEY
from tests.integration.world import World, line, sent_line
from tests.unit.shared.told import opening

CASE = from_number(ID_KEY, "GM0546", "dossier", "L-1")
CASEWORKER = {"role": "caseworker", "id": "km-1", "municipality": "GM0546"}
SEND = orjson.loads(sent_line())["data"]
JSON = {"Content-Type": "application/json"}


async def opened(world: World) -> None:
    await world.tell(opening())
    await world.settled()


async def send(world: World, body: Any, key: str | None = None, case_id: str = CASE, **headers: str) -> Any:
    given = {"Idempotency-Key": key} if key else {}
    return await world.doors.post(f"/v1/cases/{case_id}/send-referral", json=body, headers=given | headers)


async def events(world: World) -> int:
    [(count,)] = await world.sql("select count(*) from event")
    return int(count)


async def test_the_same_command_with_the_same_key_is_one_and_gets_the_same_answer(world: World) -> None:
    await opened(world)
    key, body = str(uuid4()), {"actor": CASEWORKER, "data": SEND}
    first, second = await send(world, body, key), await send(world, body, key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert first.json()["warnings"] == ["diagnosis_missing"]
    assert await events(world) == 1


async def test_a_key_used_for_another_body_is_refused(world: World) -> None:
    await opened(world)
    key = str(uuid4())
    await send(world, {"actor": CASEWORKER, "data": SEND}, key)
    other = await send(world, {"actor": CASEWORKER, "data": SEND | {"referral": "R-2"}}, key)
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")


async def test_a_command_waits_a_moment_for_a_case_that_is_on_its_way(world: World) -> None:
    asked = asyncio.create_task(send(world, {"actor": CASEWORKER, "data": SEND}))
    await world.tell(opening())
    assert (await asked).status_code == 201


async def test_a_case_nobody_knows_is_not_found(world: World) -> None:
    answer = await send(world, {"actor": CASEWORKER, "data": SEND})
    assert (answer.status_code, answer.json()["code"]) == (404, "case_unknown")
    assert (await world.doors.get("/v1/cases/no-uuid")).status_code == 404


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"actor": {"role": "king", "id": "x"}, "data": SEND}, "input_invalid", "actor.role"),
        ({"actor": CASEWORKER, "data": SEND | {"warm": "yes"}}, "input_invalid", "data.warm"),
        ({"actor": CASEWORKER, "data": SEND | {"age": 25}}, "input_invalid", "data.age"),
        ({"actor": CASEWORKER, "data": {"referral": "R-1"}}, "input_invalid", "data.from_organisation"),
        ({"actor": CASEWORKER, "data": SEND, "extra": 1}, "field_unknown", "extra"),
        ({"actor": CASEWORKER, "data": SEND, "occurred_at": "yesterday"}, "time_invalid", "occurred_at"),
        ({"actor": CASEWORKER, "data": []}, "field_invalid", "data"),
        ([], "not_an_object", None),
        ({"actor": CASEWORKER | {"id": "123456782"}, "data": SEND}, "input_invalid", "actor.id"),
    ],
)
async def test_what_is_wrong_in_a_command_is_named(world: World, body: Any, code: str, field: str | None) -> None:
    await opened(world)
    answer = await send(world, body)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (400, code)
    assert answer.headers["content-type"] == "application/problem+json"
    named = {problem.get("field"), *(error["field"] for error in problem.get("errors", []))}
    assert field in named
    assert problem["nl"]
    assert problem["en"]
    assert "123456782" not in answer.text
    assert await events(world) == 0


async def test_all_wrong_fields_are_named_at_once(world: World) -> None:
    await opened(world)
    answer = await send(world, {"actor": CASEWORKER, "data": {"referral": "R-1", "trajectory": "flying"}})
    fields = {error["field"] for error in answer.json()["errors"]}
    assert fields >= {"data.trajectory", "data.from_organisation", "data.to_organisation", "data.goal", "data.warm"}


async def test_a_refusal_speaks_the_callers_language(world: World) -> None:
    await opened(world)
    await send(world, {"actor": CASEWORKER, "data": SEND})
    body = {"actor": CASEWORKER, "data": SEND | {"referral": "R-2"}}
    dutch = (await send(world, body)).json()
    english = (await send(world, body, **{"Accept-Language": "en-GB"})).json()
    assert dutch["detail"] == dutch["nl"] == "Er loopt al een doorverwijzing voor dit traject."
    assert english["detail"] == english["en"] == "There is an open referral for this trajectory already."


async def test_lines_are_answered_one_by_one_and_the_good_ones_go_in(world: World) -> None:
    await opened(world)
    lines = [
        sent_line(),
        b"{not json",
        b"\xff\xfe",
        b"[]",
        sent_line(number="R-2"),
        line("never_heard_of", {}),
        line("referral_returned", {"referral": "R-1", "reasons": [{"code": "divers", "primary": True}]}),
        orjson.dumps({**orjson.loads(sent_line()), "municipality": "Leiden"}),
        orjson.dumps({**orjson.loads(sent_line()), "at": "2026-03-02"}),
        sent_line(dossier="L-404"),
        sent_line(),
        line("referral_received", {"referral": "R-1"}),
    ]
    answers = await world.post_lines(lines)
    assert [(answer["status"], answer.get("code")) for answer in answers] == [
        ("accepted", None),
        ("rejected", "not_json"),
        ("rejected", "not_json"),
        ("rejected", "not_an_object"),
        ("rejected", "already_referred"),
        ("rejected", "fact_unknown"),
        ("rejected", "reason_general"),
        ("rejected", "field_invalid"),
        ("rejected", "time_invalid"),
        ("rejected", "case_unknown"),
        ("duplicate", None),
        ("accepted", None),
    ]
    assert [answer["line"] for answer in answers] == list(range(1, 13))
    assert all(answer["nl"] and answer["en"] for answer in answers if answer["status"] == "rejected")
    assert answers[6]["possible"]
    assert await events(world) == 2


async def test_a_request_sent_again_after_a_lost_answer_says_accepted_again(world: World) -> None:
    await opened(world)
    key = str(uuid4())
    first = await world.post_lines([sent_line(), sent_line()], key=key)
    again = await world.post_lines([sent_line(), sent_line()], key=key)
    other = await world.post_lines([sent_line()])
    statuses = [[answer["status"] for answer in answers] for answers in (first, again, other)]
    assert statuses == [["accepted", "duplicate"], ["accepted", "duplicate"], ["duplicate"]]
    assert await events(world) == 1


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"{}", "text/plain", 415, "wrong_content_type"),
        (b"x" * (8 * 1024 * 1024 + 1), "application/x-ndjson", 413, "too_large"),
        (b"{}\n" * 5001, "application/x-ndjson", 413, "too_large"),
    ],
)
async def test_a_body_that_is_not_read_says_why(
    world: World, content: bytes, kind: str, status: int, code: str
) -> None:
    answer = await world.doors.post("/v1/facts", content=content, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_malformed_json_of_a_command_is_refused(world: World) -> None:
    path = f"/v1/cases/{CASE}/send-referral"
    for body in (b"{", b"\xff", b'{"a":' * 20_000, b""):
        answer = await world.doors.post(path, content=body, headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (400, "not_json")


async def test_a_key_that_is_no_uuid_and_a_cursor_from_nowhere_are_refused(world: World) -> None:
    await opened(world)
    wrong = await send(world, {"actor": CASEWORKER, "data": SEND}, "not-a-key")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "key_invalid")
    for path in ("/v1/events?after=nowhere", "/v1/cases?cursor=nowhere", "/v1/events?after=" + "9" * 30):
        answer = await world.doors.get(path)
        assert (answer.status_code, answer.json()["code"]) == (400, "cursor_invalid")


async def test_whoever_was_away_reads_all_events_in_order_and_keeps_a_cursor(world: World) -> None:
    await opened(world)
    lines = [sent_line(), line("referral_received", {"referral": "R-1"})]
    lines += [line("appointment_missed", {"referral": "R-1", "by": "citizen", "reason": "ill"})]
    lines[2:2] = [line("referral_accepted", {"referral": "R-1", "coach": "co-1", "first_contact_on": "2026-03-09"})]
    await world.post_lines(lines)
    found, path = [], "/v1/events?limit=3"
    for _ in range(3):
        answer = await world.doors.get(path)
        assert answer.headers["content-type"] == "application/cloudevents-batch+json"
        found += answer.json()
        path = answer.headers["link"].partition("<")[2].partition(">")[0]
    assert [event["caseversion"] for event in found] == [1, 2, 3, 4]
    await world.post_lines([line("referral_withdrawn", {"referral": "R-1", "reason": "law.moved"})])
    [late] = (await world.doors.get(path)).json()
    assert late["type"] == "nl.overdrachten.referral_withdrawn.v1"


async def test_every_answer_carries_the_version_and_the_safety_headers(world: World) -> None:
    for path in ("/v1/status", "/v1/nowhere", "/health/live", "/v1/cases/"):
        answer = await world.doors.get(path)
        assert answer.headers["api-version"] == "1.0.0"
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_lists_show_whose_turn_it_is_and_find_cases_by_who_is_involved(world: World) -> None:
    await opened(world)
    await world.post_lines([sent_line()])
    for query, count in (
        ("status=open", 1),
        ("status=closed", 0),
        ("provider=org-rw", 1),
        ("provider=org-other", 0),
        ("caseworker=caseworker-1", 1),
        ("municipality=GM0546&status=open&provider=org-rw", 1),
        ("municipality=GM0344", 0),
    ):
        items = (await world.doors.get(f"/v1/cases?{query}")).json()["items"]
        assert len(items) == count, query
    assert (await world.doors.get("/v1/cases?status=lost")).status_code == 400


async def test_capacity_is_stated_about_an_organisation_and_about_no_citizen(world: World) -> None:
    data = {"organisation": "org-rw", "trajectory": "reintegration", "places": 12, "from_on": "2026-01-01"}
    coach = {"role": "coach", "id": "co-1", "organisation": "org-rw"}
    answer = await world.doors.post(f"/v1/cases/{uuid4()}/state-capacity", json={"actor": coach, "data": data})
    assert answer.status_code == 201, answer.text
    await world.settled()
    [record] = await world.topic("overdracht.referral")
    assert "case_id" not in orjson.loads(record.value)
    assert (await world.doors.get("/v1/cases")).json()["items"] == []
