"""What a delivery is told of a person, and the mark by which a correction is seen without knowing the person."""

from typing import Any

from services.intake.vault.delivering import identity
from services.intake.vault.keys import keys_of

KEYS, OTHERS = keys_of("00" * 32), keys_of("01" * 32)
PERSON: dict[str, Any] = {
    "bsn": "999990342", "birth_date": "1975-04-12", "sex": "female", "family_name": "Zwaluwenburg", "phone": "06",
}  # fmt: skip


def mark(case: str = "case-1", keys: Any = KEYS, **changes: Any) -> str:
    return str(identity(keys, case, PERSON | changes)["mark"])


def test_nothing_is_told_but_what_the_statistic_has() -> None:
    told = identity(KEYS, "case-1", PERSON)
    assert told.keys() == {"mark", "bsn", "birth_date", "sex"}
    assert identity(KEYS, "case-1", {"family_name": "Zwaluwenburg"}) == {
        "mark": mark(bsn=None, birth_date=None, sex=None), "bsn": None, "birth_date": None, "sex": None,
    }  # fmt: skip


def test_the_mark_changes_with_what_is_told_and_with_nothing_else() -> None:
    assert mark() == mark(family_name="Ander", phone="07")
    others = {mark(bsn="999993653"), mark(birth_date="1975-04-13"), mark(sex="male"), mark(sex=None)}
    assert len(others | {mark()}) == 5


def test_the_marks_of_one_person_in_two_cases_or_under_two_keys_cannot_be_joined() -> None:
    assert len({mark(), mark("case-2"), mark(keys=OTHERS)}) == 3


def test_a_value_in_another_field_makes_another_mark() -> None:
    assert mark(bsn="1975-04-12", birth_date=None) != mark(bsn=None, birth_date="1975-04-12")
