"""The share that came back: worked out by hand, equal to another implementation, defined for nobody and everybody."""

import warnings

import numpy as np
import pytest

from services.insight.statistics import incidence as i
from services.insight.statistics.estimate import Estimate, Floats, Ints
from services.insight.statistics.incidence import DAY, QUARTER, Spells

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from sksurv import datasets
    from sksurv.nonparametric import cumulative_incidence_competing_risks


def spells(*ends: tuple[float, int]) -> Spells:
    """Each how long it lasted, and how it ended."""
    return Spells(np.array([end[0] for end in ends], float), np.array([end[1] for end in ends], np.int64))


def test_a_share_worked_out_by_hand() -> None:
    # Five referrals: back on day 10, a job on day 20, lost sight of on day 20, back on day 30, and one still there.
    five = spells((10, 1), (20, 2), (20, 0), (30, 1), (50, 0))
    found = i.table(five, 40)
    assert found.times.tolist() == [10, 20, 30, 40]
    assert found.at_risk.tolist() == [5, 4, 2, 1]
    assert i.before(found).tolist() == pytest.approx([1, 0.8, 0.6, 0.3])
    assert i.incidence(found, 1).tolist() == pytest.approx([0.2, 0.2, 0.5, 0.5])
    assert i.incidence(found, 2).tolist() == pytest.approx([0, 0.2, 0.2, 0.2])


@pytest.mark.parametrize(("seconds", "returns"), [(QUARTER, 1), (QUARTER + 1, 0)])
def test_who_comes_back_at_ninety_days_to_the_second_came_back_within_them(seconds: int, returns: int) -> None:
    assert i.returned(Spells(np.array([seconds, 2 * QUARTER]), np.array([1, 0]))).events == returns


def test_who_is_lost_sight_of_at_the_moment_that_another_returns_was_still_followed_then() -> None:
    assert i.returned(spells((5, 0), (5, 1)), 5).value == 0.5


def test_a_job_is_an_end_of_its_own_and_not_a_referral_that_is_still_to_return() -> None:
    assert i.returned(spells((1, 2), (2, 1)), 5).value == 0.5
    assert i.returned(spells((1, 0), (2, 1)), 5).value == 1.0


def as_causes(name: str) -> tuple[Floats, Ints]:
    """One of the oracle's own data sets: time, and by which cause it ended."""
    if name in ("bmt", "cgvhd"):
        rows = getattr(datasets, f"load_{name}")()[1]
        return rows["ftime"].astype(float), rows["status"].astype(np.int64)
    traits, outcome = getattr(datasets, f"load_{name}")()
    event, time = outcome.dtype.names
    # One end told apart by a trait that the person had from the start: then it is two ends that compete.
    old = (traits.iloc[:, 0].rank() > len(traits) / 2).to_numpy()
    return outcome[time].astype(float), np.where(outcome[event], np.where(old, 1, 2), 0).astype(np.int64)


NAMES = ("bmt", "cgvhd", "whas500", "gbsg2", "veterans_lung_cancer", "aids", "flchain", "breast_cancer")


@pytest.mark.parametrize("name", NAMES)
def test_the_curve_is_that_of_another_implementation(name: str) -> None:
    time, causes = as_causes(name)
    own = i.table(Spells(time, causes), time.max())
    times, curves = cumulative_incidence_competing_risks(causes, time)
    for cause in range(1, causes.max() + 1):
        assert i.incidence(own, cause) == pytest.approx(curves[cause][np.searchsorted(times, own.times)], abs=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_its_interval_is_that_of_another_implementation(name: str) -> None:
    # One more, still followed after all the others: the other one divides by zero where all that are left end at once.
    time, causes = (np.append(one, last) for one, last in zip(as_causes(name), (1e6, 0), strict=True))
    own = i.table(Spells(time, causes), 1e6)
    times, _, bounds = cumulative_incidence_competing_risks(causes, time, conf_type="log-log", var_type="Dinse_Approx")
    for cause in range(1, causes.max() + 1):
        inside = i.incidence(own, cause) > 0
        theirs = bounds[cause][:, np.searchsorted(times, own.times)]
        assert inside.sum() > 5
        for bound, other in zip(i.interval(own, cause, form="log-log"), theirs, strict=True):
            assert bound[inside] == pytest.approx(other[inside], abs=1e-12)


def test_the_published_share_of_the_transplants_at_day_sixty() -> None:
    time, causes = as_causes("bmt")
    assert i.returned(Spells(time, causes), 60).value == pytest.approx(0.273, abs=0.0005)


def test_the_variance_is_the_sum_written_out() -> None:
    rng = np.random.default_rng(4)
    found = i.table(Spells(rng.integers(1, 40, 200), rng.integers(0, 4, 200)), 30)
    share, left, n = i.incidence(found), i.before(found), found.at_risk
    last, whole = len(n) - 1, 0.0
    for s in range(last + 1):
        d, own, ahead = found.ended[s].sum(), found.ended[s, 0], share[last] - share[s]
        whole += ahead**2 * d / (n[s] * (n[s] - d)) + left[s] ** 2 * own * (n[s] - own) / n[s] ** 3
        whole -= 2 * ahead * left[s] * own / n[s] ** 2
    assert i.variance(found)[-1] == pytest.approx(whole, rel=1e-12)


def test_when_all_are_followed_to_the_end_it_is_a_plain_share_with_a_plain_error() -> None:
    found = i.returned(spells(*[(3, 1)] * 30, *[(4, 2)] * 20, *[(9, 0)] * 50), 5)
    assert found.value == pytest.approx(0.3)
    assert found.error == pytest.approx(np.sqrt(0.3 * 0.7 / 100))
    assert (found.n, found.events, found.complete) == (100, 30, True)


EDGES = {
    "one, open": [(200, 0)],
    "one, returned": [(5, 1)],
    "one, with a job": [(5, 2)],
    "one, of today": [(0, 0)],
    "one, returned at once": [(0, 1)],
    "all returned at once": [(5, 1)] * 7,
    "all with a job": [(5, 2)] * 7,
    "none returned": [(200, 0)] * 7,
    "half and half at once": [(5, 1), (5, 2)],
    "all lost sight of": [(5, 0)] * 7,
    "the last one returned": [(5, 0)] * 6 + [(6, 1)],
}


def check_sound(found: Estimate) -> None:
    """A value and an interval about it, both within 0 and 1, and no NaN."""
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.error is not None
    assert found.error >= 0


@pytest.mark.parametrize("form", ["wilson", "log-log"])
@pytest.mark.parametrize("case", EDGES)
def test_the_share_of_few_or_of_nobody_or_everybody_has_an_interval(case: str, form: i.Form) -> None:
    found = i.estimate(i.table(spells(*EDGES[case]), 90), form=form)
    check_sound(found)
    assert found.low < found.high


def test_of_no_referrals_nothing_is_known() -> None:
    assert i.returned(spells(), 90) == Estimate(None, 0.0, 1.0, 0, 0, None, complete=False)


def test_what_nobody_was_followed_long_enough_to_see_stays_possible() -> None:
    young = i.returned(spells(*[(20, 1)] * 20, *[(40, 0)] * 80), 90)
    seen = i.returned(spells(*[(20, 1)] * 20, *[(40, 0)] * 79, (90, 0)), 90)
    assert (young.value, young.complete) == (pytest.approx(0.2), False)
    assert young.high == 1.0
    assert seen.complete
    assert seen.high < 0.5


@pytest.mark.parametrize(("returns", "of"), [(0, 10), (0, 100), (10, 10)])
def test_nobody_of_ten_is_less_sure_than_nobody_of_a_hundred(returns: int, of: int) -> None:
    found = i.returned(spells(*[(5, 1)] * returns, *[(200, 0)] * (of - returns)), 90)
    width = 1.959964**2 / (of + 1.959964**2)
    assert (found.high - found.low) == pytest.approx(width, abs=1e-6)


def test_those_lost_sight_of_make_nobody_less_sure() -> None:
    followed = i.returned(spells(*[(200, 0)] * 20), 90)
    lost = i.returned(spells(*[(200, 0)] * 20, *[(1, 0)] * 80), 90)
    jobs = i.returned(spells(*[(200, 0)] * 20, *[(1, 2)] * 80), 90)
    assert lost.high == pytest.approx(followed.high)
    assert jobs.high < followed.high / 3


def test_groups_are_measured_each_for_itself() -> None:
    rng = np.random.default_rng(2)
    whole = Spells(rng.integers(0, 200, 900) * DAY, rng.integers(0, 3, 900))
    groups = rng.choice([3, 7, 41], 900)
    assert i.returned_by(groups, whole) == {g: i.returned(whole.of(groups == g)) for g in (3, 7, 41)}


def test_followed_only_in_a_window_is_what_happened_in_it() -> None:
    # Made on day 0, 50 and 95; the window is days 60 to 100. The first returned on day 40, before it opened.
    started, made = np.array([0, 50, 95]), Spells(np.array([40, 30, 5]), np.array([1, 1, 0]))
    part = i.within(made, started, 60, 100)
    assert part.entered is not None
    assert (part.durations.tolist(), part.causes.tolist(), part.entered.tolist()) == ([30, 5], [1, 0], [10, -1])
    assert i.within(made, started, 60, 70).causes.tolist() == [0]


def test_ages_at_which_nobody_was_followed_in_the_window_are_not_taken_for_quiet_ones() -> None:
    gap = Spells(np.array([30, 120]), np.array([0, 0]), np.array([-1, 60]))
    found = i.returned(gap, 90)
    assert (found.complete, found.high) == (False, 1.0)
    assert i.returned(Spells(gap.durations, gap.causes, np.array([-1, 20])), 90).complete


def test_nobody_is_as_sure_as_more_people_than_there_are() -> None:
    # Seven, of whom most were followed for a few days: the variance alone would count them as thirteen.
    part = Spells(
        np.array([11, 7, 11, 1, 4, 0, 2]), np.array([1, 1, 2, 2, 2, 2, 2]), np.array([5, 0, 5, -1, 2, -1, -1])
    )
    found = i.table(part, 10)
    share, var = i.incidence(found), i.variance(found)
    assert (share * (1 - share) > 12 * var).any()
    assert (i.effective_size(found, share, var) <= 7).all()


@pytest.mark.parametrize(("durations", "causes"), [([-1.0], [1]), ([np.nan], [1]), ([1.0], [-1]), ([1.0, 2.0], [1])])
def test_times_that_cannot_be_are_refused(durations: list[float], causes: list[int]) -> None:
    with pytest.raises(ValueError, match="must"):
        Spells(np.array(durations), np.array(causes))


def test_causes_count_from_one() -> None:
    with pytest.raises(ValueError, match="from 1"):
        i.returned(spells((1, 1)), 90, 0)
    assert i.returned(spells((1, 1)), 90, 5).value == 0.0
