"""Whole worlds of which the truth is known: comparing providers recovers it, and wrong ways to do so do not."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from scipy.stats import chisquare, norm

from services.insight.statistics import casemix
from services.insight.statistics.comparing import compare
from services.insight.statistics.estimate import Floats, Ints
from services.insight.statistics.funnel import Spread, limits
from services.insight.statistics.incidence import Spells, incidence, table
from tests.unit.insight.given import HAZARDS

PROVIDERS, REFERRALS, MARKETS = 40, 16_000, 80
EFFECTS = np.array([-0.30, -0.20, 0.15])
JOBS = np.array([0.30, 0.35, -0.15])
SEEDS = range(12)
Learn = Callable[[Spells, Floats, Ints], casemix.CaseMix]


@dataclass(frozen=True)
class World:
    """Referrals of a year and a half, and what nobody in the world knows."""

    spells: Spells
    traits: Floats
    where: Ints
    quality: Floats
    """Log hazard ratio of return per provider."""
    placing: Floats
    """The same for jobs."""


def world(seed: int) -> World:
    """Providers serve a few municipalities, people and labour markets differ by those; hard people go to the good."""
    rng = np.random.default_rng(seed)
    quality, placing = rng.normal(0, 0.25, PROVIDERS), rng.normal(0, 0.15, PROVIDERS)
    town = rng.integers(0, MARKETS, REFERRALS)
    where = np.where(rng.random(REFERRALS) < 0.8, town % PROVIDERS, rng.integers(0, PROVIDERS, REFERRALS))
    traits = rng.normal(size=(REFERRALS, 3)) + rng.normal(0, 0.6, (MARKETS, 3))[town]
    traits[:, 0] += 2.0 * quality[where]
    market = rng.normal(0, 0.30, MARKETS)[town]
    returning = np.exp(traits @ EFFECTS + quality[where])
    working = np.exp(traits @ JOBS + market + placing[where])
    # Competing ends drawn as the first of three, each by its own cumulative hazard.
    whole = np.cumsum(HAZARDS, axis=1)
    draws = rng.exponential(size=(3, REFERRALS)) / np.stack([returning, working, np.ones(REFERRALS)])
    days = np.stack([np.searchsorted(one, draw) + 1 for one, draw in zip(whole, draws, strict=True)])
    first = days.min(axis=0)
    seen = rng.integers(0, 550, REFERRALS)
    causes = np.where(first <= seen, days.argmin(axis=0) + 1, 0)
    return World(Spells(np.minimum(first, seen).astype(float), causes), traits, where, quality, placing)


WORLDS = [world(seed) for seed in SEEDS]


@dataclass(frozen=True)
class Compared:
    """What was found of a world's providers, beside the truth; both as log ratios about the whole."""

    true: Floats
    raw: Floats
    found: Floats
    low: Floats
    high: Floats
    observed: Floats
    expected: Floats


def compared(one: World, learn: Learn) -> Compared:
    """The comparison as it is made, at 90 %, and the plain share returned within 90 days in its place."""
    model = learn(one.spells, one.traits, one.where)
    awaited = casemix.expected(model, one.spells, one.traits)
    back = (one.spells.causes == 1) & (one.spells.durations <= 90)
    observed, expected = (np.bincount(one.where, weights=each) for each in (back, awaited))
    shares = [incidence(table(one.spells.of(one.where == j), 90))[-1] for j in range(PROVIDERS)]
    rows = compare(observed, expected, level=0.9).providers
    found, low, high = (np.log([getattr(row.shrunk, name) for row in rows]) for name in ("value", "low", "high"))
    true = one.quality - np.log(expected @ np.exp(one.quality) / expected.sum())
    raw = np.log(shares) - np.log(np.mean(shares))
    return Compared(true, raw, found, low, high, observed, expected)


def in_one_go(spells: Spells, traits: Floats, where: Ints) -> casemix.CaseMix:
    """Case mix without an intercept per provider."""
    return casemix.learn(spells, traits, np.zeros_like(where))


def on_nothing(spells: Spells, traits: Floats, where: Ints) -> casemix.CaseMix:
    """No case mix at all."""
    return casemix.learn(spells, np.zeros_like(traits), where)


@pytest.fixture(scope="module")
def found() -> list[Compared]:
    """All worlds, compared as it should be."""
    return [compared(one, casemix.learn) for one in WORLDS]


def distance(worlds: list[Compared], name: str) -> float:
    """Root mean squared distance to the truth."""
    return float(np.sqrt(np.mean([np.mean((getattr(one, name) - one.true) ** 2) for one in worlds])))


def likeness(worlds: list[Compared], name: str) -> float:
    """Mean correlation with the truth."""
    return float(np.mean([np.corrcoef(getattr(one, name), one.true)[0, 1] for one in worlds]))


def check_sure(worlds: list[Compared]) -> None:
    """Intervals of 90 % hold the truth in 86 to 94 of 100 cases, and its place in them is anywhere as often.

    Ten bins, p above 0.01: calibration by simulation (Talts and others 2018).
    """
    assert 0.86 <= np.mean([np.mean((one.low <= one.true) & (one.true <= one.high)) for one in worlds]) <= 0.94
    spread = [(one.high - one.low) / (2 * norm.ppf(0.95)) for one in worlds]
    places = np.concatenate(
        [norm.cdf((one.true - one.found) / width) for one, width in zip(worlds, spread, strict=True)]
    )
    assert chisquare(np.histogram(places, np.linspace(0, 1, 11))[0]).pvalue > 0.01


def test_the_published_figure_lies_nearer_the_truth_than_the_plain_share(found: list[Compared]) -> None:
    assert distance(found, "found") < 0.75 * distance(found, "raw")
    assert likeness(found, "found") > 0.9 > likeness(found, "raw")


def test_its_intervals_are_as_sure_as_they_say(found: list[Compared]) -> None:
    check_sure(found)


@pytest.mark.parametrize("learn", [in_one_go, on_nothing])
def test_case_mix_learned_across_providers_or_not_at_all_is_found_out(learn: Learn) -> None:
    worlds = [compared(one, learn) for one in WORLDS]
    with pytest.raises(AssertionError):
        check_sure(worlds)


def test_raw_shares_of_jobs_say_more_of_the_labour_market_than_of_the_provider(found: list[Compared]) -> None:
    def job_share(one: World) -> Floats:
        return np.array([incidence(table(one.spells.of(one.where == j), 90), 2)[-1] for j in range(PROVIDERS)])

    likely = np.mean([np.corrcoef(job_share(one), one.placing)[0, 1] for one in WORLDS])
    assert likely < 0.6 < likeness(found, "found")


def test_a_funnel_without_ordinary_differences_calls_many_to_account_and_this_one_few(found: list[Compared]) -> None:
    plain, own = [], []
    for one in found:
        ratio = one.observed / one.expected
        low, high = limits(one.expected, Spread(1.0, 0.0, "shmi"))
        plain.append(np.mean((ratio < low) | (ratio > high)))
        own.append(np.mean([row.place == "outside" for row in compare(one.observed, one.expected).providers]))
    assert np.mean(plain) > 0.15
    assert np.mean(own) < 0.06
