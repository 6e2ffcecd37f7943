"""Watching day by day: a change is found soon, and a provider where nothing changed is left in peace."""

import numpy as np
import pytest

from services.insight.statistics import counters as c
from services.insight.statistics.estimate import Floats
from services.insight.statistics.watching import (
    FIVE_YEARS,
    alarms,
    by_day,
    cusum,
    ewma,
    hazard,
    returning,
    threshold,
)
from tests.unit.insight.given import HAZARDS, followed, truth

USUAL = HAZARDS[0, :90]
BY_AGE = np.concatenate([[0.0], USUAL * np.concatenate([[1.0], np.cumprod(1 - HAZARDS[:, :89].sum(axis=0))])])


def lives(seed: int, per_day: float, paths: int, days: int, change: float = 1.0) -> tuple[Floats, Floats]:
    """Returns seen and expected of people one by one, path by path; after 91 days the hazard changes and they count."""
    rng = np.random.default_rng(seed)
    there = np.zeros((paths, 90), np.int64)
    observed, expected = np.empty((paths, days)), np.empty((paths, days))
    other = HAZARDS[1:, :90].sum(axis=0)
    for day in range(-91, days):
        now = USUAL * (change if day >= 0 else 1)
        back = rng.binomial(there, now)
        if day >= 0:
            observed[:, day], expected[:, day] = back.sum(axis=1), (there * USUAL).sum(axis=1)
        there -= back + rng.binomial(there - back, other / (1 - now))
        there = np.concatenate([rng.poisson(per_day, (paths, 1)), there[:, :-1]], axis=1)
    return observed, expected


def test_the_sum_worked_out_by_hand() -> None:
    # ln 1.5 = 0.405; with one expected in two days it falls by a quarter each day, and never below nothing.
    path = cusum(np.array([0, 1, 2, 0, 0, 0, 0, 0]), np.full(8, 0.5))
    up = np.log(1.5)
    expected = [0, up - 0.25, 3 * up - 0.5, 3 * up - 0.75, 3 * up - 1, max(3 * up - 1.25, 0), 0, 0]
    assert path.tolist() == pytest.approx(expected, abs=1e-12)


def test_after_an_alarm_it_starts_anew() -> None:
    observed, expected = np.array([9, 0, 9, 0, 0, 0]), np.full(6, 0.1)
    assert alarms(observed, expected, 3.0) == [0, 2]
    assert alarms(observed, expected, 30.0) == []


def test_looking_for_improvement_finds_fewer_returns() -> None:
    none = np.zeros(40)
    assert alarms(none, np.full(40, 1.0), 4.0, ratio=0.5) == [8, 17, 26, 35]
    assert alarms(none, np.full(40, 1.0), 4.0) == []


@pytest.mark.parametrize("ratio", [0.0, 1.0, -1.0])
def test_a_change_to_look_for_is_a_change(ratio: float) -> None:
    with pytest.raises(ValueError, match="ratio"):
        cusum(np.zeros(3), np.ones(3), ratio)


@pytest.mark.parametrize("per_day", [2.0, 0.5])
def test_where_nothing_changes_a_tenth_at_most_alarms_in_five_years(per_day: float) -> None:
    height = threshold(per_day, BY_AGE, paths=600)
    observed, expected = lives(1, per_day, paths=120, days=FIVE_YEARS)
    assert (
        cusum(observed, expected).max(axis=1) > height
    ).mean() <= 0.17  # 0.10 and two and a half errors of 120 paths


def check_threshold(height: float, per_day: float) -> None:
    """In people's own lives it gives alarms in about a tenth of the five years, no more than chance beyond it."""
    rng = np.random.default_rng(7)
    expected = np.array(
        [np.convolve(rng.poisson(per_day, 91 + FIVE_YEARS), BY_AGE)[91 : 91 + FIVE_YEARS] for _ in range(800)]
    )
    part = (cusum(rng.poisson(expected), expected).max(axis=1) > height).mean()
    assert 0.07 <= part <= 0.13


def test_the_threshold_keeps_what_it_promises_and_a_fixed_one_is_found_out() -> None:
    check_threshold(threshold(2.0, BY_AGE), 2.0)
    with pytest.raises(AssertionError):
        check_threshold(4.0, 2.0)
    with pytest.raises(AssertionError):
        check_threshold(threshold(0.1, BY_AGE), 2.0)


def test_the_threshold_grows_with_the_intake_and_is_the_same_again_with_the_same_seed() -> None:
    few, many = (threshold(per_day, BY_AGE, paths=200) for per_day in (0.2, 5.0))
    assert few < many
    assert threshold(0.2, BY_AGE, paths=200) == few
    assert threshold(0.2, BY_AGE, paths=200, seed=1) != few


def test_an_intake_that_differs_by_weekday_can_be_given_as_it_is() -> None:
    week = np.array([3.0, 3, 3, 3, 2, 0, 0])
    assert threshold(week, BY_AGE, paths=300) == pytest.approx(threshold(2.0, BY_AGE, paths=300), rel=0.15)


def test_returns_half_as_frequent_again_are_found_within_months_without_waiting_for_day_ninety() -> None:
    height = threshold(2.0, BY_AGE, paths=300)
    days = []
    for change in (1.5, 2.0):
        observed, expected = lives(2, 2.0, paths=200, days=400, change=change)
        passed = cusum(observed, expected) > height
        assert passed.any(axis=1).mean() > 0.95
        days.append(np.median(np.argmax(passed, axis=1)))
    assert days[1] < 60 < days[0] < 130


def test_what_is_expected_by_day_comes_from_the_same_counters_as_the_share() -> None:
    spells, started = followed(np.random.default_rng(4), 4_000)
    cells = c.counted(started, spells.durations, spells.causes)
    usual = np.concatenate([[0.0], USUAL])
    observed, expected = by_day(cells, usual, 100, 270)
    slow = np.zeros(171)
    for day, age in zip(started.tolist(), spells.durations.tolist(), strict=True):
        for at in range(min(age, 90) + 1):
            if day + at >= 100:
                slow[day + at - 100] += usual[at]
    assert expected == pytest.approx(slow)
    back = (spells.causes == 1) & (spells.durations <= 90) & (started + spells.durations >= 100)
    assert observed.sum() == back.sum()
    assert len(alarms(observed, expected, 8.0)) == 0


def test_the_usual_hazard_and_what_returns_by_age_come_from_a_table() -> None:
    spells, started = followed(np.random.default_rng(6), 100_000)
    usual = c.table(c.counted(started, spells.durations, spells.causes), 270)
    assert returning(usual).sum() == pytest.approx(truth()[0], abs=0.006)
    assert hazard(usual)[20:40].mean() == pytest.approx(USUAL[19:39].mean(), rel=0.05)


def test_smoothed_waits_worked_out_by_hand() -> None:
    found = ewma(np.array([10.0, 20.0]), mean=10.0, deviation=2.0, weight=0.5)
    assert found.value.tolist() == [10.0, 15.0]
    # The limits widen to 3 * 2 * sqrt(0.5 / 1.5) = 3.46 about the mean.
    assert (found.high - 10).tolist() == pytest.approx([3.0, 6 * np.sqrt(1 / 3 * (1 - 1 / 16))])
    assert found.outside.tolist() == [False, True]


def test_waits_in_order_seldom_lie_outside_and_longer_ones_soon_do() -> None:
    rng = np.random.default_rng(8)
    usual = np.log(rng.lognormal(1.5, 0.6, 20_000))
    assert ewma(usual, 1.5, 0.6).outside.mean() < 0.005
    slower = ewma(usual[:200] + 1.0, 1.5, 0.6).outside
    assert slower.argmax() < 25
    assert slower[50:].mean() > 0.9


@pytest.mark.parametrize("weight", [0.0, 1.2])
def test_a_weight_is_a_part(weight: float) -> None:
    with pytest.raises(ValueError, match="weight"):
        ewma(np.ones(3), 1.0, 1.0, weight)
