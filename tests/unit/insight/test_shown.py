"""The figures among the metrics tell no more than anybody may know, and nothing of what happened this month."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from services.insight import metrics as m
from services.insight.measures.asking import Figures, milliseconds, moment, told
from services.insight.measures.definitions import HEADLINE
from services.insight.measures.frame import NEVER
from services.insight.service import Insight
from services.insight.settings import InsightSettings
from services.insight.shown import ALL, gauges
from tests.unit.insight.report_given import LARGE, OFFSETS, OTHER, SMALL, figures


def scraped(some: Figures) -> dict[str, Any]:
    insight = Insight(InsightSettings.model_construct())
    insight.figures = some
    return gauges(insight)


def with_ends(some: Figures, ended_at: int) -> Figures:
    """The same people, of whom sixty of the largest provider came back at this moment."""
    rows = some.frame["referrals"]
    ends, ways = rows["ended_at"].copy(), rows["ended_how"].copy()
    sixty = np.flatnonzero(rows.is_("provider", LARGE))[:60]
    ends[sixty], ways[sixty] = ended_at, rows.words["ended_how"].index("returned")
    columns = {**rows.columns, "ended_at": ends, "ended_how": ways, "sent_at": rows["sent_at"].copy()}
    columns["sent_at"][sixty] = min(ended_at, begin()) - 50 * 86_400_000
    return Figures({**some.frame, "referrals": replace(rows, columns=columns)}, OFFSETS)


def begin() -> int:
    """The beginning of this month."""
    return milliseconds(moment(None, datetime.now(UTC), "public"))


def test_before_there_are_figures_there_is_nothing() -> None:
    assert gauges(Insight(InsightSettings.model_construct())) == {}


def test_each_is_what_anybody_gets_at_the_doors() -> None:
    some, at = figures(), moment(None, datetime.now(UTC), "public")
    found = scraped(some)
    for name, wanted in {ALL: {}, **{one: {"provider": one} for one in (LARGE, OTHER, SMALL)}}.items():
        public = told(some, HEADLINE, wanted, at, "public")
        assert found[m.RETURNED.name].get((name,)) == public["value"], name
        assert found[m.RETURNED_N.name].get((name,)) == public["n"], name
    assert found[m.OTHER.name] == {(): told(some, "other_reason_share", {}, at, "public")["value"]}


def test_six_people_cannot_be_worked_out_of_what_is_shown() -> None:
    sizes = scraped(figures())[m.RETURNED_N.name]
    assert sizes == {(ALL,): 440.0, (LARGE,): 280.0}


def test_values_are_whole_per_cents_of_a_hundred_or_more_in_steps_of_ten() -> None:
    found = scraped(figures())
    for name, share in found[m.RETURNED.name].items():
        assert share == round(share, 2)
        size = found[m.RETURNED_N.name][name]
        assert size >= 100
        assert size % 10 == 0


@pytest.mark.parametrize(("days", "moves"), [(-1, True), (1, False)])
def test_what_happens_this_month_moves_none_of_them(days: int, moves: bool) -> None:
    still = scraped(with_ends(figures(), NEVER))
    later = scraped(with_ends(figures(), begin() + int(timedelta(days=days).total_seconds() * 1000)))
    assert (later != still) == moves
