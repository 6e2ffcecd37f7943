"""At the doors of comparison a provider stands where its own figure may be shown, and nowhere else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from fastapi import FastAPI

from schemas.making.doors import INSIGHT_NOWHERE
from services.insight.app import VOCABULARY
from services.insight.doors.comparing import compare_routes
from services.insight.doors.health import health_routes
from services.insight.measures.asking import Figures
from services.insight.measures.frame import Frame, Rows
from services.insight.measures.keeping import Kept
from services.insight.service import NAME, Insight
from shared.http.app import assemble
from tests.builders import TRUTH
from tests.tokens import believing, called_by

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
    insight = Insight(INSIGHT_NOWHERE.model_copy(update=believing()))
    insight.figures = Figures(frame, {})

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield

    shut, health = [compare_routes(insight)], health_routes(insight)
    app = assemble(NAME, insight.settings, VOCABULARY, insight.meters, life, shut, health)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://insight") as client:
        answer = await client.get(path, params={"asOf": TRUTH["as_of"]}, headers=called_by("analyst"))
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
