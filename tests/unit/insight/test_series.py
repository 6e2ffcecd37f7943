"""An interrupted series: equal to another implementation, and the step of early 2020 in the figures of CBS."""

import warnings

import numpy as np
import pytest

from services.insight.statistics.estimate import Floats
from services.insight.statistics.series import interrupted, least_squares

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import statsmodels.api as sm

INFLOW = np.array(
    [
        23790, 19690, 22100, 22770, 29240, 27340, 24390, 27160, 26280, 20070,
        19940, 21160, 19290, 18370, 20590, 20760, 21450, 19450, 20940, 21720,
    ]
)  # fmt: skip
"""People who came to draw social assistance, by quarter from 2019. Source: CBS StatLine, table 82662NED (CC BY 4.0)."""
EARLY_2020 = 4


def series(seed: int, many: int = 60, jump: float = 0.0, memory: float = 0.5) -> Floats:
    """A trend with a season and errors that hang together, and a jump halfway."""
    rng = np.random.default_rng(seed)
    errors = np.zeros(many + 50)
    for place, shock in enumerate(rng.normal(0, 0.05, many + 50)):
        errors[place] = memory * errors[place - 1] + shock
    time = np.arange(many)
    return 1 + 0.01 * time + 0.1 * (time % 4 == 2) + jump * (time >= many // 2) + errors[50:]


def test_the_step_of_early_2020_in_those_who_came_to_draw_assistance() -> None:
    found = interrupted(np.log(INFLOW), EARLY_2020, season=4)
    assert found.level.value == pytest.approx(0.192, abs=5e-4)
    assert found.level.error == pytest.approx(0.068, abs=5e-4)
    assert found.level.low > 0
    assert found.lags == 2


@pytest.mark.parametrize("lags", [0, 1, 4, 9])
def test_errors_are_those_of_another_implementation(lags: int) -> None:
    rng = np.random.default_rng(lags)
    design = np.column_stack([np.ones(80), np.arange(80), rng.normal(size=80)])
    values = design @ [1, 0.02, -0.5] + np.cumsum(rng.normal(size=80)) * 0.1
    other = sm.OLS(values, design).fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": False})
    found, covariance = least_squares(design, values, lags)
    assert found == pytest.approx(other.params, abs=1e-8)
    assert covariance == pytest.approx(other.cov_params(), abs=1e-8)


@pytest.mark.parametrize("season", [0, 4, 12])
def test_the_model_is_a_line_a_jump_a_turn_and_a_season(season: int) -> None:
    time = np.arange(60)
    pattern = np.sin(np.arange(60) % season) if season else 0
    found = interrupted(2 + 0.03 * time + 0.7 * (time >= 24) - 0.02 * np.maximum(time - 24, 0) + pattern, 24, season)
    assert (found.level.value, found.slope.value) == pytest.approx((0.7, -0.02))


def alarmed(lags: int | None, jump: float = 0.0) -> float:
    """How often a jump is said to be there, of errors that hang together."""
    found = [interrupted(series(seed, 160, jump), 80, 4, lags).level for seed in range(300)]
    return float(np.mean([one.low > 0 or one.high < 0 for one in found]))


def test_errors_that_hang_together_are_reckoned_with_and_plain_ones_are_found_out() -> None:
    assert alarmed(lags=8) < alarmed(lags=0) - 0.05
    assert alarmed(lags=0) > 0.15


def test_a_jump_that_is_there_is_found() -> None:
    assert alarmed(None, jump=0.3) > 0.95


@pytest.mark.parametrize("since", [0, 1, 19, 20])
def test_a_series_that_is_too_short_on_one_side_is_refused(since: int) -> None:
    with pytest.raises(ValueError, match="too short"):
        interrupted(np.log(INFLOW), since, 4)


def test_a_model_with_more_parts_than_periods_or_parts_that_are_one_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        interrupted(np.arange(14.0), 7, season=12)
    with pytest.raises(ValueError, match="told apart"):
        least_squares(np.ones((9, 2)), np.arange(9.0), 1)
