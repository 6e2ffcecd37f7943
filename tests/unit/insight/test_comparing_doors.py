"""At the doors of comparison a provider stands where its own figure may be shown, and nowhere else."""

from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from services.insight.measures.asking import Figures, begin_of
from services.insight.measures.disclosing import tens
from services.insight.measures.frame import Frame, Rows
from services.insight.measures.keeping import Kept
from services.insight.measures.referring import first
from tests.builders import TRUTH
from tests.insight_doors import opened_doors
from tests.tokens import called_by

AS_OF = datetime.fromisoformat(TRUTH["as_of"])
FEW, FEWER, MANY = "org-participatie", "org-five", "org-rw"


@pytest.fixture(scope="module")
def frame(leiden_lake: Path) -> Frame:
    """The example year in which five people were sent to a third provider."""
    kept = Kept(leiden_lake)
    kept.rebuild()
    return dict(kept.frame) | {"referrals": _five(kept.frame["referrals"])}


def _five(rows: Rows) -> Rows:
    provider = rows["provider"].copy()
    some = np.flatnonzero((rows["number_in_case"] == 1) & rows.is_("provider", MANY))[:5]
    provider[some] = len(rows.words["provider"])
    words = {**rows.words, "provider": (*rows.words["provider"], FEWER)}
    return Rows({**rows.columns, "provider": provider}, words)


async def asked(frame: Frame, path: str, status: int = 200, **params: str) -> dict[str, Any]:
    async with opened_doors(Figures(frame, {})) as doors:
        answer = await doors.get(path, params={"asOf": TRUTH["as_of"]} | params, headers=called_by("analyst"))
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_who_would_give_away_five_people_is_not_compared(frame: Frame) -> None:
    found = await asked(frame, "/v1/comparisons/providers")
    assert [one["provider"] for one in found["providers"]] == [MANY]
    assert found["left_out"] == 2


async def test_nor_is_there_a_signal_of_it(frame: Frame) -> None:
    assert [one["provider"] for one in (await asked(frame, "/v1/signals"))["items"]] == [MANY]


async def test_without_the_five_both_are_shown(leiden_lake: Path) -> None:
    kept = Kept(leiden_lake)
    kept.rebuild()
    found = await asked(kept.frame, "/v1/comparisons/providers")
    assert [one["provider"] for one in found["providers"]] == [FEW, MANY]


async def test_month_after_month_of_a_change_shows_no_month_by_subtraction(frame: Frame) -> None:
    rows = first(frame["referrals"])
    sizes = {month: int(rows.is_("month", month).sum()) for month in sorted(rows.words["month"])}
    told = []
    for month in ("2016-04", "2016-05", "2016-06", "2016-07", "2016-08"):
        found = await asked(frame, "/v1/changes", since=f"{month}-01T00:00:00+02:00", municipality="GM0546")
        before, after = found["before"], found["after"]
        assert (before["n"], after["n"]) == (
            tens(sum(n for name, n in sizes.items() if name < month)),
            tens(sum(n for name, n in sizes.items() if name >= month)),
        )
        assert [round(one, 2) for one in (before["value"], after["value"])] == [before["value"], after["value"]]
        told.append(before["n"])
    assert [b - a for a, b in pairwise(told)] != [sizes[f"2016-0{month}"] for month in (4, 5, 6, 7)]
    assert {n % 10 for n in told} == {0}


async def test_a_change_holds_from_the_beginning_of_a_month(frame: Frame) -> None:
    one, other = [
        await asked(frame, "/v1/changes", since=said) for said in ("2016-07-01T00:00:00Z", "2016-06-30T22:00:00Z")
    ]
    assert one == other
    no = await asked(frame, "/v1/changes", 400, since="2016-07-02T00:00:00Z")
    assert (no["code"], no["field"]) == ("moment_no_month", "since")


async def test_a_month_in_the_series_is_told_as_its_slice_is(frame: Frame) -> None:
    found = await asked(frame, "/v1/changes", since="2016-07-01T00:00:00+02:00", municipality="GM0546")
    months = found["series"]["months"]
    assert len(months) > 7
    figures = Figures(frame, {})
    for one in months:
        wanted = {"municipality": "GM0546", "month": one["month"]}
        slice_ = figures.shown("returned_within_90_days", wanted, begin_of(AS_OF), "partner").figure
        assert slice_ is not None
        assert (one["value"], one["n"]) == (slice_.value, slice_.n)


async def test_a_provider_within_a_municipality_is_told_in_steps(frame: Frame) -> None:
    whole = (await asked(frame, "/v1/comparisons/providers"))["providers"]
    parts = (await asked(frame, "/v1/comparisons/providers", municipality="GM0546"))["providers"]
    for exact, stepped in zip(whole, parts, strict=True):
        assert stepped["n"] == tens(exact["n"]) != exact["n"]
        assert stepped["ratio"]["value"] == round(exact["ratio"]["value"], 2)
        # limits follow from what was expected: with all their digits they would tell it
        for name in ("inner", "outer"):
            assert stepped[name] == [round(one, 2) for one in exact[name]] != exact[name]
        assert stepped["seen_above"] == round(exact["seen_above"], 2) != exact["seen_above"]
    signals = (await asked(frame, "/v1/signals", municipality="GM0546"))["items"]
    assert [one["n"] for one in signals] == [one["n"] for one in parts]
