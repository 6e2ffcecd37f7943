"""Intervals: equal to published values and to other implementations, and as sure as they say."""

import numpy as np
import pytest
from scipy.stats import chi2
from statsmodels.stats.proportion import proportion_confint

from services.insight.statistics.estimate import difference, poisson, share_of, wilson, z_of
from services.insight.statistics.incidence import Form, Spells, estimate, incidence, interval, split, table, variance
from tests.unit.insight.given import followed, truth


@pytest.mark.parametrize("level", [0.8, 0.95, 0.998])
@pytest.mark.parametrize("events", [0, 1, 7, 99, 100])
def test_the_interval_of_a_share_is_wilsons(events: int, level: float) -> None:
    found = share_of(events, 100, level)
    low, high = proportion_confint(events, 100, alpha=1 - level, method="wilson")
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-12)


@pytest.mark.parametrize("count", [0, 1, 2, 10, 50, 100])
def test_the_interval_of_a_count_is_exact(count: int) -> None:
    low = chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
    assert poisson(count) == pytest.approx((low, chi2.ppf(0.975, 2 * count + 2) / 2), abs=1e-9)


@pytest.mark.parametrize("count", [101, 1_000, 100_000])
def test_the_interval_of_a_large_count_is_as_good_as_exact(count: int) -> None:
    assert poisson(count) == pytest.approx(
        (chi2.ppf(0.025, 2 * count) / 2, chi2.ppf(0.975, 2 * count + 2) / 2), rel=2e-5
    )


def test_the_difference_of_two_shares_is_newcombes_published_example() -> None:
    found = difference(share_of(56, 70), share_of(48, 80))
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_a_difference_with_nobody_on_one_side_is_not_known() -> None:
    found = difference(share_of(5, 10), share_of(0, 0))
    assert (found.value, found.low, found.high, found.complete) == (None, None, None, False)


def test_a_share_of_nobody_is_not_known_and_may_be_anything() -> None:
    found = share_of(0, 0)
    assert (found.value, found.low, found.high) == (None, 0.0, 1.0)


@pytest.mark.parametrize("events", [-1, 11])
def test_more_events_than_people_are_refused(events: int) -> None:
    with pytest.raises(ValueError, match="between 0 and n"):
        share_of(events, 10)


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0])
def test_a_level_is_a_share(level: float) -> None:
    with pytest.raises(ValueError, match="level"):
        z_of(level)


def test_wilson_contains_the_share_itself_to_the_bit() -> None:
    shares, sizes = np.array([0.0, 1.0, 1 / 3]), np.array([3.0, 3.0, 1e12])
    low, high = wilson(shares, sizes)
    assert (low <= shares).all()
    assert (shares <= high).all()
    assert (low[0], high[1]) == (0.0, 1.0)


def held(size: int, form: Form | None, many: int = 1_500) -> float:
    """How often the interval of so many referrals, some young, holds the truth; no form: the plain one, +- z errors."""
    rng = np.random.default_rng(size)
    spells, _ = followed(rng, size * many)
    target, hits = truth()[0], 0
    for _, part in split(np.repeat(np.arange(many), size), spells):
        found = table(part, 90)
        share, reach = incidence(found)[-1], z_of(0.95) * variance(found)[-1] ** 0.5
        low, high = (share - reach, share + reach) if form is None else (b[-1] for b in interval(found, form=form))
        hits += low <= target <= high
    return hits / many


def check_coverage(size: int, form: Form | None) -> None:
    """A 95 % interval holds the truth in 93 to 98 of 100 cases."""
    assert 0.93 <= held(size, form) <= 0.98


@pytest.mark.parametrize("size", [10, 20, 50, 200])
def test_the_interval_that_is_shown_holds_the_truth_as_often_as_it_says(size: int) -> None:
    check_coverage(size, "wilson")


@pytest.mark.parametrize("size", [50, 200])
def test_the_interval_on_the_log_log_scale_does_so_from_fifty_on(size: int) -> None:
    check_coverage(size, "log-log")


def test_a_plain_interval_of_ten_referrals_is_found_out() -> None:
    with pytest.raises(AssertionError):
        check_coverage(10, None)


def test_with_ten_referrals_of_which_some_are_young_it_still_holds_and_says_when_it_cannot_know() -> None:
    rng = np.random.default_rng(5)
    spells, _ = followed(rng, 10 * 1_500)
    found = [estimate(table(part, 90)) for _, part in split(np.repeat(np.arange(1_500), 10), spells)]
    assert np.mean([one.low <= truth()[0] <= one.high for one in found]) >= 0.95
    unsure = [one for one in found if not one.complete]
    assert unsure
    assert np.mean([one.high - one.low for one in unsure]) > np.mean([one.high - one.low for one in found])


def test_an_interval_of_more_people_is_narrower() -> None:
    few, many = (estimate(table(followed(np.random.default_rng(1), n)[0], 90)) for n in (100, 10_000))
    assert (few.high - few.low) > 8 * (many.high - many.low)


def test_spells_can_be_followed_in_any_unit() -> None:
    spells, _ = followed(np.random.default_rng(3), 500)
    days = estimate(table(spells, 90))
    assert estimate(table(Spells(spells.durations * 86_400, spells.causes), 90 * 86_400)) == days
