"""What insight's doors answer: rows about nobody by name, names of cases, the share of code 60."""

from datetime import date
from uuid import uuid4

import orjson
import pytest

from services.insight.lake.opening import opened
from services.insight.srg.answers import (
    MOST_NAMES,
    CasesWrong,
    MonthWrong,
    Read,
    Statistics,
    month_asked,
    names_told,
    read,
    rows_told,
    unknown_told,
)
from shared.months import Month
from tests.lakes import KEY, case
from tests.unit.srg.given import HERE, TODAY, handed_off, instrument, job, lake, person, plan, reporting

MAY = Month(2016, 5)


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Statistics:
    folder = lake(
        tmp_path_factory.mktemp("srg") / "lake",
        [*handed_off("2016-04-20"), plan("2016-05-03"), instrument("2016-05-04")],
        [*handed_off("2016-05-25", 2), job("2016-05-26", "job_coach", number=2)],
    )
    return Statistics(folder, KEY, reporting())


@pytest.fixture(scope="module")
def here(given: Statistics) -> Read:
    return read(given, HERE)


def test_a_month_is_told_with_all_that_a_delivery_is_made_of_but_the_people(given: Statistics, here: Read) -> None:
    told = rows_told(given, here, MAY, TODAY)
    assert (told["month"], told["over"], told["deadline"]) == ("2016-05", True, "2016-06-28")
    assert told["corrected_months"] == ["2016-04", "2016-03", "2016-02"]
    assert [one["number"] for one in told["fields"]] == list(range(1, 20))
    assert told["header"]["reporter"] == "0546"
    assert {(row["person"], row["values"]["type"]) for row in told["rows"]} == {
        (person(1), "40"), (person(1), "42"), (person(2), "60"), (person(2), "30"),
    }  # fmt: skip
    assert told["log"] == {"outcome": 3, "referral": 4}
    assert [one["unknown"] for one in told["unknown"]][-3:] == [0, 1, 1]
    assert len(told["unknown"]) == 13
    assert orjson.loads(orjson.dumps(told)) is not None


def test_nothing_that_is_told_holds_an_id_of_the_lake_or_of_a_case(given: Statistics, here: Read) -> None:
    told = orjson.dumps(rows_told(given, here, MAY, TODAY)).decode()
    with_ids = [case(1), case(2), *(str(number) for number in _numbers(given))]
    assert len(with_ids) > 6
    assert [one for one in with_ids if one in told] == []


def _numbers(given: Statistics) -> list[int]:
    with opened(given.lake) as connection:
        rows = connection.execute("SELECT case_id, referral_id, intervention_id, job_id FROM events").fetchall()
    return [one for row in rows for one in row if one is not None]


def test_a_month_that_runs_is_not_over(given: Statistics, here: Read) -> None:
    assert rows_told(given, here, Month(2016, 6), TODAY)["over"] is False
    assert rows_told(given, here, MAY, date(2016, 6, 1))["over"] is True
    assert rows_told(given, here, MAY, date(2016, 5, 31))["over"] is False


@pytest.mark.parametrize(
    ("written", "code"), [("2016-7", "month_invalid"), ("mei", "month_invalid"), ("2016-07", "month_in_future")]
)
def test_what_is_no_month_and_a_month_to_come_are_refused(written: str, code: str) -> None:
    with pytest.raises(MonthWrong) as wrong:
        month_asked(written, TODAY)
    assert wrong.value.code == code
    assert month_asked("2016-06", TODAY) == Month(2016, 6)


def test_cases_are_called_what_the_rows_call_them_also_when_written_otherwise(given: Statistics) -> None:
    told = names_told(given, HERE, [case(1), case(2).upper(), case(3)], "ba-1")
    assert told == {case(1): person(1), case(2): person(2), case(3): person(3)}


def test_elsewhere_they_are_called_otherwise_so_nothing_can_be_asked_about_another_municipality(
    given: Statistics,
    here: Read,
) -> None:
    there = names_told(given, "GM0344", [case(1)], "ba-1")
    assert there[case(1)] not in {row["person"] for row in rows_told(given, here, MAY, TODAY)["rows"]}


@pytest.mark.parametrize("ids", [None, "x", {"a": 1}, ["no id"], [None], [1], [["x"]], [""]])
def test_what_is_no_list_of_ids_is_refused(given: Statistics, ids: object) -> None:
    with pytest.raises(CasesWrong):
        names_told(given, HERE, ids, "ba-1")


def test_no_more_than_so_many_at_once(given: Statistics) -> None:
    with pytest.raises(CasesWrong):
        names_told(given, HERE, [str(uuid4()) for _ in range(MOST_NAMES + 1)], "ba-1")


def test_a_municipality_that_gave_nothing_has_an_empty_month(given: Statistics) -> None:
    told = rows_told(given, read(given, "GM0344"), MAY, TODAY)
    assert told["rows"] == []
    assert told["header"]["municipality"] == "0344"
    assert "reporter" not in told["header"]


def test_the_share_of_code_60_says_what_it_is_and_its_counts_are_for_who_runs_the_data(
    given: Statistics, here: Read
) -> None:
    internal = unknown_told(given, here, MAY, 3, "internal")
    assert [one["events"] for one in internal["items"]] == [0, 1, 1]
    assert internal["counts"][-1]["facilities"] == 4
    partner = unknown_told(given, here, MAY, 3, "partner")
    assert "counts" not in partner
    assert {one["value"] for one in partner["items"]} == {None}
    assert "nobody told" in partner["definition"]["numerator"]


def test_the_key_is_never_shown(given: Statistics) -> None:
    assert repr(KEY) not in repr(given)
    assert repr(given).startswith("Statistics(lake=")
