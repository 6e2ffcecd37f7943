"""What insight's doors answer is what its OpenAPI document promises, at every door and for every audience."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import copytree
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from schemas.making.doors import INSIGHT_NOWHERE
from services.insight.app import VOCABULARY, routes
from services.insight.doors.health import health_routes
from services.insight.exports.jobs import Jobs
from services.insight.lake.names import Place
from services.insight.lake.progress import PlaceProgress, Progress
from services.insight.measures.asking import Figures
from services.insight.measures.definitions import DEFINITIONS
from services.insight.measures.frame import Rows
from services.insight.measures.keeping import Kept
from services.insight.service import NAME, Insight
from shared.http.app import assemble
from tests.builders import TRUTH
from tests.contract.design_rules import operations
from tests.integration.described import Described, described
from tests.lakes import KEY, case
from tests.tokens import believing, called_by

AT = {"asOf": TRUTH["as_of"]}
HERE = "GM0546"
WHO = called_by("operator", "benefit_administration", name="op-1", municipality=HERE)
EVERYTHING = {
    f"{place}-{part}": (0, 10**9) for place in ("intake", "diagnosis", "referral", "outcome") for part in (0, 1, 2)
}


@pytest.fixture(scope="module")
def insight(leiden_lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Insight:
    """An insight with the example year in it; one of its topics is gone."""
    lake = tmp_path_factory.mktemp("described") / "lake"
    copytree(leiden_lake, lake)
    found = Insight(INSIGHT_NOWHERE.model_copy(update=believing() | {"lake_folder": lake, "lake_key": KEY.hex()}))
    found.kept = Kept(lake)
    found.kept.rebuild()
    found.figures = Figures(found.kept.frame, EVERYTHING)
    places = {
        Place("intake", 0): PlaceProgress(7, 9, 0, "ok"),
        Place("outcome", 1): PlaceProgress(4, None, 1, "topic_missing"),
    }
    found.progress = Progress(None, places, {"rows": 7, "unknown_type:bread.v1": 1}, ["gap intake-0"], 1.5, 2.5)
    return found


@pytest.fixture
def document() -> Described:
    """The document, and what was answered."""
    return described(NAME)


@pytest.fixture
async def doors(insight: Insight, document: Described) -> AsyncIterator[httpx.AsyncClient]:
    """Its doors, every answer held beside the document."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield

    shut = routes(insight, Jobs(insight.settings.lake_folder))
    app = assemble(NAME, insight.settings, VOCABULARY, insight.meters, life, shut, health_routes(insight))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://insight/v1", headers=WHO) as client:
        client.event_hooks["response"].append(document)
        yield client


async def ask(doors: httpx.AsyncClient, path: str, **params: Any) -> Any:
    answer = await doors.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json() if answer.headers["content-type"] == "application/json" else answer.text


@pytest.mark.parametrize("measure", DEFINITIONS)
@pytest.mark.parametrize("audience", ["internal", "partner", "public"])
async def test_every_figure_is_as_described(doors: httpx.AsyncClient, measure: str, audience: str) -> None:
    asked = {"audience": audience} | ({"municipality": HERE} if audience == "internal" else {})
    found = await ask(doors, f"/measures/{measure}/figure", **asked, **AT)
    assert found["measure"] == measure
    early = await ask(doors, f"/measures/{measure}/figure", **asked, asOf="2015-01-01T00:00:00Z")
    assert early["held_back"] is not None or audience == "internal"


async def test_no_door_is_forgotten(
    doors: httpx.AsyncClient, document: Described, insight: Insight, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _tables(doors)
    await _beside_each_other(doors)
    await _municipalities(doors, insight, monkeypatch)
    await _published(doors)
    await _exports(doors)
    await _statistics(doors)
    assert (await ask(doors, "/status"))["lake"]["places"]
    assert (await ask(doors, "/measures"))["items"]
    assert (await ask(doors, "/reports/all", month="2016-12")).startswith("<!DOCTYPE html>")
    there = {place for place, _ in operations(document.document)}
    assert {place for place, status in document.seen if status.startswith("2")} == {
        f"{method.upper()} {path}" for method, path in map(str.split, there)
    }


@pytest.mark.parametrize(
    ("status", "path", "params"),
    [
        (404, "/measures/happiness/figure", {}),
        (404, "/measures/referrals/figures", {"by": "provider", "municipality": "GM9999"}),
        (400, "/measures/referrals/figure", {"asOf": "2016-05-17T00:00:00Z"}),
        (409, "/comparisons/providers", {"asOf": "2015-01-01T00:00:00Z"}),
        (409, "/comparisons/municipalities", {}),
        (404, "/exports/none", {}),
        (404, "/exports/none/file", {}),
        (404, "/comparisons/providers", {"municipality": "GM9999"}),
        (404, "/changes", {"since": "2016-07-01T00:00:00Z", "municipality": "GM9999"}),
        (404, "/signals", {"municipality": "GM9999"}),
        (404, "/reports/GM9999", {"month": "2016-12"}),
        (404, "/published/none", {}),
        (403, "/statistics/srg/rows", {"municipality": "GM0344", "month": "2016-10"}),
        (400, "/statistics/srg/unknown", {"municipality": HERE, "month": "2199-01"}),
    ],
)
async def test_a_refusal_is_as_described(doors: httpx.AsyncClient, status: int, path: str, params: Any) -> None:
    answer = await doors.get(path, params=params)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/measures/referrals/figure", {}),
        ("/measures/referrals/figures", {"by": "provider"}),
        ("/comparisons/providers", {}),
        ("/comparisons/municipalities", {}),
        ("/changes", {"since": "2016-07-01T00:00:00Z"}),
        ("/signals", {}),
        ("/reports/all", {"month": "2016-12"}),
        ("/statistics/srg/rows", {"municipality": HERE, "month": "2016-10"}),
        ("/statistics/srg/unknown", {"municipality": HERE, "month": "2016-10"}),
    ],
)
async def test_while_figures_are_being_built_each_door_says_so_as_described(
    doors: httpx.AsyncClient, insight: Insight, monkeypatch: pytest.MonkeyPatch, path: str, params: Any
) -> None:
    monkeypatch.setattr(insight, "figures", None)
    answer = await doors.get(path, params=params)
    assert (answer.status_code, answer.json()["code"]) == (503, "not_built")


async def _tables(doors: httpx.AsyncClient) -> None:
    for measure in ("returned_within_90_days", "primary_return_reasons", "warm_against_cold"):
        for form in ("json", "csv"):
            assert await ask(doors, f"/measures/{measure}/figure", form=form, **AT)
            assert await ask(doors, f"/measures/{measure}/figures", by="provider", form=form, **AT)


async def _beside_each_other(doors: httpx.AsyncClient) -> None:
    assert (await ask(doors, "/comparisons/providers", **AT))["providers"]
    assert (await ask(doors, "/signals", **AT))["items"]
    summer = await ask(doors, "/changes", since="2016-07-01T00:00:00Z", adoptedBy=f"{HERE}:2016-07-01", **AT)
    assert summer["series"]["months"]
    late = await ask(doors, "/changes", since=TRUTH["as_of"], **AT)
    assert late["held_back"] == "small_number"


async def _municipalities(doors: httpx.AsyncClient, insight: Insight, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every other case in a second municipality."""
    assert insight.figures is not None
    frame = {
        kind: Rows(
            {**rows.columns, "municipality": rows["case_id"] % 2}, {**rows.words, "municipality": (HERE, "GM0344")}
        )
        for kind, rows in insight.figures.frame.items()
    }
    with monkeypatch.context() as patch:
        patch.setattr(insight, "figures", Figures(frame, EVERYTHING))
        found = await ask(doors, "/comparisons/municipalities", **AT)
    assert [one["municipality"] for one in found["municipalities"]] == ["GM0344", HERE]
    assert found["municipalities"][0]["quality"]["argued_directions"]["n"] > 10


async def _exports(doors: httpx.AsyncClient) -> None:
    made = await doors.post("/exports", json={"kind": "xes", "compressed": True, "municipality": HERE})
    assert made.status_code == 202, made.text
    path = f"/exports/{made.json()['id']}"
    for _ in range(500):
        if (await ask(doors, path))["state"] == "ready":
            break
        await asyncio.sleep(0.05)
    assert (await doors.get(f"{path}/file")).content
    assert (await doors.delete(path)).status_code == 204


async def _published(doors: httpx.AsyncClient) -> None:
    for measure in ("returned_within_90_days", "primary_return_reasons"):
        made = await doors.post("/published", json={"measure": measure, "as_of": TRUTH["as_of"]})
        assert made.status_code == 201, made.text
        number = made.json()["id"]
        assert (await ask(doors, f"/published/{number}"))["number"]["measure"] == measure
    assert (await doors.post(f"/published/{number}/reproduction", json={})).json()["same"]
    assert len((await ask(doors, "/published"))["items"]) == 2


async def _statistics(doors: httpx.AsyncClient) -> None:
    asked = {"municipality": HERE, "month": "2016-10"}
    rows = await ask(doors, "/statistics/srg/rows", **asked)
    assert rows["rows"]
    assert rows["unknown"][-1]["by_provider"]
    for audience in ("internal", "public"):
        assert (await ask(doors, "/statistics/srg/unknown", audience=audience, **asked))["items"]
    names = await doors.post("/statistics/srg/names", json={"municipality": HERE, "case_ids": [case(1)]})
    assert list(names.json()["names"]) == [case(1)]
