"""The right share told from three wrong ones, on histories of which the truth is known."""

import numpy as np
import pytest

from services.insight.statistics.estimate import Floats, Ints
from services.insight.statistics.incidence import Spells, within
from tests.unit.insight.given import (
    HAZARDS,
    Measure,
    ends,
    followed,
    in_each,
    jobs_ignored,
    open_ignored,
    right,
    so_far,
    truth,
)

MANY, SIZE = 200, 4_000


@pytest.fixture(scope="module")
def histories() -> tuple[Ints, Spells, Ints]:
    """Two hundred histories of 270 days, with a growing intake: of each referral its history, itself and its day."""
    spells, started = followed(np.random.default_rng(11), MANY * SIZE)
    return np.repeat(np.arange(MANY), SIZE), spells, started


def check_truth(measured: Floats) -> None:
    """On the average of the histories it is the truth, but for chance: three standard errors of that average."""
    assert abs(measured.mean() - truth()[0]) < 3 * measured.std() / np.sqrt(len(measured))


def test_the_worlds_truth_is_the_one_that_was_meant() -> None:
    assert [truth(day)[0] for day in (30, 60, 90)] == pytest.approx([0.1225, 0.2309, 0.3000], abs=5e-5)
    assert truth()[1] == pytest.approx(0.190, abs=5e-4)


def test_open_referrals_and_jobs_counted_for_what_they_are_give_the_truth(
    histories: tuple[Ints, Spells, Ints],
) -> None:
    check_truth(in_each(*histories[:2], right))


WRONG: list[tuple[Measure, float, float]] = [
    (jobs_ignored, 0.343, 0.351),
    (so_far, 0.19, 0.22),
    (open_ignored, 0.5, 0.6),
]


@pytest.mark.parametrize(("measure", "low", "high"), WRONG)
def test_the_usual_ways_to_measure_are_found_out(
    histories: tuple[Ints, Spells, Ints], measure: Measure, low: float, high: float
) -> None:
    measured = in_each(*histories[:2], measure)
    assert low < measured.mean() < high
    with pytest.raises(AssertionError):
        check_truth(measured)


def test_ignoring_jobs_measures_a_world_without_jobs() -> None:
    alone = np.vstack([HAZARDS[:1], np.zeros_like(HAZARDS[1:])])
    spells, _ = followed(np.random.default_rng(2), 200_000)
    assert jobs_ignored(spells, 90) == pytest.approx(truth(hazards=alone)[0], abs=0.003)


def test_only_referrals_of_ninety_days_and_older_give_the_truth_too_but_less_surely(
    histories: tuple[Ints, Spells, Ints],
) -> None:
    groups, spells, started = histories
    old = started <= 180
    late = in_each(groups[old], spells.of(old), so_far)
    check_truth(late)
    assert late.std() > 1.1 * in_each(groups, spells, right).std()


def test_the_last_thirty_days_alone_give_the_truth_of_those_days(histories: tuple[Ints, Spells, Ints]) -> None:
    groups, spells, started = histories
    inside = (started <= 270) & (started + spells.durations >= 240)
    check_truth(in_each(groups[inside], within(spells, started, 240, 270), right))


def test_the_last_thirty_days_show_a_change_that_the_whole_history_still_hides() -> None:
    rng, many = np.random.default_rng(8), 60_000
    worse = np.vstack([HAZARDS[:1] * 1.5, HAZARDS[1:]])
    started = rng.integers(0, 271, many)
    ended, causes = ends(rng, many)
    # From day 240 on, those still there return half as often again.
    there = started + ended > 240
    ages = np.maximum(240 - started[there], 0)
    ended[there], causes[there] = ends(rng, int(there.sum()), worse, ages)
    ages = 270 - started
    spells = Spells(np.minimum(ended, ages), np.where(ended <= ages, causes, 0))
    assert right(within(spells, started, 241, 270), 90) == pytest.approx(truth(hazards=worse)[0], abs=0.015)
    assert right(spells, 90) < truth(hazards=worse)[0] - 0.08
