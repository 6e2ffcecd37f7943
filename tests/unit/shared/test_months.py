"""Months: how they are written, where they begin and end, and what comes before them."""

from datetime import date

import pytest

from shared.months import Month, month_holding, month_of


def test_a_month_is_read_as_it_is_written() -> None:
    assert month_of("2016-05") == Month(2016, 5)
    assert str(Month(2016, 5)) == "2016-05"


@pytest.mark.parametrize(
    "written", ["2016-13", "2016-00", "2016-5", "0000-01", "9999-12", "2016-05-01", " 2016-05", "٢٠١٦-05"]
)
def test_what_is_no_month_is_refused_and_not_repeated(written: str) -> None:
    with pytest.raises(ValueError, match=r"^a month is written as 2016-05$"):
        month_of(written)


def test_the_last_day_knows_leap_years_and_decembers() -> None:
    assert Month(2024, 2).last == date(2024, 2, 29)
    assert Month(2023, 2).last == date(2023, 2, 28)
    assert Month(2016, 12).last == date(2016, 12, 31)


def test_going_back_goes_over_the_turn_of_the_year_and_no_further_than_there_are_years() -> None:
    assert Month(2016, 2).before(3) == Month(2015, 11)
    assert Month(2015, 11).before(-3) == Month(2016, 2)
    with pytest.raises(ValueError, match="no such year"):
        Month(1, 1).before(1)


def test_a_day_has_its_month_and_months_have_an_order() -> None:
    assert month_holding(date(2016, 5, 31)) == Month(2016, 5)
    assert sorted([Month(2016, 1), Month(2015, 12)]) == [Month(2015, 12), Month(2016, 1)]
