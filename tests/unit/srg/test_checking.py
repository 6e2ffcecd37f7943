"""Each rule of the nineteen fields: broken on purpose, found in its row at its field; a sound delivery breaks none."""

import pytest

from overdracht.srg.checking import Finding, findings
from overdracht.srg.model import Record
from overdracht.srg.rules import RULES
from tests.unit.srg.given import BSNS, delivery, record

SUBSIDY: dict[str, str | None] = {"type": "10", "wage_value": "060", "ability": "10"}


def broken(**changes: str | None) -> list[tuple[int, str]]:
    """The (field, rule) of a sound record with something changed."""
    return [(one.field, one.rule) for one in findings(delivery(record(**changes)))]


def test_a_sound_delivery_breaks_no_rule() -> None:
    assert findings(delivery()) == []
    assert [broken(bsn=number) for number in (*BSNS, "999900250")] == [[]] * 5
    assert findings(delivery(record(**SUBSIDY))) == []
    assert broken(end="20160531", **SUBSIDY, end_reason="2") == []


HEADER: list[tuple[dict[str, str | None], int, str]] = [
    ({"year": None}, 1, "missing"),
    ({"year": "16"}, 1, "malformed"),
    ({"month": "13"}, 2, "malformed"),
    ({"statistic": "01"}, 3, "malformed"),
    ({"package": "abc"}, 4, "code_unknown"),
    ({"release": "1.2.3-beta.10"}, 5, "too_long"),
    ({"release": "é"}, 5, "malformed"),
    ({"municipality": "546"}, 6, "malformed"),
    ({"reporter": None}, 7, "missing"),
    ({"reporter": "GM05"}, 7, "malformed"),
]


@pytest.mark.parametrize(("changes", "field", "rule"), HEADER)
def test_the_data_of_the_delivery_stand_in_row_nought(changes: dict[str, str | None], field: int, rule: str) -> None:
    assert findings(delivery(**changes)) == [Finding(0, field, rule)]


FIELDS: list[tuple[dict[str, str | None], int, str]] = [
    ({"bsn": None}, 8, "missing"),
    ({"bsn": "12345678"}, 8, "malformed"),
    ({"bsn": "٩٩٩٩٩٠٣٤٢"}, 8, "malformed"),
    ({"bsn": "999990343"}, 8, "eleven_test"),
    ({"bsn": "000000000"}, 8, "eleven_test"),
    ({"birth_date": None}, 9, "missing"),
    ({"birth_date": "19751301"}, 9, "no_date"),
    ({"birth_date": "1975-04-1"}, 9, "malformed"),
    ({"birth_date": "20160503"}, 9, "born_after_begin"),
    ({"sex": "4"}, 10, "code_unknown"),
    ({"sex": None}, 10, "missing"),
    ({"ability": "12"}, 11, "code_unknown"),
    ({"purpose": "3"}, 12, "code_unknown"),
    ({"registration": None}, 13, "missing"),
    ({"registration": "B" * 16}, 13, "too_long"),
    ({"type": "41"}, 14, "code_unknown"),
    ({"type": None}, 14, "missing"),
    ({"type": "60"}, 14, "outsourced_unknown"),
    ({"type": "98"}, 14, "unclassified"),
    ({"description": "Cliëntondersteuning"}, 15, "diacritics"),
    ({"description": "twee\nregels"}, 15, "diacritics"),
    ({"begin": None}, 16, "missing"),
    ({"begin": "20160431"}, 16, "no_date"),
    ({"begin": "20160601"}, 16, "begin_after_month"),
    ({"end": "20160601"}, 17, "end_after_month"),
    ({"end": "20160501"}, 17, "end_before_begin"),
    ({"begin": "20160402", "end": "20160430"}, 17, "end_before_month"),
    ({"end": "20160230"}, 17, "no_date"),
    ({"type": "10"}, 18, "wage_value_missing"),
    (SUBSIDY | {"wage_value": "60"}, 18, "malformed"),
    ({"wage_value": "060"}, 18, "wage_value_elsewhere"),
    (SUBSIDY | {"end": "20160520"}, 19, "end_reason_missing"),
    (SUBSIDY | {"end": "20160520", "end_reason": "3"}, 19, "code_unknown"),
    (SUBSIDY | {"end_reason": "2"}, 19, "end_reason_without_end"),
    ({"end": "20160520", "end_reason": "2"}, 19, "end_reason_elsewhere"),
]


@pytest.mark.parametrize(("changes", "field", "rule"), FIELDS)
def test_each_rule_is_found_at_its_field_and_no_other(changes: dict[str, str | None], field: int, rule: str) -> None:
    assert broken(**changes) == [(field, rule)]


def test_who_is_not_known_is_said_once_and_not_field_by_field() -> None:
    nobody = record(known=False, bsn=None, birth_date=None, sex=None)
    assert findings(delivery(nobody)) == [Finding(1, 8, "person_unknown")]


def test_two_facilities_with_one_number_are_both_named() -> None:
    some = [record(), record(begin="20160503")]
    assert findings(delivery(*some)) == [Finding(1, 13, "registration_twice"), Finding(2, 13, "registration_twice")]


def test_what_looks_like_one_facility_told_twice_is_worth_a_look() -> None:
    some = [record(), record(registration="C"), record(registration="D", bsn=BSNS[1])]
    assert findings(delivery(*some)) == [Finding(1, 16, "likely_double"), Finding(2, 16, "likely_double")]


@pytest.mark.parametrize(
    ("changes", "differs"),
    [
        ({"birth_date": "19750413"}, True),
        ({"sex": "1"}, True),
        ({"sex": "3"}, False),
        ({"bsn": BSNS[1], "birth_date": "19750413", "sex": "1"}, False),
    ],
)
def test_one_person_has_one_date_of_birth_and_one_sex(changes: dict[str, str], differs: bool) -> None:
    found = findings(delivery(record(), record(registration="C", begin="20160503", **changes)))
    assert [one.rule for one in found] == ["person_differs"] * 2 * differs


def test_rows_are_numbered_as_they_stand_in_the_files() -> None:
    some = [record(registration="B"), record(registration="C", begin=None), record(registration="D", begin="20160504")]
    assert findings(delivery(*some)) == [Finding(2, 16, "missing")]


def test_an_empty_delivery_breaks_no_rule() -> None:
    one = delivery()
    assert findings(type(one)(**{**vars(one), "records": ()})) == []


def test_every_rule_has_been_broken_here() -> None:
    told = {rule for _, _, rule in HEADER + FIELDS}
    told |= {"person_unknown", "registration_twice", "likely_double", "person_differs"}
    assert told == RULES.keys()


def test_a_rule_is_said_in_dutch_and_english_and_is_an_error_a_warning_or_a_note() -> None:
    assert all(one.nl.endswith(".") and one.en.endswith(".") for one in RULES.values())
    severities = {name: one.severity for name, one in RULES.items() if one.severity != "error"}
    assert severities == {
        "wage_value_missing": "warning",
        "likely_double": "warning",
        "unclassified": "warning",
        "outsourced_unknown": "note",
    }


def test_a_finding_and_a_record_never_show_a_person() -> None:
    assert BSNS[0] not in repr(record())
    assert Record({"bsn": BSNS[0]}).registration == ""
