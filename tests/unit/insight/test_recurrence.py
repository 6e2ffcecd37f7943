"""How often people come back when some leave for good: by hand, equal to the other estimator, as sure as it says."""

import numpy as np
import pytest

from services.insight.statistics.incidence import Spells, incidence, table, variance
from services.insight.statistics.recurrence import People, rounds, rounds_per_person, several_returns


def people(until: list[float], left: list[bool], *returns: tuple[int, float]) -> People:
    """People followed for so long, and who came back when."""
    who = np.array([one[0] for one in returns], np.int64)
    return People(np.array(until, float), np.array(left, bool), who, np.array([one[1] for one in returns], float))


def world(rng: np.random.Generator, many: int) -> People:
    """People who leave for good after 400 days on the average, seen for 100 to 600; some come back far more often."""
    gone, seen = rng.exponential(400, many), rng.uniform(100, 600, many)
    until = np.minimum(gone, seen)
    counts = rng.poisson(rng.gamma(2, 0.5, many) * 0.004 * until)
    who = np.repeat(np.arange(many), counts)
    return People(until, gone <= seen, who, rng.random(len(who)) * until[who])


TRUE = 0.004 * 400 * (1 - np.exp(-365 / 400))


def test_the_rounds_of_three_people_worked_out_by_hand() -> None:
    # One comes back on days 10 and 30, one leaves for good on day 20, one is lost sight of on day 25.
    three = people([50, 20, 25], [False, True, False], (0, 10), (0, 30))
    found = rounds(three, 40)
    assert found.times.tolist() == [10, 20, 30]
    assert found.mean.tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3 + 2 / 3])


def test_leaving_for_good_ends_the_rounds_and_being_lost_sight_of_does_not() -> None:
    gone = people([50, 20], [False, True], (0, 30))
    lost = people([50, 20], [False, False], (0, 30))
    assert rounds_per_person(gone, 40).value == 0.5
    assert rounds_per_person(lost, 40).value == 1.0


def test_when_a_return_ends_all_it_is_the_share_that_returned_and_as_sure() -> None:
    rng = np.random.default_rng(7)
    days, causes = rng.integers(1, 60, 500), rng.integers(0, 3, 500)
    back = np.flatnonzero(causes == 1)
    found = rounds(People(days, causes > 0, back, days[back]), 50)
    other = table(Spells(days, causes), 50)
    assert found.mean[-1] == pytest.approx(incidence(other)[-1], abs=1e-12)
    assert found.variance == pytest.approx(variance(other)[-1], rel=1e-10)


def test_it_is_the_truth_and_the_interval_holds_it_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    found = [rounds_per_person(world(rng, 200), 365) for _ in range(600)]
    values = np.array([one.value for one in found])
    assert abs(values.mean() - TRUE) < 3 * values.std() / np.sqrt(600)
    assert np.mean([one.error for one in found]) == pytest.approx(values.std(), rel=0.1)
    assert 0.92 <= np.mean([one.low <= TRUE <= one.high for one in found]) <= 0.98


def test_returns_of_one_person_belong_together_so_a_count_of_returns_is_too_sure() -> None:
    found = rounds_per_person(world(np.random.default_rng(2), 5_000), 365)
    assert found.error > 1.3 * found.value / np.sqrt(found.events)


def test_a_plain_mean_is_found_out() -> None:
    everyone = world(np.random.default_rng(4), 20_000)
    plain = np.sum(everyone.at <= 365) / len(everyone.until)
    found = rounds_per_person(everyone, 365)
    assert found.low < TRUE < found.high
    assert plain < found.low


def test_nobody_came_back() -> None:
    found = rounds_per_person(people([400] * 10, [False] * 10), 365)
    assert (found.value, found.low, found.events) == (0.0, 0.0, 0)
    assert found.high == pytest.approx(0.369, abs=0.001)


def test_of_no_people_nothing_is_known() -> None:
    found = rounds_per_person(people([], []), 365)
    assert (found.value, found.high, found.complete) == (None, None, False)


def test_people_who_were_not_followed_long_enough_leave_the_top_open() -> None:
    found = rounds_per_person(people([100, 90], [False, False], (0, 50)), 365)
    assert (found.complete, found.high) == (False, None)
    assert rounds_per_person(people([100, 90], [True, False], (0, 50)), 365).complete


def test_a_return_after_leaving_for_good_is_not_counted() -> None:
    assert rounds_per_person(people([50, 50], [True, False], (0, 60)), 40).events == 0
    assert rounds_per_person(people([50, 400], [True, False], (0, 60)), 365).events == 0


def test_people_with_two_or_more_returns_are_named() -> None:
    four = people([100] * 4, [False] * 4, (0, 10), (2, 10), (2, 20), (3, 5), (3, 6), (3, 200))
    assert several_returns(four).tolist() == [2, 3]
    assert several_returns(four, 3).tolist() == []


@pytest.mark.parametrize(
    ("until", "returns"),
    [([-1.0], []), ([np.nan], []), ([5.0], [(1, 2.0)]), ([5.0], [(-1, 2.0)]), ([5.0], [(0, -2.0)])],
)
def test_what_cannot_be_is_refused(until: list[float], returns: list[tuple[int, float]]) -> None:
    with pytest.raises(ValueError, match="must"):
        people(until, [False] * len(until), *returns)


def test_people_and_their_ends_are_as_many() -> None:
    with pytest.raises(ValueError, match="one per person"):
        people([5.0], [])
