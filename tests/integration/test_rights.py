"""Who may, at the doors: nobody without a token, everyone within sight, and whoever speaks is who the token says."""

import time
from typing import Any
from uuid import uuid4

import orjson
import pytest
import structlog
from joserfc import jwt
from joserfc.jwk import OKPKey

from overdracht import issuing
from shared.auth import EMBEDDED_ISSUER
from shared.ids import from_number
from tests.builders import ID_KEY
from tests.integration.world import World, line, sent_line
from tests.tokens import bearing, called_by, caseworker, coach, keys, operator
from tests.unit.shared.told import opening, told

CASE = from_number(ID_KEY, "GM0546", "dossier", "L-1")
OTHER = from_number(ID_KEY, "GM0344", "dossier", "L-1")
SEND = orjson.loads(sent_line())["data"]
ELSEWHERE = caseworker("km-9", "GM0344")
ORG_RW, ORG_X = coach(), coach("co-x", "org-x")
CITIZEN = called_by("citizen", cases=(CASE,))


async def opened(world: World) -> None:
    """A case in Leiden and one in Utrecht; the first was sent to org-rw."""
    await world.tell(opening(), told("application_received", 1, OTHER, municipality="GM0344"))
    await world.settled()
    sent = await world.doors.post(f"/v1/cases/{CASE}/send-referral", json={"data": SEND}, headers=caseworker())
    assert sent.status_code == 201, sent.text


async def get(world: World, path: str, who: dict[str, str]) -> Any:
    return await world.doors.get(path, headers=who)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def forged(key: OKPKey | None = None, **changes: Any) -> dict[str, str]:
    """The header of a token that is not quite right."""
    now = int(time.time())
    claims = {"iss": EMBEDDED_ISSUER, "aud": "overdracht", "sub": "km-1", "iat": now, "exp": now + 60}
    claims |= {"roles": ["caseworker"], "municipality": "GM0546"} | changes
    ours = issuing._key((keys() / "issuer.seed").read_text())
    header = {"alg": "Ed25519", "kid": ours.kid}
    return bearing(jwt.encode(header, claims, key or ours, algorithms=["Ed25519"]))


async def test_whoever_brings_no_good_token_passes_no_door(world: World) -> None:
    now = int(time.time())
    stranger = OKPKey.generate_key("Ed25519", private=True)
    wrong = {
        "token_missing": {"Authorization": ""},
        "token_invalid": {"Authorization": "Bearer x.y.z"},
        "token_signature_wrong": forged(stranger),
        "token_expired": forged(iat=now - 900, exp=now - 300),
        "token_not_yet_valid": forged(iat=now + 300, nbf=now + 300, exp=now + 900),
        "token_issuer_unknown": forged(iss="https://elsewhere.example"),
        "token_audience_wrong": forged(aud="another"),
        "token_claims_invalid": forged(roles="caseworker"),
    }
    for expected, header in wrong.items():
        answer = await get(world, f"/v1/cases/{CASE}", header)
        assert code(answer) == (401, expected)
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_clock_that_is_a_little_off_is_forgiven(world: World) -> None:
    await opened(world)
    now = int(time.time())
    assert (await get(world, f"/v1/cases/{CASE}", forged(iat=now + 20))).status_code == 200


async def test_the_speaker_is_the_caller_whether_named_or_not(world: World) -> None:
    await opened(world)
    [(actor,)] = await world.sql("select (data->'actor')::text from event where type like '%referral_sent%'")
    assert orjson.loads(actor) == {"role": "caseworker", "id": "km-1"}
    for changed, field in (
        ({"role": "coach", "id": "km-1"}, "actor.role"),
        ({"role": "caseworker", "id": "km-2"}, "actor.id"),
        ({"role": "caseworker", "id": "km-1", "municipality": "GM0344"}, "actor.municipality"),
        ({"role": "caseworker", "id": "km-1", "organisation": "org-rw"}, "actor.organisation"),
    ):
        body = {"actor": changed, "data": SEND | {"referral": "R-2"}}
        answer = await world.doors.post(f"/v1/cases/{CASE}/send-referral", json=body, headers=caseworker())
        assert code(answer) == (403, "actor_not_yours")
        assert answer.json()["field"] == field


async def test_who_may_speak_in_two_ways_says_which(world: World) -> None:
    await opened(world)
    both = called_by("caseworker", "coach", name="x-1", municipality="GM0546", organisation="org-rw")
    body: dict[str, Any] = {"data": {"referral": "R-1", "reason": "illness"}}
    vague = await world.doors.post(f"/v1/cases/{CASE}/suspend-referral", json=body, headers=both)
    assert code(vague) == (400, "field_missing")
    assert vague.json()["possible"] == ["caseworker", "coach"]


async def test_a_case_of_others_is_as_one_that_is_not_there_and_the_try_is_logged(world: World) -> None:
    await opened(world)
    with structlog.testing.capture_logs() as logs:
        for who in (ELSEWHERE, ORG_X, called_by("citizen", cases=(OTHER,))):
            assert code(await get(world, f"/v1/cases/{CASE}", who)) == (404, "case_unknown")
        refused = [one for one in logs if one["event"] == "access refused"]
        assert [(one["rule"], one["case_id"]) for one in refused] == [("sight", CASE)] * 3
    with structlog.testing.capture_logs() as logs:
        assert code(await get(world, f"/v1/cases/{uuid4()}", ELSEWHERE)) == (404, "case_unknown")
        assert not [one for one in logs if one["event"] == "access refused"]
    for who in (caseworker(), ORG_RW, CITIZEN, operator()):
        assert (await get(world, f"/v1/cases/{CASE}", who)).status_code == 200


async def test_a_command_for_a_case_of_others_changes_nothing(world: World) -> None:
    await opened(world)
    body = {"data": SEND | {"referral": "R-9"}}
    answer = await world.doors.post(f"/v1/cases/{CASE}/send-referral", json=body, headers=ELSEWHERE)
    assert code(answer) == (404, "case_unknown")
    took = {"data": {"referral": "R-1"}}
    answer = await world.doors.post(f"/v1/cases/{CASE}/receive-referral", json=took, headers=ORG_X)
    assert code(answer) == (404, "case_unknown")
    assert await world.sql("select count(*) from event where case_id = $1::text::uuid", CASE) == [(1,)]


async def test_lists_and_the_log_show_what_is_within_sight(world: World) -> None:
    await opened(world)
    other = await world.doors.post(f"/v1/cases/{OTHER}/send-referral", json={"data": SEND}, headers=ELSEWHERE)
    assert other.status_code == 201
    sees = {
        "municipality": (caseworker(), {CASE}),
        "elsewhere": (ELSEWHERE, {OTHER}),
        "all": (operator(), {CASE, OTHER}),
    }
    sees |= {"provider": (ORG_RW, {CASE, OTHER}), "no party": (ORG_X, set())}
    sees |= {"provider, here": (called_by("coach", organisation="org-rw", municipality="GM0546"), {CASE})}
    for name, (who, expected) in sees.items():
        listed = (await get(world, "/v1/cases", who)).json()["items"]
        assert {one["case_id"] for one in listed} == expected, name
        told_of = (await get(world, "/v1/events", who)).json()
        assert {one["subject"] for one in told_of} == expected, name
    for path, who in (("municipality=GM0344", caseworker()), ("provider=org-x", ORG_RW)):
        assert code(await get(world, f"/v1/cases?{path}", who)) == (403, "out_of_sight")


async def test_many_facts_at_once_are_ones_own_or_history_of_ones_own_municipality(world: World) -> None:
    await opened(world)
    took = line("referral_received", {"referral": "R-1"}, role="coach")
    own = took.replace(b'"coach-1"', b'"coach-1","organisation":"org-rw"')
    asked: list[tuple[dict[str, str], bool, bytes, str]] = [
        (ORG_X, False, took.replace(b"coach-1", b"co-x"), "case_unknown"),
        (ORG_RW, False, took.replace(b"coach-1", b"coach-2"), "actor_not_yours"),
        (caseworker(), False, own, "actor_not_yours"),
        (ELSEWHERE, False, sent_line(number="R-3").replace(b"caseworker-1", b"km-9"), "out_of_sight"),
        (called_by("operator", municipality="GM0344"), True, sent_line(number="R-4"), "out_of_sight"),
        (called_by("benefit_administration", municipality="GM0546"), True, sent_line(number="R-5"), "actor_not_yours"),
    ]
    for who, imported, one, expected in asked:
        answer = await tell(world, who, one, imported)
        assert orjson.loads(answer.content)["code"] == expected
    assert code(await tell(world, ORG_RW, own, True)) == (403, "role_not_allowed")
    assert orjson.loads((await tell(world, ORG_RW, took, False)).content)["status"] == "accepted"


async def tell(world: World, who: dict[str, str], one: bytes, imported: bool) -> Any:
    headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": str(uuid4())} | who
    return await world.doors.post(f"/v1/facts?imported={str(imported).lower()}", content=one + b"\n", headers=headers)


async def test_who_does_not_say_for_whom_sees_nothing(world: World) -> None:
    for role, claim in (("caseworker", "municipality"), ("coach", "organisation")):
        answer = await get(world, "/v1/cases", called_by(role))
        assert code(answer) == (403, "claim_missing")
        assert answer.json()["field"] == claim
    assert code(await get(world, "/v1/cases", called_by("king"))) == (403, "role_not_allowed")


async def test_a_name_that_may_not_stand_on_the_log_is_no_speaker(world: World) -> None:
    await opened(world)
    for name in ("123456782", "Ottoline Zwaluwenburg"):
        answer = await world.doors.post(
            f"/v1/cases/{CASE}/send-referral", json={"data": SEND | {"referral": "R-2"}}, headers=caseworker(name)
        )
        assert code(answer) == (403, "subject_unusable")
        assert name not in answer.text


@pytest.mark.parametrize("tag", ['"0"', '"2"', '"99"'])
async def test_who_decided_on_an_older_version_is_told_so_and_nothing_is_written(world: World, tag: str) -> None:
    await opened(world)
    body = {"data": {"referral": "R-1", "reason": "other"}}
    withdraw = f"/v1/cases/{CASE}/withdraw-referral"
    stale = await world.doors.post(withdraw, json=body, headers=caseworker() | {"If-Match": tag})
    assert code(stale) == (412, "version_stale")
    assert stale.json()["possible"] == ["1"]
    assert await world.sql("select count(*) from event where case_id = $1::text::uuid", CASE) == [(1,)]


async def test_an_etag_tells_whether_a_case_changed(world: World) -> None:
    await opened(world)
    first = await get(world, f"/v1/cases/{CASE}", caseworker())
    same = await get(world, f"/v1/cases/{CASE}", caseworker() | {"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", first.headers["etag"])
    body, key = {"data": {"referral": "R-1", "reason": "law.moved"}}, {"Idempotency-Key": str(uuid4())}
    match = caseworker() | {"If-Match": first.headers["etag"]} | key
    for _ in range(2):  # the same request again gets the same answer, although the version has moved on
        done = await world.doors.post(f"/v1/cases/{CASE}/withdraw-referral", json=body, headers=match)
        assert done.status_code == 201, done.text
    wrong = await world.doors.post(
        f"/v1/cases/{CASE}/withdraw-referral", json=body, headers=match | {"If-Match": "W/1"}
    )
    assert code(wrong) == (400, "etag_invalid")
