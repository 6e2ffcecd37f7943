"""Who is still to be diagnosed, what is diagnosed and weighed with, and a clear no: at diagnosis' own doors."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest
from aiokafka import AIOKafkaProducer

from services.diagnosis import api
from services.diagnosis import app as diagnosis
from shared.http.app import build_app
from shared.ids import from_number
from shared.migrating import upgrade
from shared.worktime import local_day
from tests.builders import ID_KEY
from tests.integration.world import World, as_role, fresh_database, fresh_topics, settings_for
from tests.tokens import AsNamed
from tests.unit.shared.told import told

DAY = timedelta(days=1)
NOW = datetime.now(UTC)
TODAY = local_day(NOW)
CASEWORKER = {"role": "caseworker", "id": "km-1", "municipality": "GM0546"}
FACTORS = ("perceived_advantages", "social_norm", "self_efficacy", "skills", "self_regulation", "barriers")


@asynccontextmanager
async def diagnosis_running(database_url: str, bootstrap_servers: str) -> AsyncIterator[World]:
    """The diagnosis service, running in this process."""
    one = diagnosis.service(settings_for(database_url, bootstrap_servers))
    application = build_app(one, api.routes(one))
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap_servers, enable_idempotence=True)
    await producer.start()
    transport = httpx.ASGITransport(app=application, raise_app_exceptions=False)
    try:
        async with (
            application.router.lifespan_context(application),
            httpx.AsyncClient(transport=transport, base_url="http://diagnosis", auth=AsNamed()) as doors,
        ):
            world = World(one, doors, database_url, bootstrap_servers, producer)
            await world.settled()
            yield world
    finally:
        await producer.stop()


@pytest.fixture
async def running(postgres_url: str, bootstrap_servers: str) -> AsyncIterator[World]:
    """Diagnosis, running; the test plays intake."""
    url = await fresh_database(postgres_url)
    await asyncio.to_thread(upgrade, as_role(url, ""), diagnosis.FOLDER, url)
    await fresh_topics(bootstrap_servers)
    async with diagnosis_running(url, bootstrap_servers) as world:
        yield world


def case(number: int) -> str:
    return from_number(ID_KEY, "GM0546", "dossier", f"L-{number}")


async def granted(world: World, number: int, on: date, municipality: str = "GM0546") -> str:
    """Somebody is on benefit from this day on."""
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC).isoformat()
    around = {"municipality": municipality, "occurred_at": at}
    decided = {"decision": "granted", "decided_on": on.isoformat()}
    await world.tell(
        told("application_received", 1, case(number), **around),
        told("benefit_decided", 2, case(number), **around, **decided),
    )
    return case(number)


async def say(world: World, case_id: str, command: str, at: datetime | None = None, **data: Any) -> httpx.Response:
    """A caseworker says it, now or as of then."""
    body = {"actor": CASEWORKER, "data": data} | ({"occurred_at": at.isoformat()} if at else {})
    return await world.doors.post(f"/v1/cases/{case_id}/{command}", json=body)


async def diagnosed(world: World, case_id: str, at: datetime | None = None) -> None:
    """Somebody is diagnosed from start to completion."""
    number = str(uuid4())
    scores = [{"factor": one, "score": 6, "direction": "helps", "source": "professional"} for one in FACTORS]
    for command, data in (
        (
            "start-diagnosis",
            {"diagnosis_id": number, "instrument": "competensys-like", "instrument_version": "2026.1"},
        ),
        ("map-life-area", {"life_area": "work", "state": "hindering", "own_words": "Ik wil werken."}),
        ("complete-diagnosis", {"diagnosis_id": number, "factors": scores}),
    ):
        answer = await say(world, case_id, command, at, **data)
        assert answer.status_code == 201, answer.text


async def coverage(world: World, **query: Any) -> Any:
    answer = await world.doors.get("/v1/coverage", params={"municipality": "GM0546"} | query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def figures(found: Any) -> tuple[int, int, int]:
    return found["on_benefit"], found["to_diagnose"], found["overdue"]


async def test_everyone_on_benefit_is_to_be_diagnosed_within_three_years_of_the_start_or_of_coming(
    running: World,
) -> None:
    came = {1: date(2010, 5, 1), 2: date(2017, 1, 1), 3: date(2020, 2, 29), 4: TODAY - 30 * DAY}
    for number, day in came.items():
        await granted(running, number, day)
    await granted(running, 5, TODAY, "GM0363")
    await running.settled()
    found = await coverage(running)
    assert (found["start"], figures(found), found["next"]) == ("2017-01-01", (4, 4, 3), None)
    dues = [(one["case_id"], one["benefit_since"], one["due_on"], one["overdue"]) for one in found["items"]]
    assert dues == [
        (case(1), "2010-05-01", "2020-01-01", True),
        (case(2), "2017-01-01", "2020-01-01", True),
        (case(3), "2020-02-29", "2023-02-28", True),
        (case(4), came[4].isoformat(), found["items"][3]["due_on"], False),
    ]
    assert found["items"][3]["days_left"] == (date.fromisoformat(dues[3][2]) - TODAY).days > 1000
    elsewhere = await coverage(running, municipality="GM0363")
    assert (elsewhere["start"], figures(elsewhere)) == ("2024-01-01", (1, 1, 0))


async def test_who_is_diagnosed_or_leaves_is_no_longer_on_the_list(running: World) -> None:
    for number in (1, 2, 3):
        await granted(running, number, TODAY - number * DAY)
    await running.settled()
    await diagnosed(running, case(1))
    await running.tell(told("benefit_ended", 3, case(2), ended_on=TODAY.isoformat(), occurred_at=NOW.isoformat()))
    await running.settled()
    found = await coverage(running)
    assert figures(found) == (2, 1, 0)
    assert [one["case_id"] for one in found["items"]] == [case(3)]


async def test_a_diagnosis_from_before_the_start_does_not_count(running: World) -> None:
    await granted(running, 1, TODAY - 400 * DAY)
    await running.settled()
    await diagnosed(running, case(1), NOW - 100 * DAY)
    assert figures(await coverage(running)) == (1, 0, 0)
    later = await coverage(running, start=(TODAY - 50 * DAY).isoformat())
    assert figures(later) == (1, 1, 0)
    assert later["items"][0]["last_diagnosed_on"] == local_day(NOW - 100 * DAY).isoformat()


async def test_pages_follow_each_other_and_nobody_is_left_out_or_seen_twice(running: World) -> None:
    for number in range(1, 8):
        await granted(running, number, TODAY - (number % 3) * DAY)
    await running.settled()
    seen: list[tuple[str, str]] = []
    cursor = ""
    for _ in range(5):
        page = await coverage(running, limit=2, cursor=cursor)
        seen += [(one["benefit_since"], one["case_id"]) for one in page["items"]]
        if not page["next"]:
            break
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 7
    assert seen == sorted(seen)


async def test_what_is_wrong_in_a_question_is_named(running: World) -> None:
    gm: dict[str, str] = {"municipality": "GM0546"}
    for query, code in (
        ({}, "input_invalid"),
        ({"municipality": "Leiden"}, "input_invalid"),
        (gm | {"start": "yesterday"}, "input_invalid"),
        (gm | {"start": "1066-10-14"}, "field_invalid"),
        (gm | {"cursor": "nowhere"}, "cursor_invalid"),
    ):
        answer = await running.doors.get("/v1/coverage", params=query)
        assert (answer.status_code, answer.json()["code"]) == (400, code), query


async def test_the_instruments_are_shown_with_every_version_and_item(running: World) -> None:
    items = (await running.doors.get("/v1/instruments")).json()["items"]
    assert [(one["instrument"], one["version"]) for one in items] == [
        ("competensys-like", "2017.1"),
        ("competensys-like", "2026.1"),
    ]
    assert {item["factor"] for item in items[1]["items"]} == set(FACTORS)
    assert all(item["nl"] and item["en"] and item["life_area"] for one in items for item in one["items"])


async def test_a_municipality_sees_the_national_arguments_and_its_own(running: World) -> None:
    async def framework(**query: str) -> Any:
        return (await running.doors.get("/v1/framework", params=query)).json()

    own, other = await framework(municipality="GM0546"), await framework(municipality="GM0363")
    assert (own["version"], other["version"]) == ("core-2026.1+GM0546-2017.1", "core-2026.1")
    added = {one["code"] for one in own["arguments"]} - {one["code"] for one in other["arguments"]}
    assert "debts_unstable.debt_help_started" in added
    assert not any("weight" in one or "score" in one for one in own["arguments"])
    unknown = await framework(municipality="GM0363", version="GM0546-2017.1")
    assert (unknown["code"], unknown["possible"]) == ("not_found", ["core-2026.1"])


async def test_a_ground_that_must_not_count_is_a_clear_no_that_says_why_and_stands_on_the_log(running: World) -> None:
    await granted(running, 1, TODAY - 10 * DAY)
    await running.settled()
    await diagnosed(running, case(1))
    key = {"Idempotency-Key": str(uuid4())}
    data = {"argument": "age", "side": "participation", "weight": "heavy", "by": "caseworker", "evidence": "Is al 63."}
    path, body = f"/v1/cases/{case(1)}/weigh-argument", {"actor": CASEWORKER, "data": data}
    answers = [await running.doors.post(path, json=body, headers=key) for _ in range(2)]
    assert [(one.status_code, one.json()["code"], one.json()["field"]) for one in answers] == [
        (409, "ground_age", "data.argument")
    ] * 2
    assert "Ook wie 65 is" in answers[0].json()["detail"]
    await running.settled()
    facts = [orjson.loads(record.value) for record in await running.topic("overdracht.diagnosis")]
    [refused] = [fact for fact in facts if "ground" in fact]
    assert (refused["ground"], refused["explanation"]) == ("age", "ground_age")
    assert not any(word in orjson.dumps(facts).decode() for word in ("Is al 63", "heavy"))


async def test_a_line_of_today_with_such_a_ground_is_rejected_also_when_it_is_sent_again(running: World) -> None:
    await granted(running, 1, TODAY - 10 * DAY)
    await running.settled()
    await diagnosed(running, case(1))
    line = orjson.dumps(
        {
            "at": NOW.isoformat(),
            "municipality": "GM0546",
            "dossier": "L-1",
            "actor": {"role": "caseworker", "id": "km-1"},
            "fact": "argument_weighed",
            "data": {
                "argument": "person.zwangerschap", "side": "work", "weight": "light", "by": "caseworker",
                "evidence": "Gesprek.",
            },
        }
    )  # fmt: skip
    key = str(uuid4())
    for _ in range(2):
        [answer] = await running.post_lines([line], imported="false", key=key)
        assert (answer["status"], answer["code"]) == ("rejected", "ground_pregnancy")
        assert "Zwangerschap telt niet mee" in answer["nl"]
    [(refusals,)] = await running.sql("select count(*) from event where type like '%argument_refused%'")
    assert refusals == 1
