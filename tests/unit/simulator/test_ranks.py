"""Ranks of the truth: even when beliefs are right, and how unlikely an unevenness is."""

import numpy as np
import pytest

from tests.simulator.ranks import chi2_tail, drawn_ranks, evenness, normal_ranks


@pytest.mark.parametrize(
    ("value", "degrees", "chance"),
    # critical values as they stand in any table
    [(3.841, 1, 0.05), (5.991, 2, 0.05), (16.919, 9, 0.05), (21.666, 9, 0.01), (18.307, 10, 0.05), (0.0, 9, 1.0)],
)
def test_the_tail_of_a_chi_square_is_that_of_the_tables(value: float, degrees: int, chance: float) -> None:
    assert chi2_tail(value, degrees) == pytest.approx(chance, abs=2e-5)


def test_a_normal_belief_that_is_right_gives_even_ranks_and_one_that_is_too_sure_piles_them_up_at_the_edges() -> None:
    rng = np.random.default_rng(3)
    mean = rng.normal(size=5_000)
    truth = mean + 0.5 * rng.normal(size=5_000)
    counts, p = evenness(normal_ranks(truth, mean, np.full(5_000, 0.5)), 10)
    assert counts.sum() == 5_000
    assert p > 0.01
    counts, p = evenness(normal_ranks(truth, mean, np.full(5_000, 0.3)), 10)
    assert p < 1e-6
    assert counts[0] + counts[-1] > 2 * 1_000


def test_ranks_among_draws_are_even_when_the_truth_is_one_of_them() -> None:
    rng = np.random.default_rng(4)
    draws = rng.normal(size=(4_000, 20))
    assert evenness(drawn_ranks(draws[:, 0], draws[:, 1:], rng), 10)[1] > 0.01
    assert evenness(drawn_ranks(draws[:, 0] + 1, draws[:, 1:], rng), 10)[1] < 1e-6
