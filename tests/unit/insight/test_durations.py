"""How long a hand-off takes, with those that still wait counted."""

import warnings

import numpy as np
import pytest
from scipy.stats import binom

from services.insight.statistics.durations import as_one, quantile, quantile_of_ended
from services.insight.statistics.incidence import Spells, returned

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from statsmodels.duration.survfunc import SurvfuncRight


def waits(rng: np.random.Generator, many: int) -> Spells:
    """Waits of which half take longer than 6 days (true median); some are still open."""
    taken, seen = rng.lognormal(np.log(6), 0.8, many), rng.uniform(0, 20, many)
    return Spells(np.minimum(taken, seen), (taken <= seen).astype(np.int64))


def of(*ends: tuple[float, int]) -> Spells:
    """Each how long it waits, and how that ended."""
    return Spells(np.array([end[0] for end in ends], float), np.array([end[1] for end in ends], np.int64))


def test_half_of_four_referrals_accepted_by_the_second_acceptance() -> None:
    assert quantile(of((1, 1), (3, 1), (4, 1), (9, 1))).value == 3.0


def test_who_still_waits_counts_and_makes_the_wait_longer() -> None:
    ended, open_ones = [(1, 1), (2, 1), (3, 1)], [(30, 0)] * 3
    assert quantile_of_ended(of(*ended, *open_ones)).value == 2.0
    assert quantile(of(*ended, *open_ones)).value == 3.0
    assert quantile(of(*ended, *open_ones, (30, 0))).value is None


def test_a_refusal_is_no_acceptance_but_ends_the_wait() -> None:
    declined = of((1, 2), (2, 2), (3, 1), (4, 1))
    assert quantile(declined).value == 4.0
    assert quantile(as_one(declined)).value == 2.0


def test_the_median_is_that_of_another_implementation() -> None:
    spells = waits(np.random.default_rng(3), 400)
    other = SurvfuncRight(spells.durations, spells.causes)
    for share in (0.25, 0.5, 0.75):
        assert quantile(spells, share).value == pytest.approx(other.quantile(share))


def test_the_interval_of_the_median_is_that_of_another_implementation() -> None:
    spells = waits(np.random.default_rng(3), 400)
    found = quantile(spells)
    low, high = SurvfuncRight(spells.durations, spells.causes).quantile_ci(0.5, method="cloglog")
    # It names the first and last time inside the interval; an end of ours may be the neighbouring wait.
    ended = np.sort(spells.durations[spells.causes == 1])
    for own, other in ((found.low, low), (found.high, high)):
        assert abs(np.searchsorted(ended, own) - np.searchsorted(ended, other)) <= 1


def test_the_interval_holds_the_true_median_as_often_as_it_says() -> None:
    rng = np.random.default_rng(6)
    found = [quantile(waits(rng, 60)) for _ in range(800)]
    assert 0.93 <= np.mean([one.low <= 6 <= (one.high or np.inf) for one in found]) <= 0.985


def test_the_plain_median_of_those_that_ended_is_too_short_when_some_wait() -> None:
    spells = waits(np.random.default_rng(6), 20_000)
    plain, counted = quantile_of_ended(spells), quantile(spells)
    assert plain.high < 6 - 0.5
    assert counted.low <= 6 <= counted.high


@pytest.mark.parametrize("many", [6, 10, 50, 501])
def test_the_interval_of_the_plain_median_holds_at_least_as_often_as_it_says(many: int) -> None:
    # The waits 1, 2, 3, ... are their own places, so the chance that they hold the median between them is exact.
    found = quantile_of_ended(of(*[(float(wait), 1) for wait in range(1, many + 1)]))
    chance = binom.cdf(found.high - 1, many, 0.5) - binom.cdf(found.low - 1, many, 0.5)
    narrower = binom.cdf(found.high - 2, many, 0.5) - binom.cdf(found.low, many, 0.5)
    assert narrower < 0.95 <= chance


def test_of_three_waits_the_median_has_no_interval() -> None:
    found = quantile_of_ended(of((1, 1), (2, 1), (3, 1)))
    assert (found.value, found.low, found.high) == (2.0, None, None)


def test_of_no_waits_nothing_is_known() -> None:
    assert quantile(of()).value is None
    assert quantile_of_ended(of((3, 0), (4, 2))).value is None


def test_the_share_accepted_within_ten_days_counts_those_that_wait_still() -> None:
    found = returned(of(*[(5, 1)] * 6, *[(20, 1)] * 2, *[(3, 0)] * 2), 10)
    assert found.value == pytest.approx(0.75)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_quantile_lies_between_none_and_all(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        quantile(of((1, 1)), share)
