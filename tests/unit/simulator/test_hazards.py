"""How referrals end when everybody is alike: the shares are the stated ones, and what is drawn falls as computed."""

import numpy as np
import pytest

from tests.simulator import hazards
from tests.simulator.exact import returns_by, waiting
from tests.simulator.settings import Settings
from tests.simulator.spells import ages, picked
from tests.unit.simulator.worlds import ALIKE, MIXED, drawn

ONE = np.zeros(1)
STATED = {30: (0.1225, 0.081), 60: (0.2309, 0.143), 90: (0.3000, 0.190), 365: (0.427, 0.313)}
"""Returned and at work by day."""


@pytest.mark.parametrize("day", STATED)
def test_the_stated_shares_have_returned_and_found_work_by_this_day(day: int) -> None:
    returned, works, _ = hazards.incidence(hazards.rates(ONE, ONE, hazards.ALIKE), day)[:, 0]
    assert returned == pytest.approx(STATED[day][0], abs=0.00005 if day < 365 else 0.0005)  # half of the last digit
    assert works == pytest.approx(STATED[day][1], abs=0.0005)


def test_what_has_ended_by_no_day_is_nothing_and_in_the_end_is_everything() -> None:
    rates = hazards.rates(np.array([-1.0, 0.0, 1.0]), np.zeros(3), hazards.ALIKE)
    assert not hazards.incidence(rates, 0).any()
    assert hazards.incidence(rates, 1_000_000).sum(0) == pytest.approx(np.ones(3))


def test_incidence_is_what_adding_up_day_by_day_gives() -> None:
    rates = hazards.rates(np.array([-0.7, 0.4]), np.array([0.3, -0.2]), hazards.ALIKE)
    running, ended = np.ones(2), np.zeros((3, 2))
    for day in range(1, 401):
        piece = rates[np.searchsorted(hazards.FIRST_DAYS, day, side="right") - 1]
        ended += running * piece
        running *= 1 - piece.sum(0)
        if day in (13, 14, 44, 45, 89, 90, 400):
            assert hazards.incidence(rates, day) == pytest.approx(ended)


@pytest.mark.parametrize("day", [1, 13, 14, 30, 44, 45, 60, 89, 90, 91, 365])
def test_as_many_have_ended_by_each_cause_as_the_hazards_say(day: int) -> None:
    count = 300_000
    rng = np.random.default_rng(7)
    rates = np.broadcast_to(hazards.rates(ONE, ONE, hazards.ALIKE), (4, 3, count))
    age, cause = hazards.ends(rates, rng.random(count), rng.random(count))
    assert age.min() == 1
    for place, share in enumerate(hazards.incidence(rates[:, :, :1], day)[:, 0]):
        error = np.sqrt(share * (1 - share) / count)
        assert np.mean((age <= day) & (cause == place + 1)) == pytest.approx(share, abs=4 * error)


def test_a_hazard_that_would_exceed_a_day_is_held_to_it_and_the_shares_of_the_causes_stay() -> None:
    wild = hazards.rates(np.array([8.0]), np.array([7.0]), hazards.ALIKE)
    free = np.array([0.0056 * hazards.ALIKE * np.exp(8.0), 0.0030 * np.exp(7.0), 0.0006])
    assert wild[1, :, 0].sum() == pytest.approx(hazards.MOST)
    assert wild[1, :, 0] / wild[1, :, 0].sum() == pytest.approx(free / free.sum())


@pytest.mark.parametrize("settings", [ALIKE, MIXED], ids=["alike", "mixed"])
def test_referrals_counted_from_sending_come_back_as_computed_through_the_wait_for_an_answer(
    settings: Settings,
) -> None:
    world, spells = drawn(settings)
    first = picked(spells, spells.first)
    share = returns_by(world, first, since_sent=True)
    age, cause = ages(first, 2**60, since_sent=True)
    found = np.mean((age <= 90) & (cause == 1))
    assert found == pytest.approx(share.mean(), abs=4 * np.sqrt(np.mean(share * (1 - share)) / len(first)))


def test_answers_come_after_five_days_on_average_and_never_on_the_day_itself() -> None:
    chance = waiting(500)
    assert chance[0] == 0
    assert chance.sum() == pytest.approx(1)
    assert chance @ np.arange(501) == pytest.approx(5)
