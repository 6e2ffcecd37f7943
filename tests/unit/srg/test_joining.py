"""Rows and people together: who is known gets a number, and what is of the person is the same in all their rows."""

from typing import Any

from overdracht.srg.joining import joined
from overdracht.srg.model import Identity
from services.insight.srg.fields import fields_told
from tests.unit.srg.given import BSNS, delivery

PEOPLE = {
    "A": Identity("mark-a", BSNS[0], "1975-04-12", "female"),
    "B": Identity("mark-b", BSNS[1], "1980-01-01", None),
    "C": Identity("mark-c", BSNS[0], "1975-04-12", "female"),
    "D": Identity("mark-d"),
}


def row(person: str, registration: str, **changes: str) -> dict[str, Any]:
    values = {"ability": "40", "purpose": "1", "registration": registration, "type": "42", "begin": "20160502"}
    return {"person": person, "kind": "intervention", "provider": None, "values": values | changes}


def told(*rows: dict[str, Any]) -> dict[str, Any]:
    one = delivery()
    return {
        "municipality": "GM0546", "month": "2016-05", "fields": fields_told(), "elements": one.elements,
        "header": dict(one.header), "wage_value_for": ["10"], "end_reason_for": ["10"], "rows": list(rows),
    }  # fmt: skip


def values(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {one.registration: one.values for one in joined(told(*rows), PEOPLE, **more).records}


def test_who_is_known_gets_a_number_a_birthday_and_a_sex() -> None:
    [found] = joined(told(row("A", "X")), PEOPLE).records
    assert (found.values["bsn"], found.values["birth_date"], found.values["sex"]) == (BSNS[0], "19750412", "2")
    assert (found.mark, found.known) == ("mark-a", True)


def test_a_sex_that_is_not_told_is_unknown_and_so_is_any_other_word() -> None:
    found = values(row("B", "X"), row("D", "Y"))
    assert {one["sex"] for one in found.values()} == {"3"}
    assert "bsn" not in found["Y"]


def test_who_is_not_found_stays_nobody() -> None:
    [found] = joined(told(row("Z", "X")), PEOPLE).records
    assert (found.known, found.mark) == (False, "")
    assert {"bsn", "birth_date", "sex"}.isdisjoint(found.values)


def test_what_is_of_the_person_is_the_same_in_all_rows_also_of_two_cases() -> None:
    found = values(
        row("A", "X", purpose="2"),
        row("C", "Y", ability="10"),
        row("B", "Z", purpose="2"),
    )
    assert {name: (one["purpose"], one["ability"]) for name, one in found.items()} == {
        "X": ("1", "10"),
        "Y": ("1", "10"),
        "Z": ("2", "40"),
    }


def test_people_without_a_number_are_not_taken_for_one_person() -> None:
    found = values(row("D", "X", purpose="2"), row("Z", "Y", purpose="1"))
    assert (found["X"]["purpose"], found["Y"]["purpose"]) == ("2", "1")


def test_what_the_municipality_adds_stands_in_the_row_of_that_facility() -> None:
    more = {"X": {"wage_value": "060", "ability": "10"}, "Q": {"wage_value": "070"}}
    found = values(row("A", "X", type="10"), row("B", "Y", type="10"), supplements=more)
    assert (found["X"]["wage_value"], found["X"]["ability"]) == ("060", "10")
    assert "wage_value" not in found["Y"]


def test_rows_stand_in_the_order_of_their_numbers_and_insights_answer_stays_as_it_was() -> None:
    answer = told(row("A", "Y"), row("B", "X", purpose="2"))
    before = repr(answer)
    assert [one.registration for one in joined(answer, PEOPLE).records] == ["X", "Y"]
    assert repr(answer) == before


def test_a_person_is_never_shown() -> None:
    assert BSNS[0] not in repr(PEOPLE["A"])
    assert "1975" not in repr(PEOPLE["A"])
    assert BSNS[0] not in repr(joined(told(row("A", "X")), PEOPLE).records)
