"""A month's rows: who had what in it, as it was at its end, in the codes of the law."""

from datetime import date
from pathlib import Path

import pytest

from services.insight.srg.facilities import Facility
from services.insight.srg.rows import Row, deadline, had_in, header, rows
from services.insight.srg.translating import Entry
from shared.months import Month, month_of
from tests.unit.srg.given import (
    HERE,
    MAPPING,
    NAMES,
    handed_off,
    instrument,
    job,
    job_ended,
    lake,
    mapped,
    person,
    plan,
    returned,
    rows_of,
)

MAY = Month(2016, 5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "lake"


def a_facility(begin: date, end: date | None = None, **changes: object) -> Facility:
    usual: dict[str, object] = {
        "kind": "hand_off", "number": 1, "case": 1, "provider": "org-rw", "trajectory": "reintegration",
        "goal": "paid_work", "code": None, "contract": None, "known": begin, "end_reason": None,
    }  # fmt: skip
    return Facility(**(usual | changes), begin=begin, end=end)  # type: ignore[arg-type]  # a test's own words


def row(one: Facility, month: Month = MAY, **usual: object) -> Row:
    translation = mapped(**usual)
    [found] = rows([one], translation, NAMES, HERE, month)
    return found


@pytest.mark.parametrize(
    ("begin", "end", "had"),
    [
        (date(2016, 5, 31), None, True),
        (date(2016, 6, 1), None, False),
        (date(2016, 4, 30), date(2016, 5, 1), True),
        (date(2016, 4, 1), date(2016, 4, 30), False),
        (date(2016, 4, 1), None, True),
        (date(2016, 5, 10), date(2016, 4, 1), True),
        (date(2016, 6, 10), date(2016, 5, 1), False),
    ],
)
def test_somebody_had_it_in_a_month_when_it_ran_on_a_day_of_it(begin: date, end: date | None, had: bool) -> None:
    assert bool(list(had_in([a_facility(begin, end)], MAY))) is had


def test_a_row_says_what_is_known_at_the_end_of_its_month() -> None:
    one = a_facility(date(2016, 4, 20), date(2016, 6, 8), known=date(2016, 5, 31), kind="hand_off")
    told = {str(month): row(one, month).values for month in (Month(2016, 4), MAY, Month(2016, 6))}
    assert {month: values["type"] for month, values in told.items()} == {
        "2016-04": "60",
        "2016-05": "40",
        "2016-06": "40",
    }
    assert {month: values.get("end") for month, values in told.items()} == {
        "2016-04": None, "2016-05": None, "2016-06": "20160608",
    }  # fmt: skip
    assert len({values["registration"] for values in told.values()}) == 1
    assert told["2016-04"] == {
        "ability": "40", "purpose": "1", "registration": told["2016-05"]["registration"], "type": "60",
        "description": "Uitbesteed en onbekend", "begin": "20160420",
    }  # fmt: skip


def test_a_reason_of_ending_goes_with_the_types_that_have_one_and_says_whether_it_goes_on() -> None:
    subsidy = {"kind": "job wage_cost_subsidy", "code": "wage_cost_subsidy", "contract": "fixed"}
    begin, end = date(2016, 5, 2), date(2016, 5, 20)
    assert row(a_facility(begin, end, **subsidy, end_reason="dismissed")).values["end_reason"] == "2"
    assert row(a_facility(begin, end, **subsidy, end_reason="contract_renewed")).values["end_reason"] == "1"
    assert row(a_facility(begin, end, **subsidy)).values["end_reason"] == "2"
    assert "end_reason" not in row(a_facility(begin, date(2016, 6, 1), **subsidy)).values
    assert "end_reason" not in row(a_facility(begin, end)).values
    assert row(a_facility(begin, end), end_reason_for=frozenset({"40"})).values["end_reason"] == "2"


def test_who_works_with_a_wage_cost_subsidy_earns_less_than_the_minimum_alone() -> None:
    values = row(a_facility(date(2016, 5, 2), kind="job x", code="wage_cost_subsidy", contract="fixed")).values
    assert (values["type"], values["ability"], values["purpose"]) == ("10", "10", "1")


def test_an_instrument_has_the_purpose_of_its_hand_off_unless_it_has_its_own() -> None:
    course = {"kind": "intervention", "code": "language_course", "known": None}
    begin = date(2016, 5, 2)
    around = {"trajectory": "participation", "goal": "structured_day"}
    assert row(a_facility(begin, **course, **around)).values["purpose"] == "2"
    assert row(a_facility(begin, **course)).values["purpose"] == "1"
    alone = row(a_facility(begin, **course, trajectory=None, goal=None))
    assert (alone.values["purpose"], alone.values["type"]) == ("1", "42")
    own = {"language_course": Entry("42", "2", None, "Taal")}
    assert row(a_facility(begin, **course), instruments=own).values["purpose"] == "2"


def test_an_instrument_is_known_by_itself_and_one_that_nobody_named_is_98() -> None:
    assert (
        row(a_facility(date(2016, 5, 2), kind="intervention", code="language_course", known=None)).values["type"]
        == "42"
    )
    odd = row(a_facility(date(2016, 5, 2), kind="intervention", code="goat_walking", known=None)).values
    assert (odd["type"], odd["description"]) == ("98", "goat walking")


def test_what_is_no_facility_of_the_municipality_has_no_row() -> None:
    given = a_facility(date(2016, 5, 2), kind="job lkv", code="lkv", contract="fixed")
    assert rows([given], MAPPING.usual, NAMES, HERE, MAY) == []
    course = a_facility(date(2016, 5, 2), kind="intervention", code="language_course")
    assert rows([course], mapped(instruments={"language_course": None}), NAMES, HERE, MAY) == []


def test_rows_stand_in_the_order_of_their_numbers_whatever_the_order_of_the_lake() -> None:
    some = [a_facility(date(2016, 5, 2), number=number) for number in range(40)]
    told = rows(some, MAPPING.usual, NAMES, HERE, MAY)
    assert told == rows(list(reversed(some)), MAPPING.usual, NAMES, HERE, MAY)
    numbers = [one.values["registration"] for one in told]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == 40


def test_the_header_has_the_seven_fields_and_leaves_out_a_reporter_that_is_not_known() -> None:
    told = header(mapped(reporter="0546"), HERE, MAY)
    assert told == {
        "year": "2016", "month": "05", "statistic": "10", "package": "and", "release": "0.1.0",
        "municipality": "0546", "reporter": "0546",
    }  # fmt: skip
    assert "reporter" not in header(MAPPING.usual, HERE, MAY)


@pytest.mark.parametrize(
    ("month", "last"), [("2016-05", "2016-06-28"), ("2016-01", "2016-02-28"), ("2015-12", "2016-01-28")]
)
def test_a_month_must_be_delivered_within_four_weeks(month: str, last: str) -> None:
    assert str(deadline(month_of(month))) == last


def test_a_persons_month_as_the_log_tells_it(folder: Path) -> None:
    lake(
        folder,
        [*handed_off("2016-04-20"), plan("2016-05-03"), instrument("2016-05-04"), returned("2016-05-20")],
        [job("2016-05-10", "wage_cost_subsidy", "lkv", number=2), job_ended("2016-05-31", 2)],
    )
    told = {one.values["type"]: one for one in rows_of(folder, "2016-05")}
    assert {kind: (one.person, one.kind, one.provider) for kind, one in told.items()} == {
        "40": (person(1), "hand_off", "org-rw"),
        "42": (person(1), "intervention", "org-rw"),
        "10": (person(2), "job", None),
    }
    dates = {kind: (one.values["begin"], one.values["end"], one.values.get("end_reason")) for kind, one in told.items()}
    assert dates == {
        "40": ("20160420", "20160520", None),
        "42": ("20160504", "20160520", None),
        "10": ("20160510", "20160531", "2"),
    }
    assert [one.values["type"] for one in rows_of(folder, "2016-04")] == ["60"]
    assert rows_of(folder, "2016-03") == rows_of(folder, "2016-06") == []
