"""Providers beside what was to be expected: ratio, funnel, shrinking and what could have been seen; never a rank."""

from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pytest
from scipy.stats import norm, poisson

from services.insight.statistics.comparing import Compared, Comparison, as_share, compare, seen
from services.insight.statistics.estimate import Floats
from services.insight.statistics.funnel import INNER, OUTER, Spread, limits, spread
from services.insight.statistics.incidence import incidence, table
from services.insight.statistics.shrinking import closed_form, pooled, shrink
from tests.unit.insight.given import HAZARDS, followed, truth

OBSERVED = np.array([100.0, 150, 180, 80, 120, 225])
EXPECTED = np.array([108.0, 112, 165, 95, 100, 220])
CHANCE = Spread(1.0, 0.0, "shmi")


def drawn(seed: int, size: float, deviation: float = 0.25, many: int = 60) -> tuple[Floats, Floats, Floats]:
    """Observed, expected and the true log ratio of providers of about this size that differ so much."""
    rng = np.random.default_rng(seed)
    true = rng.normal(0, deviation, many)
    expected = size * rng.gamma(4, 0.25, many) + 0.2
    return rng.poisson(expected * np.exp(true)).astype(float), expected, true


def test_the_ratio_has_the_interval_of_its_count() -> None:
    one = compare(OBSERVED, EXPECTED).providers[0]
    # By the published table the mean of a count of 100 lies between 81.36 and 121.63.
    assert (one.ratio.value, one.ratio.low, one.ratio.high) == pytest.approx(
        (100 / 108, 81.364 / 108, 121.627 / 108), rel=1e-4
    )


def test_over_dispersion_as_in_hospital_statistics_worked_out_by_hand() -> None:
    # Six providers: none lies in the lowest or highest tenth by place, so all are kept.
    z = np.log(OBSERVED / EXPECTED) * np.sqrt(EXPECTED)
    excess = np.sum(z**2) - 5
    room = EXPECTED.sum() - np.sum(EXPECTED**2) / EXPECTED.sum()
    found = spread(OBSERVED, EXPECTED)
    assert (found.phi, found.between) == pytest.approx((np.mean(z**2), excess / room))


def test_the_tenth_at_either_end_is_left_out() -> None:
    observed, expected = np.append(np.full(38, 100.0), [400, 1]), np.full(40, 100.0)
    assert spread(observed, expected).phi == 0
    assert spread(observed, expected).between == 0


def test_in_the_other_variant_the_ends_are_drawn_in() -> None:
    observed = np.array([400.0, 121, 100, 100, 100, 100, 100, 100, 81, 1])
    expected = np.full(10, 100.0)
    z = 2 * (np.sqrt(observed) - np.sqrt(expected))
    low, high = np.sort(z)[0] * 0.1 + np.sort(z)[1] * 0.9, np.sort(z)[-1] * 0.1 + np.sort(z)[-2] * 0.9
    phi = np.mean(np.clip(z, low, high) ** 2)
    found = spread(observed, expected, "cqc")
    assert (found.phi, found.between) == pytest.approx((phi, max(0, (10 * phi - 9) / (4 * 1000 - 400))))


def test_providers_that_differ_by_chance_alone_get_the_plain_funnel() -> None:
    expected = np.full(200, 300.0)
    observed = np.random.default_rng(1).poisson(expected).astype(float)
    found = spread(observed, expected)
    assert found.phi < 1
    assert found.between == 0
    assert limits(expected[:1], found)[1] == pytest.approx(np.exp(OUTER / np.sqrt(300)))


@pytest.mark.parametrize(("variant", "deviation"), [("shmi", 0.2), ("cqc", 0.1)])
def test_ordinary_differences_are_found_again_and_widen_the_funnel(variant: str, deviation: float) -> None:
    observed, expected, _ = drawn(3, 300, 0.2, many=2_000)
    found = spread(observed, expected, variant)  # type: ignore[arg-type]
    # Without its ends a normal spread keeps 0.44 of its variance, with them drawn in 0.68; on the root it is halved.
    kept = 0.44 if variant == "shmi" else 0.68
    assert found.between == pytest.approx(kept * (deviation**2 + (deviation / 0.2) ** 2 / 300), abs=0.2 * deviation**2)


def outside(observed: Floats, expected: Floats, bounds: tuple[Floats, Floats]) -> float:
    """What part of the providers lies outside."""
    ratio = observed / expected
    return float(np.mean((ratio < bounds[0]) | (ratio > bounds[1])))


def test_a_plain_funnel_calls_ordinary_providers_to_account_and_this_one_few() -> None:
    observed, expected, _ = drawn(4, 333, many=600)
    assert outside(observed, expected, limits(expected, CHANCE)) > 0.35
    places = [one.place for one in compare(observed, expected).providers]
    assert places.count("outside") / 600 < 0.06
    assert places.count("within") / 600 > 0.75


def test_a_provider_far_from_all_others_lies_outside() -> None:
    observed, expected, _ = drawn(5, 300)
    observed[7] = 4 * expected[7]
    found = compare(observed, expected).providers
    assert found[7].place == "outside"
    assert found[7].shrunk.low > 1.5


def test_the_more_was_expected_the_narrower_the_funnel() -> None:
    low, high = limits(np.array([1.0, 10, 100, 1_000]), Spread(2.0, 0.01, "shmi"), INNER)
    assert (np.diff(low) > 0).all()
    assert (np.diff(high) < 0).all()


def test_shrinking_is_the_closed_form_where_providers_are_large() -> None:
    observed, expected, _ = drawn(6, 3_000, many=100)
    middle, deviation = closed_form(np.log(observed / expected), 1 / np.sqrt(observed))
    found, low, high = shrink(observed, expected)
    assert found == pytest.approx(middle, abs=0.004)
    assert (high - low) / 2 == pytest.approx(INNER * deviation, abs=0.003)


def test_the_pooled_middle_and_variance_worked_out_by_hand() -> None:
    values, errors = np.array([0.0, 0.2, 0.6]), np.array([0.1, 0.2, 0.1])
    weights = errors**-2
    fixed = (0 * 100 + 0.2 * 25 + 0.6 * 100) / 225
    excess = 100 * fixed**2 + 25 * (0.2 - fixed) ** 2 + 100 * (0.6 - fixed) ** 2 - 2
    between = excess / (225 - (100**2 + 25**2 + 100**2) / 225)
    total = 1 / (1 / weights + between)
    assert pooled(values, errors) == pytest.approx((total @ values / total.sum(), between))


def check_held(intervals: list[tuple[Floats, Floats, Floats]]) -> None:
    """Intervals of 90 % hold the true ratio in 83 to 94 of 100 cases."""
    held = np.mean([np.mean((low <= true) & (true <= high)) for low, high, true in intervals])
    assert 0.83 <= held <= 0.94


def by_counts(observed: Floats, expected: Floats) -> tuple[Floats, Floats]:
    """The interval that is published."""
    _, low, high = shrink(observed, expected, 0.9)
    return low, high


def by_closed_form(observed: Floats, expected: Floats) -> tuple[Floats, Floats]:
    """The one that takes logarithms as normal and the variance between providers as known."""
    middle, deviation = closed_form(np.log((observed + 0.5) / (expected + 0.5)), 1 / np.sqrt(observed + 0.5))
    return middle - norm.ppf(0.95) * deviation, middle + norm.ppf(0.95) * deviation


@pytest.mark.parametrize("size", [5, 10, 30, 300])
def test_published_intervals_hold_as_often_as_they_say_for_small_providers_too(size: int) -> None:
    worlds = [drawn(seed, size) for seed in range(20)]
    check_held([(*by_counts(observed, expected), true) for observed, expected, true in worlds])


@pytest.mark.parametrize("size", [5, 10])
def test_the_closed_form_is_found_out_for_small_providers(size: int) -> None:
    worlds = [drawn(seed, size) for seed in range(20)]
    with pytest.raises(AssertionError):
        check_held([(*by_closed_form(observed, expected), true) for observed, expected, true in worlds])


def check_calibrated(interval: Callable[[Floats, Floats], tuple[Floats, Floats]], size: float) -> None:
    """Over worlds of every spread that is thought possible, 90 of 100 truths lie within, and as many below as above."""
    rng, below, above = np.random.default_rng(2), [], []
    for seed in range(100):
        observed, expected, true = drawn(seed, size, rng.uniform(0, 1.5), many=20)
        low, high = interval(observed, expected)
        below.append(np.mean(true < low))
        above.append(np.mean(true > high))
    for share in (below, above):
        assert abs(np.mean(share) - 0.05) < 3.5 * np.std(share) / np.sqrt(100)


@pytest.mark.parametrize("size", [5, 100])
def test_over_all_worlds_thought_possible_the_intervals_are_exactly_as_sure_as_they_say(size: float) -> None:
    check_calibrated(by_counts, size)


@pytest.mark.parametrize("size", [5, 20])
def test_over_these_worlds_too_the_closed_form_is_found_out(size: float) -> None:
    with pytest.raises(AssertionError):
        check_calibrated(by_closed_form, size)


@pytest.mark.parametrize("size", [5, 30, 300])
def test_shrunk_ratios_lie_nearer_the_truth_than_raw_ones(size: int) -> None:
    raw, shrunk = [], []
    for seed in range(20):
        observed, expected, true = drawn(seed, size)
        raw.append(np.mean((np.log(np.maximum(observed, 0.5) / expected) - true) ** 2))
        shrunk.append(np.mean((shrink(observed, expected)[0] - true) ** 2))
    assert np.mean(shrunk) < np.mean(raw)


def test_small_providers_are_drawn_in_further_than_large_ones() -> None:
    observed, expected = np.array([6.0, 600, *np.full(20, 300)]), np.array([3.0, 300, *np.full(20, 300)])
    small, large = compare(observed, expected).providers[:2]
    assert small.ratio.value == large.ratio.value == 2
    assert small.shrunk.value < large.shrunk.value
    assert (small.shrunk.high - small.shrunk.low) > (large.shrunk.high - large.shrunk.low)


@pytest.mark.parametrize("size", [20, 100, 1_000])
def test_the_smallest_ratio_that_could_be_seen_is_seen_in_four_out_of_five_cases(size: int) -> None:
    found = Spread(2.0, 0.02, "shmi")
    above, below = (float(one[0]) for one in seen(np.array([float(size)]), found))
    low, high = (float(one[0]) for one in limits(np.array([float(size)]), found, INNER))
    assert poisson.sf(np.floor(high * size), above * size) == pytest.approx(0.8, abs=0.06)
    assert poisson.cdf(np.ceil(low * size) - 1, below * size) == pytest.approx(0.8, abs=0.06)


def test_a_tiny_provider_could_not_be_told_from_the_others_by_anything_short_of_a_landslide() -> None:
    [one] = compare(np.array([2.0]), np.array([1.5])).providers
    assert one.seen_above > 5
    assert one.seen_below < 0.15


def test_providers_stand_as_they_were_given_and_nothing_says_a_rank() -> None:
    found = compare(OBSERVED[::-1], EXPECTED[::-1]).providers
    assert [one.observed for one in found] == OBSERVED[::-1].tolist()
    other = compare(OBSERVED, EXPECTED).providers
    assert [one.shrunk.value for one in found[::-1]] == pytest.approx([one.shrunk.value for one in other])
    names = {field.name for kind in (Compared, Comparison) for field in fields(kind)}
    assert not names & {"rank", "place_in_list", "position", "score", "order", "percentile"}


def test_one_provider_and_none_at_all_can_be_compared() -> None:
    assert compare(np.array([5.0]), np.array([4.0])).providers[0].place == "within"
    assert compare(np.array([]), np.array([])).providers == ()


@pytest.mark.parametrize(
    ("observed", "expected"), [([1.0], [0.0]), ([-1.0], [1.0]), ([1.0], [1.0, 2.0]), ([np.nan], [1.0])]
)
def test_what_cannot_be_compared_is_refused(observed: list[float], expected: list[float]) -> None:
    with pytest.raises(ValueError, match="every provider"):
        compare(np.array(observed), np.array(expected))


def test_a_ratio_as_a_share_is_what_the_world_would_be_at_that_ratio() -> None:
    spells, _ = followed(np.random.default_rng(5), 200_000)
    whole = table(spells, 90)
    assert as_share(whole, 1.0) == pytest.approx(incidence(whole)[-1], abs=1e-12)
    for ratio in (0.6, 1.5):
        hazards = np.vstack([HAZARDS[:1] * ratio, HAZARDS[1:]])
        assert as_share(whole, ratio) == pytest.approx(truth(hazards=hazards)[0], abs=0.005)
    assert as_share(whole, 1e6) <= 1
