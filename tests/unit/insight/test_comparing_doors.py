"""At the doors of comparison a provider stands where its own figure may be shown, and nowhere else."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from services.insight.measures.asking import Figures
from services.insight.measures.frame import Frame, Rows
from services.insight.measures.keeping import Kept
from tests.insight_doors import AS_OF, opened_doors
from tests.tokens import called_by

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


async def asked(frame: Frame, path: str) -> dict[str, Any]:
    async with opened_doors(Figures(frame, {})) as doors:
        answer = await doors.get(path, params={"asOf": AS_OF}, headers=called_by("analyst"))
    assert answer.status_code == 200, answer.text
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
