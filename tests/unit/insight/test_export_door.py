"""Exports at the door and by the command: asked for, waited for, fetched, gone; and for the controller alone."""

import asyncio
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import orjson
import pytest
import structlog
from fastapi import FastAPI
from typer.testing import CliRunner

from overdracht.measures_export import add_export
from schemas.making.doors import INSIGHT_NOWHERE
from services.insight.app import VOCABULARY
from services.insight.doors.exporting import export_routes
from services.insight.doors.health import health_routes
from services.insight.exports import jobs
from services.insight.exports.exporting import export
from services.insight.exports.jobs import Jobs
from services.insight.measures.asking import Figures
from services.insight.measures.frame import Rows
from services.insight.service import NAME, Insight
from shared.http.app import assemble
from tests.lakes import event
from tests.tokens import believing, called_by
from tests.unit.insight.commanded import commanded
from tests.unit.insight.exports_given import lake_of, returned, sent

EXPORTS = "/v1/exports"


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """One person, sent and returned."""
    return lake_of(tmp_path, sent(1), event(2), returned(3))


@pytest.fixture
async def exports(lake: Path) -> AsyncIterator[Jobs]:
    """The exports of this lake."""
    one = Jobs(lake)
    yield one
    await one.close()


@pytest.fixture
async def door(exports: Jobs) -> AsyncIterator[httpx.AsyncClient]:
    """Its doors, for who runs everything."""
    insight = Insight(INSIGHT_NOWHERE.model_copy(update=believing()))
    words = {"municipality": ("GM0546", "GM0344")}
    insight.figures = Figures({"cases": Rows({"municipality": np.array([0, 1])}, words)}, {})

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield

    shut, health = [export_routes(insight, exports)], health_routes(insight)
    app = assemble(NAME, insight.settings, VOCABULARY, insight.meters, life, shut, health)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://insight") as client:
        client.headers.update(called_by("operator"))
        yield client


async def ready(door: httpx.AsyncClient, path: str) -> dict[str, Any]:
    """The export, when it is no longer being made."""
    for _ in range(500):
        found: dict[str, Any] = (await door.get(path)).json()
        if found["state"] != "running":
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(found)


async def begun(door: httpx.AsyncClient, **asked: Any) -> str:
    """Where the export is that was begun."""
    answer = await door.post(EXPORTS, json={"kind": "ocel-json"} | asked)
    assert answer.status_code == 202, answer.text
    where: str = answer.headers["location"]
    assert where == f"{EXPORTS}/{answer.json()['id']}"
    return where


async def test_who_asked_for_single_cases_and_who_fetched_them_stands_in_the_log(door: httpx.AsyncClient) -> None:
    with structlog.testing.capture_logs() as lines:
        where = await begun(door, municipality="GM0546")
        await ready(door, where)
        await door.get(f"{where}/file", headers=called_by("operator", name="op-2"))
    said = {"export_id": where.rpartition("/")[2], "kind": "ocel-json", "municipality": "GM0546", "log_level": "info"}
    assert said | {"event": "an export was asked for", "by": "operator-1"} in lines
    assert said | {"event": "an export was fetched", "by": "op-2"} in lines


@pytest.mark.parametrize("kind", ["ocel-json", "xes"])
async def test_what_is_fetched_is_the_export_to_the_byte(
    door: httpx.AsyncClient, lake: Path, tmp_path: Path, kind: Any
) -> None:
    where = await begun(door, kind=kind, compressed=True)
    made = await ready(door, where)
    told = export(lake, kind, tmp_path / "log.gz")
    assert (made["state"], made["events"], made["objects"]) == ("ready", told.events, told.objects)
    file = await door.get(f"{where}/file")
    assert file.content == (tmp_path / "log.gz").read_bytes()
    assert len(file.content) == made["bytes"]


async def test_after_its_time_and_when_it_is_deleted_nothing_is_left(
    door: httpx.AsyncClient, lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await begun(door, kind="xes")
    made = await ready(door, first)
    assert datetime.fromisoformat(made["file_until"]) - datetime.now(UTC) > timedelta(minutes=59)
    second = await begun(door, kind="ocel-sqlite")
    await ready(door, second)
    assert len(list((lake / "exports").iterdir())) == 2
    assert (await door.delete(second)).status_code == 204
    assert (await door.get(f"{second}/file")).json()["code"] == "export_unknown"
    monkeypatch.setattr(jobs, "KEPT", timedelta(seconds=1))
    third = await begun(door, kind="xes")
    await ready(door, third)
    for _ in range(200):  # nobody asks for it any more
        if len(list((lake / "exports").iterdir())) == 1:
            break
        await asyncio.sleep(0.02)
    assert [one.stem for one in (lake / "exports").iterdir()] == [first.rpartition("/")[2]]
    assert (await door.get(third)).status_code == 404


async def test_one_at_a_time_and_who_no_longer_wants_it_stops_it(
    door: httpx.AsyncClient, lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work = asyncio.Event()
    loop = asyncio.get_running_loop()

    def long(*_: Any, progress: Callable[[int], None], **__: Any) -> None:
        loop.call_soon_threadsafe(at_work.set)
        while True:
            progress(10_000)

    monkeypatch.setattr(jobs, "export", long)
    where = await begun(door)
    await at_work.wait()
    assert (await door.get(where)).json()["state"] == "running"
    assert (await door.get(f"{where}/file")).json()["code"] == "export_not_ready"
    other = await door.post(EXPORTS, json={"kind": "xes"})
    assert (other.status_code, other.json()["code"], other.json()["possible"]) == (
        409,
        "export_running",
        [where.rpartition("/")[2]],
    )
    assert (await door.delete(where)).status_code == 204
    assert (await door.get(where)).status_code == 404
    monkeypatch.undo()
    await ready(door, await begun(door, kind="xes"))
    assert len(list((lake / "exports").iterdir())) == 1


async def test_what_breaks_is_told_and_a_next_one_can_be_made(
    door: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(jobs, "export", broken)
    assert (await ready(door, await begun(door)))["state"] == "failed"
    monkeypatch.undo()
    assert (await ready(door, await begun(door)))["state"] == "ready"


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"kind": "csv"}, "field_invalid", "kind"),
        ({}, "field_missing", "kind"),
        ({"kind": "xes", "name": "x"}, "field_unknown", "name"),
        ({"kind": "xes", "municipality": "Leiden"}, "field_invalid", "municipality"),
        ({"kind": "xes", "since": "2026-01-01T00:00:00"}, "field_invalid", "since"),
    ],
)
async def test_a_wish_that_is_not_right_names_field_and_rule(
    door: httpx.AsyncClient, body: dict[str, Any], code: str, field: str
) -> None:
    answer = await door.post(EXPORTS, json=body)
    assert answer.status_code == 400
    assert [(one["code"], one["field"]) for one in answer.json()["errors"]] == [(code, field)]


async def test_an_end_before_the_beginning_and_sqlite_packed_are_refused(door: httpx.AsyncClient) -> None:
    period = {"since": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}
    for body, code, field in (
        ({"kind": "xes"} | period, "period_empty", "until"),
        ({"kind": "ocel-sqlite", "compressed": True}, "not_compressed", "out"),
    ):
        said = (await door.post(EXPORTS, json=body)).json()
        assert (said["code"], said["field"]) == (code, field)


async def test_of_a_municipality_that_is_not_known_there_is_no_export(door: httpx.AsyncClient) -> None:
    no = await door.post(EXPORTS, json={"kind": "xes", "municipality": "GM9999"})
    assert (no.status_code, no.json()["code"], no.json()["field"]) == (404, "slice_unknown", "municipality")


async def test_who_runs_one_municipality_exports_that_one_and_sees_no_other_export(door: httpx.AsyncClient) -> None:
    where = await begun(door, kind="xes", municipality="GM0344")
    await ready(door, where)
    own = called_by("operator", municipality="GM0546")
    for body in ({"kind": "xes"}, {"kind": "xes", "municipality": "GM0344"}):
        no = await door.post(EXPORTS, json=body, headers=own)
        assert (no.status_code, no.json()["code"], no.json()["field"]) == (403, "out_of_sight", "municipality")
    for path in (where, f"{where}/file"):
        assert (await door.get(path, headers=own)).status_code == 404
    assert (await door.delete(where, headers=own)).status_code == 404
    assert (await door.get(where)).status_code == 200


@pytest.mark.parametrize("role", ["analyst", "caseworker", "privacy_officer", "coach"])
async def test_nobody_but_an_operator_gets_single_cases(door: httpx.AsyncClient, role: str) -> None:
    who = called_by(role, municipality="GM0546", organisation="org-rw")
    assert (await door.post(EXPORTS, json={"kind": "xes"}, headers=who)).status_code == 403


def test_what_a_process_before_left_is_removed(lake: Path) -> None:
    (lake / "exports" / ".half").mkdir(parents=True)
    (lake / "exports" / "old.xes").write_text("x")
    jobs.forget(lake)
    assert not (lake / "exports").exists()


def doors_that(asked: list[tuple[str, str, Any]], state: str = "ready") -> httpx.MockTransport:
    """Doors that make an export in two looks."""

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.method, request.url.path, orjson.loads(request.content) if request.content else None))
        told = {"id": "7", "kind": "xes", "events": 3, "objects": 1, "relations": 0, "withheld": 0, "undated": 0}
        if request.url.path.endswith("/file"):
            return httpx.Response(200, content=b"<log/>")
        looks = sum(method == "GET" for method, _, _ in asked)
        return httpx.Response(200, json=told | {"state": state if looks > 1 else "running"})

    return httpx.MockTransport(answer)


def test_the_command_leaves_the_file_for_this_account_alone_and_nothing_over_there(tmp_path: Path) -> None:
    asked: list[tuple[str, str, Any]] = []
    file = tmp_path / "log.xes"
    done = CliRunner().invoke(
        commanded(add_export, doors_that(asked)),
        ["export", "xes", "--out", str(file), "--municipality", "GM0546", "--json"],
    )
    assert done.exit_code == 0, done.output
    assert asked[0] == ("POST", EXPORTS, {"kind": "xes", "compressed": False, "municipality": "GM0546"})
    assert [path for method, path, _ in asked if method == "DELETE"] == [f"{EXPORTS}/7"]
    assert file.read_bytes() == b"<log/>"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["log.xes"]
    assert orjson.loads(done.stdout)["events"] == 3


def test_where_the_export_failed_or_nothing_can_be_written_the_command_says_so(tmp_path: Path) -> None:
    failed = CliRunner().invoke(
        commanded(add_export, doors_that([], "failed")), ["export", "xes", "--out", str(tmp_path / "log")]
    )
    assert failed.exit_code == 1
    assert "niet gelukt" in failed.stderr
    nowhere = ["export", "xes", "--out", str(tmp_path / "nowhere" / "log")]
    asked: list[tuple[str, str, Any]] = []
    unwritten = CliRunner().invoke(commanded(add_export, doors_that(asked)), nowhere)
    assert unwritten.exit_code == 2
    assert "kan niet worden geschreven" in unwritten.stderr
    assert asked[-1][0] == "DELETE"
