"""The benefit administration reports at its doors: a number is one fact, however often and by whom it is told."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from tests.integration.intake_world import NUMBER, PERSON, SECOND, applies, case, events
from tests.integration.reporting_world import (
    DECIDED,
    ENDED,
    RECEIVED,
    a_decision,
    an_application,
    an_ending,
    facts,
    office,
    post,
    post_many,
    reporting,
)
from tests.integration.world import World
from tests.tokens import called_by, caseworker, coach, operator


@pytest.fixture
async def intake(vault_url: str, bootstrap_servers: str) -> AsyncIterator[World]:
    """Intake, with a benefit system that it believes."""
    async with reporting(vault_url, bootstrap_servers) as running:
        yield running


ALL = [("application", an_application(bsn=NUMBER, person=PERSON)), ("decision", a_decision()), ("ending", an_ending())]
FACTS = ["application_received", "benefit_decided", "benefit_ended"]


async def test_an_application_a_decision_and_an_ending_are_facts_of_one_case(intake: World) -> None:
    answers = [await post(intake, word, body) for word, body in ALL]
    assert [answer.status_code for answer in answers] == [201, 201, 201], answers[0].text
    assert {answer.json()["case_id"] for answer in answers} == {case("A-1")}
    assert [event["fact"] for answer in answers for event in answer.json()["events"]] == FACTS
    assert await events(intake, "A-1") == FACTS
    rows = await intake.sql("select data ->> 'occurred_at', data -> 'actor' ->> 'id' from event order by position")
    assert {row[1] for row in rows} == {"ua-1"}
    assert rows[0][0][:14] in (f"{RECEIVED}T11:", f"{RECEIVED}T10:")  # noon in the Netherlands
    person = (await intake.doors.get(f"/v1/cases/{case('A-1')}/person", headers=office())).json()
    assert (person["bsn"], person["person"]) == (NUMBER, PERSON)


async def test_the_same_number_again_gets_the_same_answer_and_records_nothing(intake: World) -> None:
    first = [await post(intake, word, body) for word, body in ALL]
    again = [await post(intake, word, body) for word, body in ALL]
    assert [answer.status_code for answer in first + again] == [201] * 3 + [200] * 3
    assert [answer.json() for answer in first] == [answer.json() for answer in again]
    many = await post_many(intake, *ALL, *ALL)
    assert [answer["status"] for answer in many] == ["duplicate"] * 6
    assert await events(intake, "A-1") == FACTS


async def test_the_same_is_the_same_however_it_is_spelled(intake: World) -> None:
    plain = an_application(bsn=NUMBER, occurred_at=f"{RECEIVED}T10:00:00+01:00")
    assert (await post(intake, "application", plain)).status_code == 201
    spelled = an_application(bsn="1234.56.782", occurred_at=f"{RECEIVED}T09:00:00Z")
    answer = await post(intake, "application", spelled | {"dossier": "A-1", "municipality": "GM0546", "person": None})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("word", "changes", "differing"),
    [
        ("application", {"channel": "online", "case_mix": {"age_band": "45-54", "household": "single"}},
         ["case_mix.household", "channel"]),
        ("application", {"dossier": "A-2"}, ["dossier"]),
        ("application", {"bsn": SECOND}, ["bsn"]),
        ("application", {"person": PERSON | {"family_name": "Anders"}}, ["person.family_name"]),
        ("application", {"bsn": None, "person": None},
         ["bsn", *(f"person.{name}" for name in sorted(PERSON))]),
        ("decision", {"decision": "denied", "decided_on": RECEIVED}, ["decided_on", "decision"]),
        ("ending", {"reason": "moved"}, ["reason"]),
        ("ending", {"occurred_at": f"{ENDED}T00:00:00Z"}, ["occurred_at"]),
    ],
)  # fmt: skip
async def test_a_number_that_says_something_else_is_refused_by_the_names_of_the_fields(
    intake: World, word: str, changes: dict[str, Any], differing: list[str]
) -> None:
    await post_many(intake, *ALL)
    changed = dict(ALL)[word] | changes
    answer = await post(intake, word, changed)
    assert (answer.status_code, answer.json()["code"]) == (409, "number_reused")
    assert [error["field"] for error in answer.json()["errors"]] == differing
    assert not [value for value in ("Anders", SECOND, "Zwaluwenburg", NUMBER, "A-2") if value in answer.text]
    [line] = await post_many(intake, (word, changed))
    assert (line["code"], [error["field"] for error in line["errors"]]) == ("number_reused", differing)
    assert await events(intake, "A-1") == FACTS


async def test_a_number_twice_in_one_request_is_looked_at_twice(intake: World) -> None:
    other = an_application(channel="online")
    answers = await post_many(intake, ("application", an_application()), ("application", other), *ALL[1:], ALL[1])
    assert [answer["status"] for answer in answers] == ["accepted", "rejected", "accepted", "accepted", "duplicate"]
    assert [error["field"] for error in answers[1]["errors"]] == ["channel"]


async def test_a_decision_before_its_application_and_an_ending_before_its_decision_get_a_clear_no(
    intake: World,
) -> None:
    early = await post(intake, "decision", a_decision())
    assert (early.status_code, early.json()["code"]) == (404, "case_unknown")
    await post(intake, "application", an_application())
    ending = await post(intake, "ending", an_ending())
    assert (ending.status_code, ending.json()["code"]) == (409, "benefit_not_granted")
    assert [(await post(intake, word, body)).status_code for word, body in ALL[1:]] == [201, 201]


async def test_all_wrong_fields_are_told_at_once_and_no_value_is_repeated(intake: World) -> None:
    body = an_application(" A", kind="Zwaluwenburg", received_on="gisteren", bsn="123456789", kleur="blauw")
    answer = await post(intake, "application", body | {"case_mix": {"age_band": NUMBER}})
    assert (answer.status_code, answer.json()["code"]) == (400, "input_invalid")
    errors = {error["field"]: error["code"] for error in answer.json()["errors"]}
    assert errors == {
        "application_number": "field_invalid",
        "kind": "field_invalid",
        "received_on": "field_invalid",
        "case_mix.age_band": "field_invalid",
        "bsn": "bsn_invalid",
        "kleur": "field_unknown",
    }
    assert not [value for value in ("Zwaluwenburg", "gisteren", "123456789", NUMBER, "blauw") if value in answer.text]
    assert await intake.sql("select count(*) from inbox") == [(0,)]


async def test_a_wrong_line_holds_up_no_other(intake: World) -> None:
    headers = office() | {"Content-Type": "application/x-ndjson"}
    good = b'{"report":"application","data":{"application_number":"A-7","kind":"new_applicant","channel":"online",'
    lines = [
        b"{",
        b"[]",
        b'{"report":"application"}',
        b'{"report":"vonnis","data":{}}',
        b'{"report":["decision"],"data":{}}',
        b'{"report":"decision","data":{},"Zwaluwenburg":1}',
        b'{"report":"decision","data":[]}',
        good + b'"received_on":"%s"}}' % RECEIVED.encode(),
    ]
    answer = await intake.doors.post("/v1/benefit-reports", content=b"\n".join(lines), headers=headers)
    told = [(line.get("code", ""), line.get("field")) for line in map(dict, _lines(answer.content))]
    assert told == [
        ("not_json", None),
        ("not_an_object", None),
        ("field_missing", "data"),
        ("field_invalid", "report"),
        ("field_invalid", "report"),
        ("field_unknown", "?"),
        ("not_an_object", None),
        ("", None),
    ]
    assert "Zwaluwenburg" not in answer.text
    empty = await intake.doors.post("/v1/benefit-reports", content=b"", headers=headers)
    assert (empty.status_code, empty.content) == (200, b"\n")


def _lines(content: bytes) -> list[Any]:
    return [orjson.loads(line) for line in content.splitlines()]


async def test_what_was_known_by_another_way_is_known_and_its_number_is_kept(intake: World) -> None:
    known = applies("A-1", f"{RECEIVED}T11:00:00+00:00", application="A-1", case_mix={"age_band": "45-54"})
    assert (await intake.post_lines([known]))[0]["status"] == "accepted"
    same = await post(intake, "application", an_application())
    assert (same.status_code, same.json()["events"]) == (200, [])
    assert (await post(intake, "application", an_application(channel="online"))).json()["code"] == "number_reused"
    other = await post(intake, "application", an_application("A-2", dossier="A-1"))
    assert (other.status_code, other.json()["code"], other.json()["field"]) == (409, "case_exists", "dossier")


async def test_a_municipality_reports_its_own_only(intake: World) -> None:
    await post(intake, "application", an_application())
    foreign = await post(intake, "application", an_application("A-9", municipality="GM0344"))
    assert (foreign.status_code, foreign.json()["code"]) == (403, "out_of_sight")
    [line] = await post_many(intake, ("decision", a_decision(municipality="GM0344")))
    assert (line["code"], line["field"]) == ("out_of_sight", "municipality")
    elsewhere = office("GM0344")
    theirs = await post(intake, "decision", a_decision(), **elsewhere)
    assert (theirs.status_code, theirs.json()["code"]) == (404, "case_unknown")
    same_number = await post(intake, "application", an_application(channel="online"), **elsewhere)
    assert same_number.status_code == 201
    assert same_number.json()["case_id"] == case("A-1", "GM0344") != case("A-1")


async def test_nobody_but_the_benefit_administration_reports(intake: World) -> None:
    paths = ["/v1/benefit-applications", "/v1/benefit-decisions", "/v1/benefit-endings", "/v1/benefit-reports"]
    nowhere = called_by("benefit_administration")
    for path in paths:
        for who in (caseworker(), coach(), operator(), called_by("citizen", cases=(case("A-1"),))):
            answer = await intake.doors.post(path, json=an_application(), headers=who)
            assert (answer.status_code, answer.json()["code"]) == (403, "role_not_allowed"), path
        answer = await intake.doors.post(path, json=an_application(), headers=nowhere)
        assert (answer.status_code, answer.json()["code"]) == (403, "claim_missing")
        answer = await intake.doors.post(path, json=an_application(), headers={"Authorization": ""})
        assert answer.status_code == 401
    assert await facts(intake) == []


async def test_history_starts_no_search_and_no_term_that_is_over(intake: World) -> None:
    young = an_application(received_on="2020-03-02", case_mix={"age_band": "18-26"})
    headers = office() | {"Content-Type": "application/x-ndjson"}
    line = orjson.dumps({"report": "application", "data": young})
    answer = await intake.doors.post("/v1/benefit-reports?imported=true", content=line, headers=headers)
    assert _lines(answer.content)[0]["status"] == "accepted"
    assert await events(intake, "A-1") == ["application_received"]
    assert (await post(intake, "application", young)).status_code == 200


async def test_who_reports_the_same_at_once_is_answered_as_one_after_the_other(intake: World) -> None:
    answers = await asyncio.gather(*(post(intake, "application", an_application(bsn=NUMBER)) for _ in range(8)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 7}
    assert len({answer.text for answer in answers}) == 1
    both = [post(intake, "decision", a_decision(decided_on=day)) for day in (DECIDED, RECEIVED) for _ in range(4)]
    answers = await asyncio.gather(*both)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 3, 409: 4}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"number_reused"}
    twice = [("ending", an_ending())] * 2
    batches = await asyncio.gather(*(post_many(intake, *twice) for _ in range(5)))
    assert Counter(answer["status"] for batch in batches for answer in batch) == {"accepted": 1, "duplicate": 9}
    assert await events(intake, "A-1") == FACTS
