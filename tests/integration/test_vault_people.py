"""Who applies is known again: one case at a time, the earlier one named, the likely ones shown, joined by a person."""

import asyncio
from collections import Counter
from uuid import uuid4

from tests.integration.intake_world import (
    NUMBER,
    PERSON,
    SECOND,
    a_line,
    application,
    applies,
    case,
    ends,
    events,
    give,
    received,
)
from tests.integration.world import World


async def test_of_many_who_apply_at_once_for_one_person_one_opens_a_case(intake: World) -> None:
    async def apply(number: int) -> tuple[int, str]:
        answer = await give(intake, "receive-application", application(bsn=NUMBER), f"L-{number}")
        return answer.status_code, answer.json().get("code", "")

    answers = Counter(await asyncio.gather(*(apply(number) for number in range(8))))
    assert answers == {(201, ""): 1, (409, "application_open"): 7}
    assert await intake.sql("select count(*), max(place) from identity") == [(1, 1)]


async def test_batches_with_the_same_people_in_another_order_wait_for_each_other_and_lose_nothing(
    intake: World,
) -> None:
    numbers = ["999990342", "999993653", "999992934", "000000024", "123456782"]
    one = [applies(f"L-{n}", bsn=number) for n, number in enumerate(numbers)]
    other = [applies(f"M-{n}", bsn=number) for n, number in reversed(list(enumerate(numbers)))]
    answers = await asyncio.gather(intake.post_lines(one), intake.post_lines(other))
    codes = [Counter(answer.get("code", "accepted") for answer in some) for some in answers]
    assert sorted(codes, key=str) == [{"accepted": 5}, {"application_open": 5}]


async def test_two_applications_of_one_person_in_a_batch_see_each_other(intake: World) -> None:
    answers = await intake.post_lines([applies("L-1", bsn=NUMBER), applies("L-2", bsn=NUMBER)])
    assert [answer.get("code") for answer in answers] == [None, "application_open"]


async def test_a_case_that_ends_in_a_batch_makes_room_in_it_and_is_named(intake: World) -> None:
    again = applies("L-2", "2024-06-01T12:00:00+00:00", bsn=NUMBER)
    answers = await intake.post_lines([applies(bsn=NUMBER), *ends(), again])
    assert [answer["status"] for answer in answers] == ["accepted"] * 3
    assert (await received(intake, "L-2"))["earlier_case_id"] == case()
    found = await intake.doors.post("/v1/cases/search", json={"municipality": "GM0546", "bsn": NUMBER})
    assert [item["case_id"] for item in found.json()["items"]] == [case("L-2"), case("L-1")]
    assert await intake.sql("select place from identity order by place") == [(1,), (2,)]


async def test_who_applies_again_later_gets_a_new_case_that_names_the_earlier_one(intake: World) -> None:
    await intake.post_lines([applies(bsn=NUMBER), *ends()])
    answer = await give(intake, "receive-application", application(bsn=NUMBER), "L-2")
    assert answer.status_code == 201
    assert (await received(intake, "L-2"))["earlier_case_id"] == case()


async def test_another_municipality_does_not_know_the_person(intake: World) -> None:
    there = a_line("application_received", application(bsn=NUMBER), "L-1", municipality="GM0344")
    answers = await intake.post_lines([applies(bsn=NUMBER), there])
    assert [answer["status"] for answer in answers] == ["accepted", "accepted"]
    found = await intake.doors.post("/v1/cases/search", json={"municipality": "GM0344", "bsn": NUMBER})
    assert [item["case_id"] for item in found.json()["items"]] == [case("L-1", "GM0344")]


async def test_who_has_the_same_name_and_birthday_is_shown_unless_the_numbers_differ(intake: World) -> None:
    namesake = PERSON | {"family_name": "ZWALUWENBURG "}
    await intake.post_lines([applies("L-1", person=PERSON), applies("L-2", bsn=NUMBER, person=namesake)])
    await intake.post_lines(
        [applies("L-3", bsn=SECOND, person=PERSON), applies("L-4", person={"family_name": "Zwaluwenburg"})]
    )
    shown = {one: (await received(intake, one)).get("possible_duplicates") for one in ("L-1", "L-2", "L-3", "L-4")}
    assert shown == {"L-1": None, "L-2": [case("L-1")], "L-3": [case("L-1")], "L-4": None}
    assert "earlier_case_id" not in await received(intake, "L-2")


async def test_an_application_delivered_again_in_another_way_is_one_and_another_person_is_refused(
    intake: World,
) -> None:
    said = application(bsn=NUMBER, person=PERSON)
    first = await give(intake, "receive-application", said)
    again = await give(intake, "receive-application", said)
    moved = await give(intake, "receive-application", application(bsn=NUMBER, person=PERSON | {"address": "Elders 1"}))
    other = await give(intake, "receive-application", application(bsn=SECOND))
    assert [one.status_code for one in (first, again, moved, other)] == [201, 200, 409, 409]
    assert {one.json()["code"] for one in (moved, other)} == {"case_exists"}
    assert (await events(intake)).count("application_received") == 1


async def test_the_same_lines_in_one_request_are_one(intake: World) -> None:
    answers = await intake.post_lines([applies(bsn=NUMBER), applies(bsn=NUMBER), *ends(), applies(bsn=NUMBER)])
    assert [answer["status"] for answer in answers] == ["accepted", "duplicate", "accepted", "duplicate"]
    again = await intake.post_lines([applies(bsn=NUMBER)])
    assert [answer["status"] for answer in again] == ["duplicate"]


async def test_a_caseworker_joins_cases_that_may_be_one_persons_and_no_others(intake: World) -> None:
    await intake.post_lines(
        [
            applies("L-1", person=PERSON),
            applies("L-2", "2024-03-03T12:00:00+00:00", bsn=NUMBER, person=PERSON),
            applies("L-3", "2024-03-04T12:00:00+00:00", bsn=SECOND),
            a_line("application_received", application(), "L-1", municipality="GM0344"),
        ]
    )

    async def joined(dossier: str, earlier: str) -> tuple[int, str]:
        answer = await give(intake, "join-cases", {"earlier_case_id": earlier}, dossier)
        return answer.status_code, answer.json().get("code", "")

    assert await joined("L-3", case("L-2")) == (409, "persons_differ")
    assert await joined("L-2", str(uuid4())) == (409, "earlier_unknown")
    assert await joined("L-2", case("L-2")) == (409, "earlier_unknown")
    assert await joined("L-2", case("L-1", "GM0344")) == (409, "earlier_unknown")
    assert await joined("L-1", case("L-2")) == (409, "earlier_began_later")
    assert await joined("L-9", case("L-2")) == (404, "case_unknown")
    assert await joined("L-2", case("L-1")) == (201, "")
    assert await events(intake, "L-2") == ["application_received", "case_joined"]


async def test_a_case_is_joined_with_one_that_came_in_the_same_batch(intake: World) -> None:
    joins = a_line("case_joined", {"earlier_case_id": case("L-1")}, "L-2", "2024-03-05T12:00:00+00:00")
    lines = [applies("L-1"), applies("L-2", "2024-03-03T12:00:00+00:00", bsn=NUMBER), joins]
    assert [answer["status"] for answer in await intake.post_lines(lines)] == ["accepted"] * 3
