"""Before and after a change of law: the power first, then the difference, and 'cannot be known' where it cannot."""

import numpy as np
import pytest
from statsmodels.stats.power import NormalIndPower

from services.insight.statistics.changing import before_after, detectable, needed
from services.insight.statistics.estimate import Flags
from services.insight.statistics.incidence import Spells, returned
from tests.unit.insight.given import HAZARDS, followed, truth


@pytest.mark.parametrize(("n", "points"), [(100, 18), (250, 11.5), (1_000, 5.7), (10_000, 1.8), (65_000, 0.7)])
def test_what_half_a_year_can_see_of_thirty_of_a_hundred(n: int, points: float) -> None:
    assert 100 * detectable(0.3, n, n) == pytest.approx(points, abs=0.25)


def test_it_is_the_power_of_another_implementation() -> None:
    step = detectable(0.3, 400, 250)
    effect = step / np.sqrt(0.3 * 0.7)
    assert NormalIndPower().power(effect, 400, 0.05, ratio=250 / 400) == pytest.approx(0.8, abs=1e-4)


def test_how_many_are_needed_is_what_makes_it_detectable() -> None:
    many = needed(0.3, 0.05)
    assert detectable(0.3, many, many) <= 0.05 < detectable(0.3, many - 1, many - 1)
    assert many == pytest.approx(1_319, abs=1)


def test_of_nobody_nothing_can_be_detected_and_no_number_finds_nothing() -> None:
    assert detectable(0.3, 0, 100) is None
    with pytest.raises(ValueError, match="difference"):
        needed(0.3, 0.0)


def halves(seed: int, many: int, change: float) -> tuple[Spells, Flags]:
    """As many referrals before a change as after, by when they were made; after it they return so much more often."""
    rng = np.random.default_rng(seed)
    parts = [followed(rng, many, hazards=np.vstack([HAZARDS[:1] * times, HAZARDS[1:]]))[0] for times in (1.0, change)]
    whole = Spells(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("durations", "causes")))
    return whole, np.repeat([False, True], many)


def test_a_change_that_is_large_enough_is_found_with_its_sign() -> None:
    assert before_after(*halves(1, 4_000, 0.7), 90).verdict == "lower"
    assert before_after(*halves(1, 4_000, 1.4), 90).verdict == "higher"


def test_a_single_municipality_in_half_a_year_cannot_know_and_says_so() -> None:
    found = before_after(*halves(2, 200, 0.83), 90)
    assert found.verdict == "cannot_be_known"
    # Five points less were looked for; it would have taken fifteen or so.
    assert found.detectable > 0.12
    assert found.before.n == found.after.n == 200


def test_where_nothing_changed_one_in_twenty_says_otherwise() -> None:
    verdicts = [before_after(*halves(seed, 150, 1.0), 90).verdict for seed in range(400)]
    assert 0.02 <= np.mean([verdict != "cannot_be_known" for verdict in verdicts]) <= 0.08


def test_the_difference_is_found_as_often_as_the_power_says() -> None:
    found = [before_after(*halves(seed, 700, 0.68), 90) for seed in range(150)]
    step = truth(hazards=np.vstack([HAZARDS[:1] * 0.68, HAZARDS[1:]]))[0] - truth()[0]
    smallest = np.mean([one.detectable for one in found])
    assert abs(step) == pytest.approx(smallest, rel=0.12)
    assert np.mean([one.verdict == "lower" for one in found]) == pytest.approx(0.8, abs=0.12)


def test_young_referrals_after_the_change_do_not_pass_for_a_better_law() -> None:
    old, _ = followed(np.random.default_rng(4), 20_000, days=400)
    young, _ = followed(np.random.default_rng(5), 20_000, days=120)
    whole = Spells(
        *(np.concatenate([getattr(part, name) for part in (old, young)]) for name in ("durations", "causes"))
    )
    after = np.repeat([False, True], 20_000)
    naive = [np.mean((whole.causes == 1) & (whole.durations <= 90) & half) * 2 for half in (~after, after)]
    assert naive[1] < naive[0] - 0.05
    assert before_after(whole, after, 90).difference.value == pytest.approx(0, abs=0.025)


def test_each_half_is_what_it_is_alone() -> None:
    spells, after = halves(6, 300, 1.2)
    found = before_after(spells, after, 90)
    assert found.before == returned(spells.of(~after), 90)
    assert found.difference.value == pytest.approx(found.after.value - found.before.value)


def test_without_referrals_before_the_change_nothing_is_known() -> None:
    spells, _ = halves(6, 20, 1.0)
    found = before_after(spells, np.ones(40, bool), 90)
    assert (found.verdict, found.difference.value, found.detectable) == ("cannot_be_known", None, None)
