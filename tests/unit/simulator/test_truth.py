"""The truth of a run: what comes out of the draws, slice by slice, and it can be written down and adds up."""

import json
from dataclasses import replace
from math import erf, log, sqrt

import numpy as np
import pytest

from tests.simulator import hazards, population
from tests.simulator.exact import reform_effect, returns_by, true_incidence, waiting
from tests.simulator.runs import blocks
from tests.simulator.settings import DAY, Settings
from tests.simulator.spells import RETURNED, ages, picked
from tests.simulator.tally import added, tally
from tests.simulator.truth import truth, truth_of
from tests.simulator.world import draw_world
from tests.unit.simulator.worlds import ALIKE, MIXED, REFORMED, drawn


def _within(world, spells, by) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(misses in standard errors, of slices with a hundred or more): what was drawn less what the hazards say."""
    taken = picked(spells, spells.first & (spells.accepted_at >= 0))
    group = by(taken).astype(np.int64)
    size = int(group.max()) + 1
    age, cause = ages(taken, 2**60)
    back = (cause == RETURNED) & (age <= 90)
    share = returns_by(world, taken)
    n = np.bincount(group, minlength=size)
    error = np.sqrt(np.bincount(group, share * (1 - share), size)) / np.maximum(n, 1)
    found = np.bincount(group, back, size) / np.maximum(n, 1)
    told = true_incidence(world, taken, group, size)
    return ((found - told) / np.maximum(error, 1e-9))[n >= 100]


@pytest.mark.parametrize("settings", [MIXED, ALIKE, REFORMED], ids=["mixed", "alike", "reformed"])
@pytest.mark.parametrize("slice_", ["company", "municipality", "trajectory", "reformed", "barriers"])
def test_as_many_of_each_slice_come_back_as_the_truth_says(settings: Settings, slice_: str) -> None:
    misses = _within(*drawn(settings), lambda spells: getattr(spells, slice_))
    assert len(misses) >= 1
    assert np.abs(misses).max() < 4.2
    # misses of right truths are standard normal
    assert np.mean(misses**2) < 1 + 4 * sqrt(2 / len(misses))


def test_a_slice_without_a_referral_has_no_share() -> None:
    world, spells = drawn(ALIKE)
    assert np.isnan(true_incidence(world, spells, np.zeros(len(spells), np.int64), 2)[1])


def test_the_truth_adds_up_over_blocks_and_can_be_written_down() -> None:
    world = draw_world(replace(REFORMED, people=60_000))
    parts = list(blocks(world))
    assert len(parts) == 2
    told = truth(world, added(tally(world, block) for block in parts))
    assert told == truth_of(world)
    assert json.loads(json.dumps(told))["counts"] == told["counts"]
    assert told["counts"]["people"] == 60_000
    assert sum(told["counts"]["ended_by"].values()) == told["counts"]["referrals"]


def test_the_told_shares_are_those_of_the_referrals() -> None:
    world, spells = drawn(MIXED)
    told = truth_of(world)["first_referrals"]
    sent = spells.first & (spells.sent_at <= world.settings.ends)
    taken = picked(spells, sent & (spells.accepted_at >= 0) & (spells.accepted_at <= world.settings.ends))
    nobody = np.zeros(len(taken), np.int64)
    curve = told["since_accepted"]["by_day"]
    for day in (30, 60, 90, 365):
        assert curve[str(day)]["return"] == pytest.approx(true_incidence(world, taken, nobody, 1, day)[0])
    by_company = told["since_accepted"]["returned_within_90"]["company"]
    shares = true_incidence(world, taken, taken.company, world.settings.companies)
    for place in (0, 31, 59):
        assert by_company[f"org-c{place:03}"]["mean"] == pytest.approx(shares[place])
    since_sent = returns_by(world, picked(spells, sent), since_sent=True)
    assert told["since_sent"]["returned_within_90"]["overall"] == pytest.approx(since_sent.mean())
    assert sum(one["n"] for one in told["since_sent"]["returned_within_90"]["month"].values()) == sent.sum()


def test_everything_that_was_drawn_stands_in_the_truth() -> None:
    world, _ = drawn(REFORMED)
    told = truth_of(world)
    assert [one["return"] for one in told["companies"]] == world.company_return.tolist()
    assert [one["reform_at"] is None for one in told["municipalities"]] == (world.reform_at > 2**60).tolist()
    assert told["parameters"]["scale"] == population.scale_of(world)
    assert told["settings"] == world.settings.as_json()
    assert truth_of(draw_world(replace(MIXED, people=500)))["reform"] is None


def test_the_effect_of_a_reform_is_what_it_changes_per_month_in_which_it_came() -> None:
    world, spells = drawn(REFORMED)
    told = truth_of(world)["reform"]
    met = spells.first & spells.reformed & (spells.accepted_at >= 0) & (spells.accepted_at <= world.settings.ends)
    met = picked(spells, met & (spells.sent_at <= world.settings.ends))
    effect = reform_effect(world, met)
    assert np.all(effect <= 0)
    assert told["overall"]["referrals"] == len(met)
    assert told["overall"]["effect"] == pytest.approx(effect.mean())
    months = told["by_month_of_reform"]
    assert sum(one["referrals"] for one in months.values()) == told["overall"]["referrals"]
    whole = sum(one["effect"] * one["referrals"] for one in months.values() if one["referrals"])
    assert whole / told["overall"]["referrals"] == pytest.approx(told["overall"]["effect"])
    drawn_effect = (told["overall"]["returned_with"] - told["overall"]["returned_without"]) / len(met)
    assert drawn_effect == pytest.approx(told["overall"]["effect"], abs=4 * np.sqrt(0.05 / len(met)))


def test_returns_within_a_year_are_as_many_as_the_rounds_say_when_everybody_is_alike() -> None:
    told = truth_of(draw_world(ALIKE))["returns_per_person_within_365_days"]["overall"]
    assert told == pytest.approx(_expected_returns(365), abs=4 * 0.75 / sqrt(60_000))


def _expected_returns(days: int) -> float:
    """Day by day: sent, answered, back, and sent again for who is; the wait to be sent again as it is drawn."""
    one = np.zeros(1)
    rates = hazards.rates(one, one, hazards.ALIKE)
    back = np.diff([hazards.incidence(rates, day)[hazards.RETURN, 0] for day in range(days + 1)], prepend=0)
    # a lognormal wait around 45 days, at least ten; a Saturday and a Sunday move to the Monday
    reached = [0.5 * (1 + erf((log(max(day, 0.5) / 45)) / (0.6 * sqrt(2)))) if day >= 10 else 0 for day in range(days)]
    wait = np.diff(reached, prepend=0)
    wait = (5 * wait + np.roll(wait, 1) + np.roll(wait, 2)) / 7
    sent, total = np.zeros(days + 1), 0.0
    sent[0] = 1
    for _ in range(12):
        answered = np.convolve(sent, waiting(days)[: days + 1])[: days + 1]
        returned = np.convolve(0.93 * answered, back)[: days + 1]
        total += returned.sum()
        sent = 0.55 * np.convolve(returned + 0.07 * answered, wait)[: days + 1]
    return total


def test_a_year_of_returns_is_counted_to_its_end_whenever_the_history_ends() -> None:
    world, spells = drawn(MIXED)
    first = picked(spells, spells.first & (spells.sent_at <= world.settings.ends))
    began = dict(zip(first.person.tolist(), first.sent_at.tolist(), strict=True))
    back = spells.cause == RETURNED
    counted = sum(
        at - began[person] <= 365 * DAY
        for person, at in zip(spells.person[back].tolist(), spells.ended_at[back].tolist(), strict=True)
        if person in began
    )
    told = truth_of(world)["returns_per_person_within_365_days"]["overall"]
    assert told == pytest.approx(counted / len(first))
