"""None lost, none twice, in order: the relay, the inbox and the waiting room on real Kafka and PostgreSQL."""

import asyncio
from collections import Counter

import asyncpg
import orjson
from aiokafka.admin import AIOKafkaAdminClient

from shared.chain import START
from shared.envelope import expected_hash, parse
from shared.ids import from_number
from shared.ledger.clocks import look
from tests.builders import ID_KEY
from tests.integration.world import World, create_topics, delete_topics, fresh_topics, line, referral_running, sent_line
from tests.unit.shared.told import again, opening, told

CASE = from_number(ID_KEY, "GM0546", "dossier", "L-1")


def case(number: int) -> str:
    return from_number(ID_KEY, "GM0546", "dossier", f"L-{number}")


async def test_a_hand_off_is_on_the_topic_in_order_and_chained(world: World) -> None:
    await world.tell(opening())
    await world.settled()
    accepted = line("referral_accepted", {"referral": "R-1", "coach": "co-1", "first_contact_on": "2026-03-09"})
    answers = await world.post_lines([sent_line(), accepted])
    assert [answer["status"] for answer in answers] == ["accepted", "accepted"]
    await world.settled()

    records = await world.topic("overdracht.referral")
    events = [parse(record.value, record.headers) for record in records]
    assert [event.fact for event in events] == ["referral_sent", "referral_received", "referral_accepted"]
    assert [event.caseversion for event in events] == [1, 2, 3]
    assert {record.key.decode() for record in records} == {CASE} == {event.subject for event in events}
    assert [event.sequence for event in events] == sorted(event.sequence for event in events)
    link = START
    for event in events:
        link = expected_hash(event, link)
        assert event.casehash == link.hex()


async def test_an_event_delivered_twice_has_one_effect(world: World) -> None:
    first = opening()
    await world.tell(first, again(first), told("diagnosis_completed", 1, by="diagnosis"))
    await world.settled()
    [(heard,)] = await world.sql("select heard::text from cases")
    assert orjson.loads(heard) == {"intake": 1, "diagnosis": 1}
    assert world.service.progress.by_status["duplicate"] == 1


async def test_an_event_that_comes_before_its_case_waits_in_the_database_until_the_case_comes(world: World) -> None:
    await world.tell(told("diagnosis_completed", 1, by="diagnosis"))
    await world.until(lambda: world.sql("select 1 from letter where status = 'waiting' and reason = 'case_unknown'"))
    await world.tell(opening())
    await world.settled()
    assert await world.sql("select * from letter") == []
    [(heard,)] = await world.sql("select heard::text from cases")
    assert orjson.loads(heard) == {"intake": 1, "diagnosis": 1}


async def test_what_waits_too_long_becomes_a_dead_letter_with_that_reason(
    database_url: str, bootstrap_servers: str
) -> None:
    await fresh_topics(bootstrap_servers)
    async with referral_running(database_url, bootstrap_servers, patience_seconds=1) as impatient:
        await impatient.tell(told("diagnosis_completed", 1, by="diagnosis"))
        letters = await impatient.until(lambda: impatient.sql("select reason from letter where status = 'dead'"))
        assert letters == [("case_unknown",)]


async def test_a_broken_event_holds_up_its_own_case_only_and_can_be_put_back(world: World) -> None:
    broken = opening()
    assert broken.letter is not None
    whole, broken.letter.value = broken.letter.value, b'{"case_id": "broken"}'
    await world.tell(broken, told("case_closed", 2), opening(case(2)))
    await world.settled()

    [dead] = (await world.doors.get("/v1/dead-letters")).json()["items"]
    assert (dead["reason"], dead["case_id"]) == ("body_invalid", CASE)
    assert dead["meaning_nl"]
    assert await world.sql("select count(*) from cases") == [(1,)]
    [record] = await world.until(lambda: world.topic("overdracht.referral.dead-letter"))
    assert record.value == b'{"case_id": "broken"}'
    assert ("x-reason", b"body_invalid") in record.headers

    still = (await world.doors.post("/v1/dead-letters/put-back", json={"case_id": CASE})).json()
    assert (still["put_back"], still["still_dead"]) == (0, 1)
    await world.sql("update letter set value = $1 where status = 'dead'", whole)
    done = (await world.doors.post("/v1/dead-letters/put-back", json={"all": True})).json()
    assert (done["put_back"], done["still_dead"]) == (1, 0)
    [(heard,)] = await world.sql("select heard::text from cases where case_id = $1::text::uuid", CASE)
    assert orjson.loads(heard) == {"intake": 2}
    assert await world.sql("select count(*) from letter where status <> 'put_back'") == [(0,)]


async def test_dead_letters_are_put_back_in_the_order_they_came(world: World) -> None:
    whole = []
    for number in range(1, 6):
        broken = opening(case(number))
        assert broken.letter is not None
        whole.append(broken.letter.value)
        broken.letter.value = b"{}"
        await world.tell(broken)
    await world.settled()
    for position, value in zip(await world.sql("select position from letter order by position"), whole, strict=True):
        await world.sql("update letter set value = $2 where position = $1", position[0], value)
    answer = (await world.doors.post("/v1/dead-letters/put-back", json={"reason": "body_invalid"})).json()
    assert [item["position"] for item in answer["items"]] == sorted(item["position"] for item in answer["items"])
    assert answer["put_back"] == 5


async def test_a_late_commit_is_never_skipped(world: World) -> None:
    """The first to take a position is the first to be seen: who comes after it waits for its commit."""
    await world.tell(opening(case(1)), opening(case(2)))
    await world.settled()
    slow = await asyncpg.connect(world.database_url)
    await slow.execute("begin")
    await slow.execute(
        "insert into event (id, case_id, caseversion, type, data, occurred_at, recorded_at, casehash, causation,"
        " traceparent) values (gen_random_uuid(), $1::text::uuid, 1, 'nl.overdrachten.referral_sent.v1', '{}', now(),"
        " now(), '\\x00', 'x', 'x')",
        case(1),
    )
    later = asyncio.create_task(world.post_lines([sent_line("L-2")]))
    await asyncio.sleep(1.5)
    assert not later.done()
    assert await world.topic("overdracht.referral") == []
    await slow.execute("commit")
    await slow.close()
    assert [answer["status"] for answer in await later] == ["accepted"]
    await world.settled()
    assert [record.key.decode() for record in await world.topic("overdracht.referral")] == [case(1), case(2)]


async def test_a_topic_that_lost_what_it_was_given_is_filled_again(bootstrap_servers: str, world: World) -> None:
    await world.tell(opening())
    await world.settled()
    await world.post_lines([sent_line()])
    await world.settled()
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    await delete_topics(admin, ["overdracht.referral"])
    await create_topics(admin, ["overdracht.referral"])
    await admin.close()
    await world.until(lambda: world.topic("overdracht.referral"), seconds=30)


async def test_what_a_leader_left_unsealed_the_next_one_seals_without_being_told(
    database_url: str, bootstrap_servers: str
) -> None:
    await fresh_topics(bootstrap_servers)
    async with referral_running(database_url, bootstrap_servers) as first:
        await first.tell(opening())
        await first.settled()
        await first.post_lines([sent_line()])
        await first.until(lambda: first.sql("select 1 from checkpoint"))
    await first.sql("delete from checkpoint")
    async with referral_running(database_url, bootstrap_servers) as second:
        await second.until(lambda: second.sql("select 1 from checkpoint"), seconds=4)


async def test_two_who_act_on_one_case_at_once_lose_nothing(world: World) -> None:
    await world.tell(opening())
    await world.settled()
    kinds = ["reintegration", "work_experience", "participation", "education", "care"]
    lines = [[sent_line(number=f"R-{n}", trajectory=kind)] for n, kind in enumerate(kinds)]
    answers = await asyncio.gather(*(world.post_lines(one) for one in lines))
    assert Counter(answer[0]["status"] for answer in answers) == {"accepted": 5}
    rows = await world.sql("select caseversion from event order by position")
    assert [row[0] for row in rows] == [1, 2, 3, 4, 5]


async def test_an_overdue_is_said_once_also_by_two_processes(
    database_url: str, bootstrap_servers: str, world: World
) -> None:
    await world.tell(*(opening(case(number)) for number in range(1, 30)))
    await world.settled()
    async with referral_running(database_url, bootstrap_servers) as second:
        actor = {"role": "caseworker", "id": "km-1"}
        for number in range(1, 30):
            data = orjson.loads(sent_line(number=f"R-{number}"))["data"] | {"respond_by": "2020-01-01"}
            body = {"actor": actor, "data": data, "occurred_at": "2019-12-01T12:00:00Z", "municipality": "GM0546"}
            answer = await second.doors.post(f"/v1/cases/{case(number)}/send-referral", json=body)
            assert answer.status_code == 201, answer.text
        await asyncio.gather(
            *(look(one.service.handle, one.service.ledger) for one in (world, second) for _ in range(3))
        )
        await world.settled()
    facts = Counter(row[0].split(".")[2] for row in await world.sql("select type from event"))
    assert facts == {"referral_sent": 29, "receipt_overdue": 29, "response_overdue": 29}
    overdue = (await world.doors.get("/v1/cases", params={"overdue": "true", "limit": 10})).json()
    assert len(overdue["items"]) == 10
    rest = (await world.doors.get("/v1/cases", params={"overdue": "true", "cursor": overdue["next"]})).json()
    assert len(rest["items"]) == 19
