"""The gate: right estimators pass, each well-known wrong one is stopped and it is said why."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from tests.simulator.calibration import (
    Estimates,
    by_company,
    company_beliefs,
    everyone,
    false_alarms,
    incidence_cells,
    reform_effects,
)
from tests.simulator.gates import (
    REFORMED,
    REFORMED_WORLDS,
    SORTED,
    WATCHED,
    WATCHED_WORLDS,
    YOUNG,
    YOUNG_WORLDS,
)
from tests.simulator.judging import Cells, faults_of, judge_beliefs, judge_cells, judge_effects
from tests.unit.simulator import estimators as e

COMPARED = replace(SORTED, people=9_000)


def judged(estimator, worlds: int = YOUNG_WORLDS):
    return judge_cells(incidence_cells(estimator, YOUNG, worlds, by_company, YOUNG.companies))


def test_aalen_johansen_passes() -> None:
    report = judged(e.aalen_johansen)
    assert report.cells >= 1_000
    assert faults_of([report]) == []
    assert abs(report.bias) < 0.003


@pytest.mark.parametrize("estimator", [e.one_minus_kaplan_meier, e.so_far, e.of_what_ended])
def test_what_forgets_jobs_or_open_referrals_is_stopped(estimator) -> None:
    report = judged(estimator)
    assert any(fault.startswith("bias") for fault in report.faults)
    assert any(fault.startswith("95% intervals") for fault in report.faults)


def test_the_wrong_ones_are_wrong_in_the_known_direction() -> None:
    bias = {one: judged(one, 5).bias for one in (e.one_minus_kaplan_meier, e.so_far, e.of_what_ended)}
    assert bias[e.so_far] < -0.05
    assert 0.02 < bias[e.one_minus_kaplan_meier] < 0.08
    assert bias[e.of_what_ended] > 0.1


def test_all_in_one_group_passes_on_bias_with_as_few_cells_as_there_are_worlds() -> None:
    cells = incidence_cells(e.aalen_johansen, YOUNG, 20, everyone, 1)
    assert judge_cells(cells, coverage=False).faults == ()
    assert judge_cells(cells).faults[0] == "20 cells are too few to judge intervals by; at least 1000"


def test_intervals_that_are_too_short_are_stopped() -> None:
    def sure(known, group, groups: int, as_of: int) -> Estimates:
        found = e.aalen_johansen(known, group, groups, as_of)
        return Estimates(found.value, (found.value + found.low) / 2, (found.value + found.high) / 2)

    assert [fault[:13] for fault in judged(sure).faults] == ["95% intervals"]


def test_who_says_nothing_does_not_pass() -> None:
    nothing = np.array([np.nan, 0.3])
    cells = Cells(np.array([0, 1]), nothing, nothing, nothing, np.array([0.3, 0.3]))
    assert judge_cells(cells).faults == ("nothing is said of 1 of 2 cells",)


def test_an_estimator_is_not_handed_the_truth() -> None:
    def curious(known, group, groups: int, as_of: int) -> Estimates:
        assert np.isnan(known.log_return).all()
        return e.aalen_johansen(known, group, groups, as_of)

    incidence_cells(curious, YOUNG, 1, by_company, YOUNG.companies)


def test_a_comparison_with_case_mix_and_pooling_passes() -> None:
    report = judge_beliefs(company_beliefs(e.pooled, COMPARED, 30))
    assert faults_of([report]) == []
    assert report.holds == pytest.approx(0.90, abs=0.03)
    assert report.correlation > 0.85


@pytest.mark.parametrize("wrong", [{"mix": False}, {"narrow": 0.7}], ids=["without case mix", "too sure"])
def test_a_comparison_without_case_mix_or_too_sure_of_itself_is_stopped(wrong: dict[str, float]) -> None:
    report = judge_beliefs(company_beliefs(partial(e.pooled, **wrong), COMPARED, 30))
    assert any(fault.startswith("ranks of the truth are uneven") for fault in report.faults)


def test_a_comparison_that_does_not_pool_is_stopped() -> None:
    beliefs = company_beliefs(e.pooled, COMPARED, 5)
    same = type(beliefs)(beliefs.raw, beliefs.raw, beliefs.sd, beliefs.truth)
    assert any(fault.startswith("pooling does not help") for fault in judge_beliefs(same).faults)


def test_a_watch_with_a_high_limit_is_calm_and_one_with_a_low_limit_is_stopped() -> None:
    assert false_alarms(partial(e.cusum, limit=8.0), WATCHED, WATCHED_WORLDS).faults == ()
    jumpy = false_alarms(partial(e.cusum, limit=4.0), WATCHED, WATCHED_WORLDS)
    assert jumpy.share > 0.3
    assert jumpy.faults[0].startswith(f"{jumpy.share:.2f} of the streams has a false alarm")


def test_an_effect_imputed_from_places_without_the_reform_is_found_and_before_after_is_stopped() -> None:
    found = judge_effects(reform_effects(partial(e.resampled, e.imputed), REFORMED, REFORMED_WORLDS))
    assert faults_of([found]) == []
    assert found.truth < -0.05
    naive = judge_effects(reform_effects(partial(e.resampled, e.before_after), REFORMED, REFORMED_WORLDS))
    assert naive.faults[0].startswith("the effect is missed by -")
