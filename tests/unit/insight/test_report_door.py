"""The door and the command of the monthly report."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest
import typer
from fastapi import FastAPI
from typer.testing import CliRunner

from overdracht.measures_report import add_report
from services.insight.doors.measuring import READERS
from services.insight.doors.reporting import month_of, report_routes
from services.insight.report.making import report
from services.insight.service import Insight
from services.insight.settings import InsightSettings
from shared.http import problems
from shared.http.access import roles_of
from shared.http.problems import Problem
from tests.unit.insight.commanded import commanded
from tests.unit.insight.report_given import HERE, MONTH, figures

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PATH = f"/v1/reports/{HERE}"


@pytest.fixture
async def door() -> AsyncIterator[httpx.AsyncClient]:
    """The door alone, without who may pass it."""
    insight, app = Insight(InsightSettings.model_construct()), FastAPI()
    insight.figures = figures()
    problems.install(app)
    app.include_router(report_routes(insight))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://insight") as client:
        yield client


async def test_the_door_gives_the_page(door: httpx.AsyncClient) -> None:
    answer = await door.get(PATH, params={"month": "2025-01", "audience": "public"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text == report(figures(), HERE, MONTH, "public")


async def test_without_a_word_on_it_both_parties_see_the_same(door: httpx.AsyncClient) -> None:
    answer = await door.get(PATH, params={"month": "2025-01"})
    assert answer.text == report(figures(), HERE, MONTH, "partner")


@pytest.mark.parametrize(
    ("path", "params", "status", "code", "field"),
    [
        (PATH, {"month": "2025-13"}, 400, "month_invalid", "month"),
        (PATH, {"month": "2025-01-01"}, 400, "month_invalid", "month"),
        (PATH, {"month": "0000-01"}, 400, "month_invalid", "month"),
        (PATH, {"month": "9999-12"}, 400, "moment_in_future", "month"),
        ("/v1/reports/GM9999", {"month": "2025-01"}, 404, "slice_unknown", "municipality"),
    ],
)
async def test_what_cannot_be_made_is_refused_with_field_and_rule(
    door: httpx.AsyncClient, path: str, params: dict[str, str], status: int, code: str, field: str
) -> None:
    answer = await door.get(path, params=params)
    said = answer.json()
    assert (answer.status_code, said["code"], said["field"]) == (status, code, field)


async def test_nobody_gets_what_is_held_back_from_this_door(door: httpx.AsyncClient) -> None:
    assert (await door.get(PATH, params={"month": "2025-01", "audience": "internal"})).status_code == 400


def test_who_may_see_figures_may_see_the_report() -> None:
    [route] = report_routes(Insight(InsightSettings.model_construct())).routes
    assert roles_of(route) == READERS


def test_a_month_begins_in_the_report_when_it_begins_for_every_figure() -> None:
    assert month_of("2026-03", datetime(2026, 3, 1, 0, 0, tzinfo=UTC)) == date(2026, 3, 1)
    assert month_of(None, datetime(2026, 3, 1, 0, 0, tzinfo=UTC)) == date(2026, 3, 1)
    with pytest.raises(Problem) as no:
        month_of("2026-03", datetime(2026, 2, 28, 23, 59, tzinfo=UTC))
    assert no.value.code == "moment_in_future"


def command(asked: list[httpx.URL]) -> typer.Typer:
    """The command, before a door that gives a page to whoever asks."""

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(200, content="<p>één</p>".encode())

    return commanded(add_report, httpx.MockTransport(answer))


def test_the_command_writes_the_page_to_a_file(tmp_path: Path) -> None:
    asked: list[httpx.URL] = []
    file = tmp_path / "verslag.html"
    words = ["report", "--municipality", "GM0546", "--month", "2016-12", "--public", "--out", str(file)]
    done = CliRunner().invoke(command(asked), words)
    assert done.exit_code == 0
    assert [(url.path, dict(url.params)) for url in asked] == [
        ("/v1/reports/GM0546", {"audience": "public", "month": "2016-12"})
    ]
    assert file.read_bytes() == "<p>één</p>".encode()
    assert [one.name for one in tmp_path.iterdir()] == ["verslag.html"]


def test_where_nothing_can_be_written_the_command_says_so(tmp_path: Path) -> None:
    done = CliRunner().invoke(command([]), ["report", "--out", str(tmp_path / "nowhere" / "verslag.html")])
    assert done.exit_code == 2
    assert "kan niet worden geschreven" in done.stderr


def test_without_a_file_the_page_goes_to_stdout() -> None:
    asked: list[httpx.URL] = []
    done = CliRunner().invoke(command(asked), ["report"])
    assert done.stdout_bytes == "<p>één</p>".encode()
    assert [url.path for url in asked] == ["/v1/reports/all"]
