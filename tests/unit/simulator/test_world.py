"""Worlds and people: drawn by the stated distributions, always the same from a seed, and asked for in clear terms."""

from dataclasses import fields, replace
from datetime import date

import numpy as np
import pytest

from services.intake.codes import MUNICIPALITIES
from tests.simulator import hazards, population
from tests.simulator.hazards import RETURN
from tests.simulator.people import draw_people
from tests.simulator.places import CODES, sizes
from tests.simulator.runs import blocks
from tests.simulator.settings import Dirt, Reform, Settings, Shock
from tests.simulator.spells import Spells
from tests.simulator.tables import AGE_BANDS
from tests.simulator.world import NEVER, draw_world
from tests.unit.simulator.worlds import MIXED, drawn

WORLD = draw_world(replace(MIXED, people=100_000))
PEOPLE = draw_people(WORLD, np.random.default_rng(1), 0, WORLD.settings.days, 1)


def test_the_same_seed_gives_the_same_world_and_the_same_referrals_and_another_seed_others() -> None:
    small = replace(MIXED, people=3_000)
    (world, spells), (again, same) = drawn(small), drawn.__wrapped__(small)
    _, others = drawn(replace(small, seed=2))
    assert world.company_return.tolist() == again.company_return.tolist()
    for one in fields(Spells):
        assert np.array_equal(getattr(spells, one.name), getattr(same, one.name))
    assert others.sent_at[:50].tolist() != spells.sent_at[:50].tolist()


def test_every_municipality_is_one_that_the_product_knows_and_that_is_in_force() -> None:
    assert sorted(CODES) == sorted(code for code, ended in MUNICIPALITIES.items() if ended is None)


def test_municipalities_are_as_large_and_as_small_as_the_real_ones() -> None:
    assert sizes(np.array([0.0, 0.5, 1.0])).round().tolist() == [900, 26_500, 833_600]
    assert WORLD.weight.sum() == pytest.approx(1)
    assert WORLD.weight.max() > 20 * np.median(WORLD.weight)


def test_places_and_companies_differ_as_much_as_stated() -> None:
    worlds = [draw_world(replace(MIXED, seed=seed, people=1)) for seed in range(30)]
    spread = {name: np.std([getattr(world, name).ravel() for world in worlds]) for name in (
        "shift", "market", "company_return", "company_job",
    )}  # fmt: skip
    assert spread == pytest.approx({"shift": 0.6, "market": 0.3, "company_return": 0.25, "company_job": 0.15}, rel=0.04)
    assert np.mean([world.misreferral for world in worlds]) == pytest.approx(0.2, rel=0.02)


def test_companies_that_are_sorted_serve_places_far_from_work_and_differ_as_much_as_others() -> None:
    asked = Settings(municipalities=60, companies=20, people=1, sorting=0.8)
    worlds = [draw_world(replace(asked, seed=seed)) for seed in range(60)]
    together, apart = [], []
    for world in worlds:
        size = np.bincount(world.contracts[:, 0], world.weight)
        far = -np.bincount(world.contracts[:, 0], world.weight * world.shift) / size
        together.append(np.corrcoef(far, world.company_return)[0, 1])
        apart.append(np.corrcoef(far, draw_world(replace(world.settings, sorting=0.0)).company_return)[0, 1])
    assert np.mean(together) == pytest.approx(0.8, abs=0.05)
    assert np.mean(apart) == pytest.approx(0.0, abs=0.1)
    assert np.std([world.company_return for world in worlds]) == pytest.approx(0.25, rel=0.04)


def test_a_job_market_changes_slowly() -> None:
    years = np.concatenate([draw_world(replace(MIXED, seed=seed, people=1)).market for seed in range(20)])
    assert np.corrcoef(years[:, 0], years[:, 1])[0, 1] == pytest.approx(0.9, abs=0.02)
    assert np.corrcoef(years[:, 0], years[:, 3])[0, 1] == pytest.approx(0.9**3, abs=0.03)


def test_people_have_the_stated_ages_barriers_and_will_and_ability_that_go_together() -> None:
    shares = np.bincount(PEOPLE.age_band, minlength=len(AGE_BANDS)) / 100_000
    assert [shares[0], shares[1:3].sum(), shares[3:].sum()] == pytest.approx([0.099, 0.337, 0.564], abs=0.006)
    assert np.mean(PEOPLE.barriers > 0) == pytest.approx(0.57, abs=0.006)
    assert PEOPLE.barriers.mean() == pytest.approx(1.24, abs=0.02)
    own = WORLD.shift[PEOPLE.municipality]
    assert np.corrcoef(PEOPLE.will - own, PEOPLE.able - own)[0, 1] == pytest.approx(0.4, abs=0.01)


def test_decisions_fall_within_eight_weeks_of_application_or_search_unless_prolonged() -> None:
    _, people = _applicants()
    days = (people.decided_at - people.arrived_at) / 86_400 - 28 * people.searches
    assert days[~people.prolonged].max() <= 56
    assert days[people.prolonged].min() > 56
    new = (people.kind == 0) & ~people.prolonged
    assert np.median(days[new]) == pytest.approx(28, abs=1)
    assert np.bincount(people.fate[people.kind == 0]) / (people.kind == 0).sum() == pytest.approx(
        [2 / 3, 1 / 5, 2 / 15], abs=0.02
    )
    assert people.searches.sum() == np.sum((people.kind == 0) & (people.age_band == 0))


def _applicants():
    world = draw_world(Settings(people=20_000))
    return world, next(iter(blocks(world))).people


def test_people_come_in_on_working_days_in_office_hours() -> None:
    day, hour = (PEOPLE.arrived_at // 86_400 + 3) % 7, PEOPLE.arrived_at % 86_400 // 3_600
    assert 0.92 < np.mean((day < 5) & (hour >= 8) & (hour < 17)) < 0.97


def test_a_fixed_number_of_people_is_exactly_that_and_else_it_varies_around_it() -> None:
    assert draw_world(Settings(people=12_345)).arrivals.sum() == 12_345
    counts = [draw_world(Settings(people=2_500, fixed=False, seed=seed)).arrivals.sum() for seed in range(60)]
    assert np.mean(counts) == pytest.approx(2_500, abs=25)
    assert np.std(counts) == pytest.approx(50, rel=0.4)


def test_a_shock_brings_three_in_ten_more_people_while_it_lasts() -> None:
    calm = draw_world(Settings(people=500_000, fixed=False))
    shaken = draw_world(Settings(people=500_000, fixed=False, shock=Shock(400, 200)))
    during = shaken.arrivals[400:600].sum() / calm.arrivals[400:600].sum()
    before = shaken.arrivals[:400].sum() / calm.arrivals[:400].sum()
    assert (during, before) == pytest.approx((1.3, 1.0), abs=0.02)


def test_a_reform_comes_to_its_share_of_the_municipalities_each_on_a_day_of_its_own_between_the_two() -> None:
    world = draw_world(Settings(reform=Reform(100, 600, share=0.5)))
    days = (world.reform_at[world.reform_at != NEVER] - world.settings.opens) // 86_400
    assert 130 < len(days) < 210
    assert 100 <= days.min() < 110 < 590 < days.max() <= 600
    assert len(set(days.tolist())) > 100


@pytest.mark.parametrize("misreferred", [1.0, 2.5])
def test_three_in_ten_of_all_first_referrals_of_all_worlds_are_back_by_day_90_whatever_is_assumed(
    misreferred: float,
) -> None:
    share = population.national(90, population.scale(misreferred), misreferred)[RETURN]
    assert share == pytest.approx(0.30, abs=1e-7)


def test_the_national_share_is_what_many_draws_of_people_places_and_companies_give() -> None:
    rng = np.random.default_rng(8)
    count = 200_000
    shift, will = rng.normal(0, 0.6, count), rng.normal(size=count)
    able = 0.4 * will + np.sqrt(1 - 0.16) * rng.normal(size=count) + shift
    will = will + shift
    barriers = rng.choice(PEOPLE.barriers, count)
    wrongly = rng.random(count) < 0.2
    back = -0.30 * will - 0.20 * able + 0.15 * barriers + np.log(2.5) * wrongly + rng.normal(0, 0.25, count)
    job = 0.30 * will + 0.35 * able - 0.15 * barriers + rng.normal(0, 0.15, count) + rng.normal(0, 0.30, count)
    shares = hazards.incidence(hazards.rates(back, job, population.scale(2.5)), 60)
    expected = population.national(60, population.scale(2.5), 2.5)
    assert shares.mean(1) == pytest.approx(expected, abs=0.0012)


def test_the_mean_over_drawn_worlds_is_the_mean_over_the_distributions() -> None:
    small = replace(MIXED, people=1_500, municipalities=300)
    shares = []
    for seed in range(60):
        _world, spells = drawn.__wrapped__(replace(small, seed=seed))
        first = spells.first & (spells.accepted_at >= 0)
        shares.append(
            np.mean((spells.cause[first] == 1) & (spells.ended_at - spells.accepted_at <= 90 * 86_400)[first])
        )
    assert np.mean(shares) == pytest.approx(0.30, abs=3.5 * np.std(shares) / np.sqrt(60))


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (lambda: Settings(municipalities=343), "municipalities: from 1 to 342"),
        (lambda: Settings(companies=0), "companies"),
        (lambda: Settings(people=0), "people: at least 1"),
        (lambda: Settings(days=0), "days"),
        (lambda: Settings(seed=-1), "seed"),
        (lambda: Settings(misreferred=0.0), "misreferred"),
        (lambda: Settings(sorting=1.1), "sorting: a correlation"),
        (lambda: Reform(300, 200), "reform"),
        (lambda: Reform(1, 2, share=1.5), "reform.share"),
        (lambda: Shock(0, 0), "shock"),
        (lambda: Dirt(within_days=((0.5, 1.0),)), "dirt.within_days: shares add up to 1"),
        (lambda: Dirt(duplicates=2.0), "dirt.duplicates"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name_and_rule(asked, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}"):
        asked()


def test_settings_stand_in_the_truth_as_they_were_asked() -> None:
    told = Settings(start=date(2020, 2, 29), reform=Reform(1, 2)).as_json()
    assert told["start"] == "2020-02-29"
    assert told["reform"]["last_day"] == 2
