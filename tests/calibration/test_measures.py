"""What insight says of worlds whose truth is known, from the files of the lake to the figure; and each well-known wrong
way, put in the place of the right one, is stopped by the same rules."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from services.insight.measures import fairness, referring
from services.insight.measures.changes import adopted
from services.insight.measures.signals import signals
from services.insight.statistics.estimate import Estimate
from services.insight.statistics.incidence import Spells, returned
from tests.calibration.worlds import LEAST, Known, beliefs, cells, drawn, reform_by_cell
from tests.simulator.judging import Effects, faults_of, judge_alarms, judge_beliefs, judge_cells, judge_effects
from tests.simulator.settings import DAY, Reform, Settings, Shock
from tests.simulator.world import NEVER

YOUNG = Settings(seed=100, municipalities=30, companies=20, people=12_000, referred_only=True, days=480)
SORTED = Settings(
    seed=300, municipalities=40, companies=40, people=8_000, referred_only=True, days=400, misreferred=1.0,
    sorting=0.9, recorded=True,
)  # fmt: skip
CALM = Settings(
    seed=500, municipalities=40, companies=40, people=30_000, referred_only=True, days=5 * 365 + 1, heterogeneity=False
)
REFORMED = Settings(
    seed=700, municipalities=8, companies=8, people=14_000, referred_only=True, days=600,
    reform=Reform(200, 400, share=0.6, effect=-0.3), shock=Shock(300, 300, arrivals=1.0, jobs=0.8),
)  # fmt: skip


def several(settings: Settings, count: int, folder: pytest.TempPathFactory, **how: float) -> list[Known]:
    """Worlds of the settings' own seed and the ones after it."""
    seeds = range(settings.seed, settings.seed + count)
    return [drawn(replace(settings, seed=seed), folder.mktemp("world") / "lake", **how) for seed in seeds]


@pytest.fixture(scope="module")
def young(tmp_path_factory: pytest.TempPathFactory) -> list[Known]:
    """Four worlds of a good year of referrals."""
    return several(YOUNG, 4, tmp_path_factory)


@pytest.fixture(scope="module")
def far_apart(tmp_path_factory: pytest.TempPathFactory) -> list[Known]:
    """Six worlds in which companies from which people come back serve places with people far from work."""
    return several(SORTED, 6, tmp_path_factory, apart=2.5)


def test_shares_by_municipality_and_month_are_the_truth_and_as_sure_as_they_say(young: list[Known]) -> None:
    report = judge_cells(cells(young))
    assert report.cells >= 1_000
    assert faults_of([report]) == []


def jobs_ignored(spells: Spells, horizon: float) -> Estimate:
    """1 - Kaplan-Meier."""
    return returned(Spells(spells.durations, np.where(spells.causes == 1, 1, 0)), horizon)


def open_ignored(spells: Spells, horizon: float) -> Estimate:
    """Of what has ended."""
    return returned(spells.of(spells.causes > 0), horizon)


@pytest.mark.parametrize("wrong", [jobs_ignored, open_ignored])
def test_a_measure_that_forgets_jobs_or_open_referrals_is_stopped(
    young: list[Known], wrong: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(referring, "returned", wrong)
    faults = judge_cells(cells(young)).faults
    assert [fault[:13] for fault in faults] == [faults[0][:13], "95% intervals"]
    assert faults[0].startswith("bias +")


def test_companies_are_compared_as_surely_as_is_said_and_pooling_helps(far_apart: list[Known]) -> None:
    report = judge_beliefs(beliefs(far_apart))
    assert faults_of([report]) == []
    assert report.holds == pytest.approx(0.90, abs=0.04)


def test_case_mix_that_does_not_keep_companies_apart_is_stopped(
    far_apart: list[Known], monkeypatch: pytest.MonkeyPatch
) -> None:
    right = fairness.casemix.learn
    monkeypatch.setattr(fairness.casemix, "learn", lambda days, x, places: right(days, x, np.zeros_like(places)))
    assert judge_beliefs(beliefs(far_apart)).faults[0].startswith("ranks of the truth are uneven")


def test_five_years_in_which_nothing_changes_give_few_alarms_and_a_threshold_that_is_too_low_is_stopped(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, _, frame = drawn(CALM, tmp_path_factory.mktemp("calm") / "lake")
    at = world.settings.ends * 1000
    found = signals(frame, at)
    assert len(found) == CALM.companies
    assert judge_alarms([bool(one.alarms) for one in found]).faults == ()
    monkeypatch.setattr("services.insight.measures.signals.watching.threshold", lambda *_, **__: 2.0)
    assert judge_alarms([bool(one.alarms) for one in signals(frame, at)]).faults


def test_a_reform_that_came_place_after_place_is_found(tmp_path_factory: pytest.TempPathFactory) -> None:
    values, errors, truths = zip(*(_reform(one) for one in several(REFORMED, 2, tmp_path_factory)), strict=True)
    report = judge_effects(Effects(*map(np.array, (values, errors, truths))))
    assert faults_of([report]) == []
    assert report.truth < -0.03


def _reform(known: Known) -> tuple[float, float, float]:
    """(what is said of the effect, its standard error, the truth) over the municipalities that were large enough."""
    world, spells, frame = known
    starts = {
        code: datetime.fromtimestamp(int(since), UTC)
        for code, since in zip(world.codes, world.reform_at, strict=True)
        if since != NEVER
    }
    found = adopted(frame["referrals"], starts, world.settings.ends * 1000)
    assert found is not None
    old = spells.sent_at <= world.settings.ends - 90 * DAY
    place, month, effect, size = reform_by_cell(world, spells, old)
    enough = [np.all(size[place == one] >= LEAST) and len(set(month[place == one])) == len(set(month)) for one in place]
    since = np.where(world.reform_at == NEVER, 0, world.reform_at).astype("datetime64[s]").astype("datetime64[M]")
    after = (world.reform_at[place] != NEVER) & (month >= since.astype(np.int64)[place]) & np.array(enough)
    assert found["municipalities"] == len(set(place[np.array(enough)].tolist()))
    one = found["effect"]
    return one["value"], (one["high"] - one["low"]) / 3.92, float(effect[after].mean())
