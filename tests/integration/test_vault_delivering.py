"""People by name for a delivery: of the cases within sight, what the law asks and nothing else, each reading logged."""

from typing import Any
from uuid import uuid4

from tests.integration.intake_world import PERSON, SECOND, a_line, application, applies, case
from tests.integration.world import World
from tests.tokens import called_by

FIRST = "999990342"


async def people(intake: World, *cases: str, municipality: str = "GM0546") -> list[dict[str, Any]]:
    who = called_by("benefit_administration", name="ba-1", municipality=municipality)
    answer = await intake.doors.post("/v1/statistics/people", json={"case_ids": cases}, headers=who)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def read(intake: World) -> list[Any]:
    """Whose readings of persons are in the log of readings, by whom, and what for."""
    return await intake.sql(
        "select case_id::text, reader, activity from reading where role = 'benefit_administration' order by position"
    )


async def test_a_delivery_gets_number_birth_date_and_sex_and_each_person_leaves_a_line(intake: World) -> None:
    await intake.post_lines(
        [applies("L-1", bsn=FIRST, person=PERSON | {"sex": "female"}), applies("L-2", bsn=SECOND), applies("L-3")]
    )
    found = await people(intake, case("L-1"), case("L-2"), case("L-3"), case("L-1"), str(uuid4()))
    told = {one.pop("case_id"): one for one in found}
    assert {one: {**values, "mark": ""} for one, values in told.items()} == {
        case("L-1"): {"mark": "", "bsn": FIRST, "birth_date": "1975-04-12", "sex": "female"},
        case("L-2"): {"mark": "", "bsn": SECOND, "birth_date": None, "sex": None},
    }
    lines = [(case_id, "ba-1", "statistics") for case_id in (case("L-1"), case("L-2"))]
    assert sorted(await read(intake)) == sorted(lines)


async def test_who_is_of_another_municipality_is_not_told_and_not_read(intake: World) -> None:
    there = a_line("application_received", application(bsn=FIRST), "L-1", municipality="GM0344")
    await intake.post_lines([there])
    assert await people(intake, case("L-1", "GM0344")) == []
    assert await read(intake) == []
    assert len(await people(intake, case("L-1", "GM0344"), municipality="GM0344")) == 1
