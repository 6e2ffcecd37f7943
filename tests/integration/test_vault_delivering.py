"""People by name for a delivery: of the cases within sight, what the law asks and nothing else, each reading logged."""

from typing import Any
from uuid import uuid4

import pytest

from services.intake.vault import reading
from services.intake.vault.delivering import people_read
from services.intake.vault.keys import keys_of
from services.intake.vault.reading import Reading
from shared.ledger.seeing import Sight, seen
from tests.integration.intake_world import PERSON, SECOND, a_line, application, applies, case
from tests.integration.world import World

FIRST = "999990342"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The lines that readings leave."""
    lines: list[dict[str, Any]] = []

    class Log:
        def info(self, _: str, **fields: Any) -> None:
            lines.append(fields)

    monkeypatch.setattr(reading, "log", Log())
    return lines


async def people(intake: World, *cases: str, municipality: str = "GM0546") -> list[dict[str, Any]]:
    sight = Sight("municipality", municipality)
    keys = keys_of(intake.service.settings.vault_key)
    async with seen(intake.service.ledger, sight) as tx:
        return await people_read(tx, keys, cases, Reading("ba-1", sight))


async def test_a_delivery_gets_number_birth_date_and_sex_and_each_person_leaves_a_line(
    intake: World, read: list[dict[str, Any]]
) -> None:
    await intake.post_lines(
        [applies("L-1", bsn=FIRST, person=PERSON | {"sex": "female"}), applies("L-2", bsn=SECOND), applies("L-3")]
    )
    found = await people(intake, case("L-1"), case("L-2"), case("L-3"), case("L-1"), str(uuid4()))
    told = {one.pop("case_id"): one for one in found}
    assert {one: {**values, "mark": ""} for one, values in told.items()} == {
        case("L-1"): {"mark": "", "bsn": FIRST, "birth_date": "1975-04-12", "sex": "female"},
        case("L-2"): {"mark": "", "bsn": SECOND, "birth_date": None, "sex": None},
    }
    assert sorted(line["case_id"] for line in read) == sorted([case("L-1"), case("L-2")])
    assert {line["who"] for line in read} == {"ba-1"}


async def test_who_is_of_another_municipality_is_not_told_and_not_read(
    intake: World, read: list[dict[str, Any]]
) -> None:
    there = a_line("application_received", application(bsn=FIRST), "L-1", municipality="GM0344")
    await intake.post_lines([there])
    assert await people(intake, case("L-1", "GM0344")) == []
    assert read == []
    assert len(await people(intake, case("L-1", "GM0344"), municipality="GM0344")) == 1
