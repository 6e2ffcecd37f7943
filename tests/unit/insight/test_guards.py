"""What a single figure hides: choosing easy people, parking the others, returning them late, one reason for all."""

import numpy as np
import pytest
from scipy.stats import entropy
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from services.insight.statistics.guards import collapse, creaming, late_dumping, parking, reasons, unknown
from services.insight.statistics.incidence import Spells
from tests.unit.insight.given import HAZARDS, ends


def test_refusing_the_harder_people_shows() -> None:
    rng = np.random.default_rng(1)
    risk = rng.gamma(4, 0.1, 2_000)
    chosen = creaming(risk, rng.random(2_000) < np.where(risk > 0.4, 0.12, 0.04))
    by_chance = creaming(risk, rng.random(2_000) < 0.07)
    assert chosen.low > 0
    assert by_chance.low < 0 < by_chance.high
    assert (chosen.n, chosen.complete) == (2_000, True)


def test_its_interval_is_that_of_two_means_of_unlike_spread() -> None:
    rng = np.random.default_rng(2)
    risk, refused = rng.gamma(4, 0.1, 500), np.arange(500) < 80
    found = creaming(risk, refused)
    other = CompareMeans(DescrStatsW(risk[refused]), DescrStatsW(risk[~refused])).zconfint_diff(usevar="unequal")
    assert (found.low, found.high) == pytest.approx(other)


@pytest.mark.parametrize("refused", [[False] * 5, [True] * 5])
def test_where_nobody_or_everybody_was_refused_there_is_nothing_to_compare(refused: list[bool]) -> None:
    found = creaming(np.ones(5), np.array(refused))
    assert (found.value, found.low, found.complete) == (None, None, False)


def test_one_refusal_is_a_difference_without_an_interval() -> None:
    found = creaming(np.array([0.5, 0.2, 0.2]), np.array([True, False, False]))
    assert (found.value, found.low, found.high) == (pytest.approx(0.3), None, None)


def test_thirty_days_without_contact_is_parked_and_twenty_nine_is_not() -> None:
    found = parking(np.array([0, 5, 29.9, 30, 200]))
    assert (found.value, found.n, found.events) == (0.4, 5, 2)


def aged(seed: int, jump: float = 1.0, many: int = 40_000) -> Spells:
    """Referrals followed for up to half a year; on days 91 to 120 they return `jump` times as often as before."""
    hazards = HAZARDS.copy()
    hazards[0, 75:90], hazards[0, 90:120] = hazards[0, 80], hazards[0, 80] * jump
    rng = np.random.default_rng(seed)
    days, causes = ends(rng, many, hazards)
    seen = rng.integers(0, 180, many)
    return Spells(np.minimum(days, seen), np.where(days <= seen, causes, 0))


@pytest.mark.parametrize("jump", [0.5, 1.0, 2.5])
def test_returning_people_once_the_window_has_closed_shows(jump: float) -> None:
    found = late_dumping(aged(4, jump))
    assert found.low < jump < found.high
    assert found.high < 1.6 * found.low


def test_the_interval_of_late_dumping_holds_as_often_as_it_says_for_few_returns_too() -> None:
    found = [late_dumping(aged(seed, 2.0, 400)) for seed in range(500)]
    assert np.mean([one.events for one in found]) < 25
    held = [(one.low or 0) <= 2.0 <= (one.high or np.inf) for one in found]
    assert 0.93 <= np.mean(held) <= 0.98


def test_the_ninetieth_day_is_in_the_window_and_the_day_after_is_not() -> None:
    spells = Spells(np.array([75, 76, 90, 91, 120, 121]), np.ones(6, np.int64))
    found = late_dumping(spells)
    # Days followed after the window: 0, 0, 0, 1, 30 and 30; in it: 0, 1, 15, 15, 15 and 15.
    assert found.events == 4
    assert found.value == pytest.approx((2 / 61) / (2 / 61))


def test_no_returns_in_the_window_leave_no_ratio_and_no_top() -> None:
    found = late_dumping(Spells(np.array([100.0, 200, 200]), np.array([1, 0, 0])))
    assert (found.value, found.high) == (None, None)
    assert found.low > 0
    assert late_dumping(Spells(np.array([200.0]), np.array([0]))).low is None


def test_the_variety_of_reasons_is_the_exponent_of_their_entropy() -> None:
    counts = np.array([40, 30, 20, 10, 0])
    found = reasons(counts)
    assert found.variety == pytest.approx(np.exp(entropy(counts)))
    assert found.evenness == pytest.approx(entropy(counts) / np.log(5))
    assert (found.largest.value, found.n) == (0.4, 100)


def test_all_reasons_as_often_are_as_many_as_there_are_and_one_reason_is_one() -> None:
    assert reasons(np.full(16, 7)).variety == pytest.approx(16)
    assert reasons(np.full(16, 7)).evenness == pytest.approx(1)
    assert (reasons(np.array([0, 50, 0])).variety, reasons(np.array([0, 50, 0])).evenness) == (1.0, 0.0)


def test_of_no_reasons_there_is_no_variety() -> None:
    found = reasons(np.zeros(4, np.int64))
    assert (found.variety, found.evenness, found.largest.value) == (0.0, 0.0, None)


VARIED = np.array([22, 18, 14, 12, 10, 8, 10, 6])
GENERAL = np.array([3, 2, 2, 70, 1, 1, 1, 2])


def test_reasons_that_fall_together_onto_one_show() -> None:
    found = collapse(VARIED, GENERAL)
    assert found.collapsed
    assert found.grown.value == pytest.approx(70 / 82 - 0.12)
    assert found.grown.low > 0.5


def test_reasons_that_stay_varied_or_grow_more_varied_have_not_collapsed() -> None:
    assert not collapse(VARIED, VARIED[::-1]).collapsed
    assert not collapse(GENERAL, VARIED).collapsed


def test_a_handful_of_returns_is_no_collapse() -> None:
    assert not collapse(np.array([1, 1, 0, 0]), np.array([2, 0, 0, 0])).collapsed
    assert not collapse(VARIED, np.zeros(8, np.int64)).collapsed


def test_reasons_are_compared_by_the_same_codes() -> None:
    with pytest.raises(ValueError, match="same codes"):
        collapse(VARIED, GENERAL[:-1])


def test_seventy_of_a_hundred_returns_without_a_specific_reason() -> None:
    found = unknown(70, 100)
    assert (found.value, found.n) == (0.7, 100)
    assert found.low == pytest.approx(0.604, abs=0.001)
    assert unknown(0, 0).value is None
