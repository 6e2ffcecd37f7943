"""What was to be expected of people: learned within providers, for their quality is not their people's."""

import warnings

import numpy as np
import pytest

from services.insight.statistics import casemix as m
from services.insight.statistics.estimate import Floats, Ints
from services.insight.statistics.incidence import Spells

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import statsmodels.api as sm
    from statsmodels.duration.hazard_regression import PHReg

EFFECTS = np.array([-0.30, -0.20, 0.15])
"""Of will, ability and barriers, on the hazard of return."""


def world(seed: int, many: int = 20_000, providers: int = 40, sorting: float = -1.5) -> tuple[Spells, Floats, Ints]:
    """Providers differ in quality, the better ones get the harder people (`sorting`); jobs end spells, some run on."""
    rng = np.random.default_rng(seed)
    where = rng.integers(0, providers, many)
    quality = rng.normal(0, 0.4, providers)
    traits = rng.normal(size=(many, 3))
    traits[:, 0] += sorting * quality[where]
    returning = rng.exponential(1 / (0.004 * np.exp(traits @ EFFECTS + quality[where])))
    other, seen = rng.exponential(250, many), rng.uniform(0, 250, many)
    days = np.minimum(np.minimum(returning, other), seen)
    causes = np.where(days == returning, 1, np.where(days == other, 2, 0))
    return Spells(days, causes), traits, where


def in_one_go(spells: Spells, traits: Floats, where: Ints) -> m.CaseMix:
    """The wrong way: as if all were with one provider."""
    return m.learn(spells, traits, np.zeros_like(where))


def check_effects(found: m.CaseMix) -> None:
    """The effects are the true ones, within three and a half standard errors each."""
    assert (np.abs(found.effects - EFFECTS) < 3.5 * found.errors).all()


def test_the_effects_of_people_are_found_whatever_their_providers_are_like() -> None:
    check_effects(m.learn(*world(1)))


def test_without_an_intercept_per_provider_quality_is_taken_for_case_mix_and_that_is_found_out() -> None:
    with pytest.raises(AssertionError):
        check_effects(in_one_go(*world(1)))


def test_where_people_are_not_sorted_both_ways_agree() -> None:
    spells, traits, where = world(2, sorting=0)
    assert in_one_go(spells, traits, where).effects == pytest.approx(m.learn(spells, traits, where).effects, abs=0.02)


def test_standard_errors_are_as_large_as_the_effects_vary() -> None:
    found = [m.learn(*world(seed, many=2_000, providers=10)) for seed in range(120)]
    spread = np.std([one.effects for one in found], axis=0)
    assert np.mean([one.errors for one in found], axis=0) == pytest.approx(spread, rel=0.2)


def test_in_sum_as_many_are_expected_as_came_back() -> None:
    spells, traits, where = world(3)
    found = m.learn(spells, traits, where)
    back = ((spells.causes == 1) & (spells.durations <= 90)).sum()
    assert m.expected(found, spells, traits).sum() == pytest.approx(back)
    assert found.events == back


def by_person_and_band(spells: Spells, traits: Floats, where: Ints) -> tuple[Floats, Floats, Floats]:
    """The same written out for another implementation: events, model matrix and log of the days, a row per band."""
    edges = np.array(m.WEEKS)
    days, band = m.exposure(spells, edges), m.events_in(spells, 1, edges)
    person, week = np.nonzero(days)
    matrix = np.column_stack(
        [np.eye(len(edges) - 1)[week], np.eye(where.max() + 1)[where[person]][:, 1:], traits[person]]
    )
    return (band[person] == week).astype(float), matrix, np.log(days[person, week])


def test_it_is_the_poisson_regression_of_another_implementation() -> None:
    spells, traits, where = world(4, many=2_000, providers=5)
    events, matrix, log_days = by_person_and_band(spells, traits, where)
    other = sm.GLM(events, matrix, family=sm.families.Poisson(), offset=log_days).fit(tol=1e-12)
    found = m.learn(spells, traits, where, prior=1e4)
    assert found.effects == pytest.approx(other.params[-3:], abs=1e-5)
    assert found.errors == pytest.approx(other.bse[-3:], abs=1e-5)


def test_the_prior_moves_the_effects_by_less_than_a_tenth_of_their_error() -> None:
    spells, traits, where = world(4, many=2_000, providers=5)
    free, held = (m.learn(spells, traits, where, prior=prior) for prior in (1e4, m.PRIOR))
    assert (np.abs(free.effects - held.effects) < 0.1 * held.errors).all()


def test_it_is_close_to_coxs_regression_with_a_baseline_for_every_provider() -> None:
    spells, traits, where = world(5, many=4_000, providers=5)
    ended = (spells.causes == 1) & (spells.durations <= 90)
    other = PHReg(np.minimum(spells.durations, 90), traits, status=ended.astype(int), strata=where).fit()
    found = m.learn(spells, traits, where)
    assert found.effects == pytest.approx(other.params, abs=0.02)
    assert found.errors == pytest.approx(other.bse, rel=0.05)


def test_who_is_followed_only_from_some_age_on_counts_from_then() -> None:
    spells, traits, where = world(6, many=30_000)
    entered = np.random.default_rng(1).uniform(-20, 60, len(spells))
    late = spells.durations > entered
    part = Spells(spells.durations[late], spells.causes[late], entered[late])
    check_effects(m.learn(part, traits[late], where[late]))


def test_who_ends_on_the_last_day_of_a_week_ended_in_that_week() -> None:
    spells = Spells(np.repeat([7.0, 8.0, 90.0], 10), np.repeat([1, 0, 1], 10))
    found = m.learn(spells, np.zeros((30, 0)), np.zeros(30, np.int64))
    assert found.rates[:2].tolist() == pytest.approx([10 / 210, 0])
    assert found.rates[-1] == pytest.approx(10 / (10 * 6))
    assert found.events == 20


def test_a_trait_with_which_nobody_came_back_has_an_effect_that_is_large_and_not_endless() -> None:
    spells, traits, where = world(7, many=3_000)
    never = (spells.causes != 1) & (np.arange(len(spells)) % 3 == 0)
    found = m.learn(spells, np.column_stack([traits, never]), where)
    assert -12 < found.effects[3] < -1.5
    assert found.errors[3] > 0.5
    assert np.isfinite(found.covariance).all()


def test_a_provider_to_which_nobody_went_or_from_which_nobody_came_back_breaks_nothing() -> None:
    spells, traits, where = world(8, many=3_000, providers=6)
    causes = np.where(where == 2, 0, spells.causes)
    found = m.learn(Spells(spells.durations, causes), traits, np.where(where == 4, 7, where))
    assert np.isfinite(found.effects).all()
    assert (m.expected(found, spells, traits) > 0).mean() > 0.99


def test_a_trait_that_all_have_has_no_effect() -> None:
    spells, traits, where = world(9, many=3_000)
    found = m.learn(spells, np.column_stack([traits, np.ones(3_000)]), where)
    assert found.effects[3] == 0.0
    assert found.effects[:3] == pytest.approx(m.learn(spells, traits, where).effects, abs=1e-9)


def test_without_traits_only_the_rates_are_learned() -> None:
    spells, _, where = world(10, many=3_000)
    found = m.learn(spells, np.zeros((3_000, 0)), where)
    days = m.exposure(spells, found.bounds).sum(axis=0)
    assert found.rates @ days == pytest.approx(found.events)
    assert found.effects.shape == (0,)


def test_units_and_shifts_of_a_trait_change_nothing_that_is_expected() -> None:
    spells, traits, where = world(11, many=3_000)
    other = traits * np.array([12, 1, 0.01]) + np.array([0, 40, -3])
    one, two = m.learn(spells, traits, where), m.learn(spells, other, where)
    assert m.expected(two, spells, other) == pytest.approx(m.expected(one, spells, traits), rel=1e-6)
    assert m.risk(two, other) == pytest.approx(m.risk(one, traits), rel=1e-6)


def test_rare_returns_settle_too() -> None:
    spells, traits, where = world(12, many=3_000)
    rare = Spells(spells.durations, np.where((spells.causes == 1) & (np.arange(3_000) % 100 > 0), 2, spells.causes))
    found = m.learn(rare, traits, where)
    assert found.events < 20
    assert (found.errors > 0.1).all()
    assert m.expected(found, rare, traits).sum() == pytest.approx(found.events)


def test_a_hundred_thousand_referrals_settle_in_a_few_steps() -> None:
    found = m.learn(*world(13, many=100_000, providers=60))
    check_effects(found)
    assert found.steps <= 10


NOBODY: list[tuple[Spells, Floats, Ints, str]] = [
    (Spells(np.ones(3), np.zeros(3, np.int64)), np.zeros((3, 1)), np.zeros(3, np.int64), "nothing to learn"),
    (Spells(np.zeros(3), np.ones(3, np.int64)), np.zeros((3, 1)), np.zeros(3, np.int64), "nothing to learn"),
    (Spells(np.ones(3), np.ones(3, np.int64)), np.full((3, 1), np.nan), np.zeros(3, np.int64), "numbers"),
    (Spells(np.ones(3), np.ones(3, np.int64)), np.zeros((2, 1)), np.zeros(3, np.int64), "row of covariates"),
]


@pytest.mark.parametrize(("spells", "traits", "where", "words"), NOBODY)
def test_what_says_nothing_is_refused(spells: Spells, traits: Floats, where: Ints, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        m.learn(spells, traits, where)
