"""The names of files say what they hold; what is missing or there twice is seen from the names alone."""

import pytest

from services.insight.lake.names import Place, Range, faults, parsed, runs

PLACE = Place("referral", 2)


def test_a_name_says_which_records_are_in_the_file() -> None:
    one = Range(PLACE, 0, 0, 19_999)
    assert one.name == "overdracht.referral-2_000000000000-000000019999.parquet"
    assert parsed(one.name) == one


def test_a_partition_that_began_anew_has_names_of_its_own() -> None:
    again = Range(PLACE, 3, 0, 9)
    assert again.name == "overdracht.referral-2~3_000000000000-000000000009.parquet"
    assert parsed(again.name) == again


@pytest.mark.parametrize(
    "name",
    [
        "overdracht.referral-2_000000000000-000000000009.parquet.tmp",
        "overdracht.referral-2_0-9.parquet",
        "overdracht.referral.dead-letter-0_000000000000-000000000009.parquet",
        "overdracht.referral-2_000000000009-000000000000.parquet",
        "columns.parquet",
    ],
)
def test_other_names_are_none_of_ours(name: str) -> None:
    assert parsed(name) is None


def test_names_that_join_are_right() -> None:
    assert list(faults([Range(PLACE, 0, 10, 19), Range(PLACE, 0, 0, 9), Range(PLACE, 1, 0, 9)])) == []


def test_a_missing_file_is_a_gap() -> None:
    after = Range(PLACE, 0, 20, 29)
    assert list(faults([Range(PLACE, 0, 0, 9), after])) == [("gap", after)]


def test_records_in_two_files_are_an_overlap() -> None:
    inner, after = Range(PLACE, 0, 5, 7), Range(PLACE, 0, 9, 12)
    assert list(faults([Range(PLACE, 0, 0, 9), inner, after])) == [("overlap", inner), ("overlap", after)]


def test_other_partitions_are_no_gap() -> None:
    assert list(faults([Range(PLACE, 0, 0, 9), Range(Place("referral", 1), 0, 50, 59)])) == []


def test_files_are_merged_where_they_join_and_not_across_what_is_missing() -> None:
    first, second, later = Range(PLACE, 0, 0, 9), Range(PLACE, 0, 10, 19), Range(PLACE, 0, 30, 39)
    other = Range(PLACE, 1, 0, 9)
    assert runs([later, first, other, second]) == [[first, second], [later], [other]]
    assert runs([later, first, other, second], gaps=True) == [[first, second, later], [other]]
