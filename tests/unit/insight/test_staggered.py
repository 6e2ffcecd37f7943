"""A change that came to some municipalities earlier: found as it is, with months before it that show nothing."""

import warnings

import numpy as np
import pytest

from services.insight.statistics.estimate import Floats, Ints
from services.insight.statistics.staggered import NEVER, staggered

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import statsmodels.api as sm


def world(seed: int, units: int = 120, months: int = 36, drift: float = 0.0) -> tuple[Floats, Ints, float]:
    """Municipalities with levels of their own, months with a shock for all; the effect grows with time. And the truth.

    `drift`: municipalities to which it comes were on another path already.
    """
    rng = np.random.default_rng(seed)
    since = np.where(rng.random(units) < 0.25, NEVER, rng.integers(8, months - 4, units))
    age = np.arange(months) - since[:, None]
    level, shock = rng.normal(0.3, 0.08, units), np.cumsum(rng.normal(0.003, 0.02, months))
    hung = np.cumsum(rng.normal(0, 0.01, (units, months)), axis=1) * 0.5 + rng.normal(0, 0.04, (units, months))
    effect = np.where(age >= 0, -0.03 - 0.004 * np.clip(age, 0, 20) + rng.normal(0, 0.02, units)[:, None], 0.0)
    path = drift * np.arange(months) * (since < NEVER)[:, None]
    return level[:, None] + shock + hung + effect + path, since, float(effect[age >= 0].mean())


def two_way(values: Floats, since: Ints) -> float:
    """The usual regression: a level for each municipality and month, and one number for 'the change has come'."""
    came = (np.arange(values.shape[1]) >= since[:, None]).astype(float)
    own = came - came.mean(axis=1, keepdims=True) - came.mean(axis=0) + came.mean()
    return float((own * values).sum() / (own**2).sum())


def before_and_after(values: Floats, since: Ints) -> float:
    """The mean after the change minus the mean before it, where it came."""
    rows = [(row, at) for row, at in zip(values, since.tolist(), strict=True) if at < NEVER]
    return float(np.mean([row[at:].mean() - row[:at].mean() for row, at in rows]))


def check_effect(found: Floats, true: Floats) -> None:
    """Over many worlds it is off by no more than chance."""
    off = found - true
    assert abs(off.mean()) < 3 * off.std() / np.sqrt(len(off))


WORLDS = [world(seed) for seed in range(60)]
TRUE = np.array([true for _, _, true in WORLDS])


def test_the_effect_is_found_and_its_error_is_as_large_as_it_is_off() -> None:
    found = [staggered(values, since).effect for values, since, _ in WORLDS]
    check_effect(np.array([one.value for one in found]), TRUE)
    off = np.array([one.value for one in found]) - TRUE
    assert np.mean([one.error for one in found]) == pytest.approx(off.std(), rel=0.3)
    assert np.mean([one.low <= true <= one.high for one, true in zip(found, TRUE, strict=True)]) >= 0.9


@pytest.mark.parametrize("wrong", [two_way, before_and_after])
def test_comparing_early_with_late_or_before_with_after_is_found_out(wrong: object) -> None:
    with pytest.raises(AssertionError):
        check_effect(np.array([wrong(values, since) for values, since, _ in WORLDS]), TRUE)  # type: ignore[operator]


def test_it_is_what_a_regression_on_the_cells_without_the_change_predicts() -> None:
    values, since, _ = world(1, units=25, months=18)
    age = np.arange(18) - since[:, None]
    rows, columns = np.indices(values.shape)
    matrix = np.column_stack([np.eye(25)[rows.ravel()], np.eye(18)[columns.ravel()][:, 1:]])
    free = (age < 0).ravel()
    model = sm.OLS(values.ravel()[free], matrix[free]).fit()
    without = model.predict(matrix).reshape(values.shape)
    assert staggered(values, since).effect.value == pytest.approx((values - without)[age >= 0].mean(), abs=1e-10)


def test_with_one_change_at_one_time_it_is_the_plain_difference_of_differences() -> None:
    values = world(2, units=30)[0][:, :10]
    since = np.where(np.arange(30) < 12, 6, NEVER)
    came, never = values[:12], values[12:]
    plain = (came[:, 6:].mean() - came[:, :6].mean()) - (never[:, 6:].mean() - never[:, :6].mean())
    found = staggered(values, since)
    assert found.effect.value == pytest.approx(plain, abs=1e-12)
    gains = [part[:, 6:].mean(axis=1) - part[:, :6].mean(axis=1) for part in (came, never)]
    assert found.effect.error == pytest.approx(
        np.sqrt(sum(gain.var() / len(gain) for gain in gains) * 30 / 29), rel=0.02
    )


def test_the_effect_grows_with_the_months_since_the_change() -> None:
    values, since, _ = world(3, units=400)
    by_age = staggered(values, since).by_age
    assert by_age[0].value == pytest.approx(-0.03, abs=3.5 * by_age[0].error)
    assert by_age[15].value == pytest.approx(-0.09, abs=3.5 * by_age[15].error)
    assert sum(one.events for one in by_age) == staggered(values, since).effect.events


def test_months_before_the_change_show_nothing_when_there_was_nothing() -> None:
    beyond = [
        abs(one.value / one.error) > 1.96 for values, since, _ in WORLDS for one in staggered(values, since).leads
    ]
    assert len(beyond) == 240
    assert np.mean(beyond) < 0.1


def test_a_lead_is_what_would_be_found_had_the_change_been_said_to_come_earlier() -> None:
    values, since, _ = world(8)
    before = np.where(np.arange(36) >= since[:, None], np.nan, values)
    for lead, one in enumerate(staggered(values, since).leads, start=1):
        told = np.where(since < NEVER, since - lead, NEVER)
        assert one.value == pytest.approx(staggered(before, told, leads=0).by_age[0].value, abs=1e-12)


def test_municipalities_that_were_on_another_path_already_show_before_the_change() -> None:
    values, since, true = world(4, drift=-0.01)
    found = staggered(values, since)
    assert found.effect.value < true - 0.05
    assert all(one.high < 0 for one in found.leads)


def test_those_to_which_it_never_came_are_counted() -> None:
    values, since, _ = world(5)
    assert staggered(values, since).never == (since == NEVER).sum()


def test_months_in_which_nobody_was_without_the_change_are_left_out_and_counted() -> None:
    values, since, _ = world(6, units=40)
    came = since < NEVER
    found = staggered(values[came], since[came])
    last = since[came].max()
    assert found.never == 0
    assert found.left_out == came.sum() * (values.shape[1] - last)
    assert found.effect.events + found.left_out == (np.arange(36) >= since[came][:, None]).sum()


def test_cells_that_are_not_known_are_done_without() -> None:
    values, since, true = world(7, units=300)
    holes = np.where(np.random.default_rng(1).random(values.shape) < 0.2, np.nan, values)
    found = staggered(holes, since)
    assert abs(found.effect.value - true) < 4 * found.effect.error
    assert found.effect.events < staggered(values, since).effect.events


def test_a_change_that_came_to_all_from_the_start_cannot_be_judged() -> None:
    with pytest.raises(ValueError, match="no municipality"):
        staggered(np.ones((5, 6)), np.zeros(5, np.int64))


def test_municipalities_and_months_that_have_nothing_in_common_are_not_compared() -> None:
    values = np.full((4, 8), np.nan)
    values[:2, :4], values[2:, 4:] = 0.3, 0.5
    # The first two are known only early, the others only late; no month joins them.
    values[2, 3] = np.nan
    since = np.array([2, NEVER, 6, NEVER])
    assert staggered(values, since, leads=1).effect.value == pytest.approx(0.0)
    values[0, 5] = 0.9
    with pytest.raises(ValueError, match="cannot be compared"):
        staggered(values, since, leads=1)
