"""`overdracht srg make` as people type it: what it says, where it puts things, and how it ends."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
import typer
from typer.testing import CliRunner, Result

from overdracht.doors import Away, Doors
from overdracht.srg import register
from services.insight.srg import answers
from services.insight.srg.answers import Statistics
from tests.lakes import KEY, case
from tests.unit.srg.doors import Behind, opened
from tests.unit.srg.given import BSNS, handed_off, job, lake, plan, reporting

Run = Callable[..., Result]
MAKE = ("srg", "make", "--municipality", "GM0546")


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Statistics:
    some = [*handed_off("2016-04-20"), plan("2016-05-03"), job("2016-05-10", "wage_cost_subsidy")]
    return Statistics(lake(tmp_path_factory.mktemp("srg") / "lake", some), KEY, reporting())


@pytest.fixture
def behind(given: Statistics, monkeypatch: pytest.MonkeyPatch) -> Behind:
    class Quiet:
        def info(self, _: str, **fields: Any) -> None:
            assert set(fields) == {"municipality", "cases", "who"}

    monkeypatch.setattr(answers, "log", Quiet())
    return Behind(given, {case(1): {"bsn": BSNS[0], "birth_date": "1975-04-12", "sex": "male"}})


@pytest.fixture
def run(behind: Behind) -> Run:
    asked_for: list[tuple[Path, str]] = []

    @asynccontextmanager
    async def doors(data: Path, municipality: str) -> AsyncIterator[Doors]:
        asked_for.append((data, municipality))
        async with opened(behind) as found:
            yield found

    app = typer.Typer()
    register(app, doors)

    @app.command("other")
    def other() -> None:
        """Another command, so that this one has a name."""

    def typed(*words: Any) -> Result:
        found = CliRunner().invoke(app, [str(word) for word in words])
        assert {municipality for _, municipality in asked_for} <= {"GM0546"}
        return found

    return typed


def test_a_table_says_what_was_made_and_the_files_are_where_they_were_asked(run: Run, tmp_path: Path) -> None:
    found = run(*MAKE, "--month", "2016-05", "--out", tmp_path)
    assert found.exit_code == 0, found.output
    lines = [re.split(r"\s{2,}", line.strip()) for line in found.stdout.splitlines()]
    assert lines[0] == ["Maand", "Rijen", "Mensen", "Fouten", "Let op", "Code 60", "Veranderd", "Uiterlijk"]
    assert lines[-1] == ["2016-05", "2", "1", "0", "1", "0,0 %", "nieuw", "2016-06-28"]
    assert lines[-2] == ["2016-04", "1", "1", "0", "0", "100,0 %", "nieuw", "2016-05-28"]
    assert "De termijn van 2016-05 is voorbij." in found.stderr
    assert "persoonsgegevens" in found.stderr
    assert len(list(tmp_path.glob("srg-GM0546-2016-0?.xml"))) == 4
    assert BSNS[0] not in found.output


def test_the_reports_come_as_json_and_without_corrections_it_is_one_month(run: Run, tmp_path: Path) -> None:
    found = run(*MAKE, "--month", "2016-05", "--out", tmp_path, "--no-corrections", "--json")
    told = orjson.loads(found.stdout)
    assert [one["month"] for one in told["reports"]] == ["2016-05"]
    assert told["reports"][0]["unknown"]["share"] == 0.0
    assert BSNS[0] not in found.output


def test_a_delivery_right_after_an_import_waits_until_the_rows_hold_it(
    behind: Behind, run: Run, tmp_path: Path
) -> None:
    behind.lags = [9_000, 9_000, 4_000]
    found = run(*MAKE, "--month", "2016-05", "--out", tmp_path)
    assert (found.exit_code, behind.lags) == (0, [])
    assert "nemen nog mee wat net binnenkwam" in found.stderr


def test_an_empty_delivery_is_made_and_asks_whether_the_code_is_right(run: Run, tmp_path: Path) -> None:
    early = run(*MAKE, "--month", "2015-12", "--out", tmp_path, "--no-corrections")
    assert (early.exit_code, "Klopt de gemeentecode?" in early.stderr) == (0, True)
    later = run(*MAKE, "--month", "2016-05", "--out", tmp_path)
    assert "Klopt de gemeentecode?" not in later.stderr


def test_what_cannot_be_sent_ends_with_one(behind: Behind, run: Run, tmp_path: Path) -> None:
    behind.people[case(1)] = {"bsn": BSNS[0]}
    found = run(*MAKE, "--month", "2016-05", "--out", tmp_path)
    assert found.exit_code == 1
    assert "Niet alles kan zo worden verzonden" in found.stderr


def test_a_month_that_is_none_is_refused_with_two_before_any_door_opens(
    behind: Behind, run: Run, tmp_path: Path
) -> None:
    found = run(*MAKE, "--month", "mei", "--out", tmp_path)
    assert (found.exit_code, behind.asked) == (2, [])
    assert "Schrijf een maand als 2016-05." in found.stderr


def test_a_supplement_that_is_not_right_is_refused_before_any_door_opens(
    behind: Behind, run: Run, tmp_path: Path
) -> None:
    wrong = tmp_path / "meer.csv"
    wrong.write_text("registratienummer;loonwaarde\nBCD;zestig\n")
    found = run(*MAKE, "--month", "2016-05", "--out", tmp_path, "--supplement", wrong)
    assert (found.exit_code, behind.asked) == (2, [])
    assert "regel 2" in found.stderr


def test_when_a_service_is_away_it_ends_with_three(behind: Behind, run: Run, tmp_path: Path) -> None:
    def away(_: Any) -> Any:
        raise Away("insight: ConnectError")

    behind.insight = away  # type: ignore[method-assign]  # a door that does not answer
    found = run(*MAKE, "--month", "2016-05", "--out", tmp_path / "out")
    assert found.exit_code == 3
    assert not (tmp_path / "out").exists()


def test_without_a_month_it_is_the_last_that_is_over(behind: Behind, run: Run, tmp_path: Path) -> None:
    found = run(*MAKE, "--out", tmp_path, "--no-corrections", "--json")
    # what stands behind these doors lives in June 2016, for which this month is to come
    assert found.exit_code == 2
    assert behind.asked == ["insight /v1/statistics/srg/rows"]
