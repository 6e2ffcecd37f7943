"""An event counts once: known by its number, and by its place in the case."""

import numpy as np

from services.insight.lake.seen import CONTRADICTS, NEW, REPEATED, Seen, Versions


def longs(*numbers: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.array(numbers, np.int64)


def after(*events: tuple[int, int, int]) -> Seen:
    """What was seen after these: (sequence, case, version)."""
    seen = Seen()
    seen.add("referral", *(longs(*numbers) for numbers in zip(*events, strict=True)))
    return seen


def verdicts(seen: Seen, *events: tuple[int, int, int]) -> list[int]:
    return seen.verdicts("referral", *(longs(*numbers) for numbers in zip(*events, strict=True))).tolist()


def test_what_comes_for_the_first_time_is_new() -> None:
    assert verdicts(Seen(), (1, 7, 1), (2, 8, 1), (70_000, 7, 2), (1 << 40, 7, 3)) == [NEW] * 4


def test_what_a_relay_published_again_is_known() -> None:
    seen = after((1, 7, 1), (70_000, 7, 2))
    assert verdicts(seen, (1, 7, 1), (70_000, 7, 2), (70_001, 7, 3)) == [REPEATED, REPEATED, NEW]


def test_the_same_twice_in_one_batch_counts_once() -> None:
    assert verdicts(Seen(), (1, 7, 1), (2, 8, 1), (1, 7, 1)) == [NEW, NEW, REPEATED]


def test_another_service_has_numbers_of_its_own() -> None:
    seen = after((1, 7, 1))
    assert seen.verdicts("outcome", longs(1), longs(7), longs(1)).tolist() == [NEW]


def test_a_ledger_that_began_anew_contradicts_what_is_there() -> None:
    seen = after((1, 7, 1), (2, 7, 2))
    assert verdicts(seen, (2, 7, 3)) == [CONTRADICTS], "the number of another event"
    assert verdicts(seen, (9, 7, 2)) == [CONTRADICTS], "another number for the same place in the case"
    assert verdicts(Seen(), (1, 7, 1), (2, 7, 1)) == [NEW, CONTRADICTS]


def test_a_fact_about_no_case_is_known_by_its_number_alone() -> None:
    seen = Seen()
    seen.sequences["referral"].add(longs(5))
    assert verdicts(seen, (5, 99, 1)) == [REPEATED]


def test_events_of_a_case_that_come_from_two_partitions_are_all_new() -> None:
    seen = after((1, 7, 1), (9, 7, 5))
    assert verdicts(seen, (2, 7, 2), (3, 7, 3), (4, 7, 4)) == [NEW] * 3
    assert verdicts(seen, (9, 7, 5)) != [NEW]


def test_many_cases_are_remembered_when_they_are_put_in_order() -> None:
    versions = Versions()
    cases = np.arange(250_000, dtype=np.int64) * 1_000_003 % 999_999_937
    versions.add(cases, np.ones(len(cases), np.int64))
    assert not versions.fresh
    versions.add(cases[:5], np.full(5, 2, np.int64))
    assert versions.of(cases[:7]).tolist() == [2, 2, 2, 2, 2, 1, 1]
    assert versions.of(longs(-1)).tolist() == [0]
