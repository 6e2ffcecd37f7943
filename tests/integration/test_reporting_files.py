"""A benefit system's file at a running intake: what is right goes in once, what is not is told, and nothing leaks."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from overdracht import doors, product
from overdracht.benefits import command
from overdracht.benefits.command import Asked, send_file
from overdracht.output import AWAY, USAGE, Stop
from tests import tokens
from tests.integration.intake_world import NUMBER, SECOND, SECRETS, case, events
from tests.integration.reporting_world import (
    DECIDED,
    RECEIVED,
    a_decision,
    an_application,
    facts,
    post,
    produce,
    reporting,
)
from tests.integration.test_vault import everything
from tests.integration.world import World
from tests.unit.benefits_given import CSV, MAPPING, a_csv, small, written


@pytest.fixture
async def intake(vault_url: str, bootstrap_servers: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """Intake, and the command that finds it."""
    async with reporting(vault_url, bootstrap_servers) as running:
        there = product.Product({"intake": "http://intake"}, bootstrap_servers, tokens.keys())
        make, transport = httpx.AsyncClient, running.doors._transport

        def client(**settings: Any) -> httpx.AsyncClient:
            return make(**settings, transport=transport)

        monkeypatch.setattr(command, "reach", lambda data: there)
        monkeypatch.setattr(doors.httpx, "AsyncClient", client)
        yield running


def asked(file: Path, how: Path, **changes: Any) -> Asked:
    """The command with these files."""
    folder = how.parent if changes.pop("beside", True) else file.parent
    given: dict[str, Any] = {
        "municipality": None,
        "rejects": folder / "out.rejects.jsonl",
        "data": folder,
        "dry_run": False,
        "history": False,
        "patience": 5.0,
        "quiet": True,
    }
    return Asked(file, how, **given | changes)


def a_mapping(folder: Path, **changes: Any) -> Path:
    """The small mapping, days as ISO has them."""
    path = folder / "mapping.yaml"
    path.write_bytes(written(small(file={"date": "yyyy-mm-dd"}, **changes)))
    return path


def rejects(folder: Path) -> list[dict[str, Any]]:
    path = folder / "out.rejects.jsonl"
    return [orjson.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


def counts(result: dict[str, Any]) -> tuple[int, int, int, int, int]:
    return tuple(result[name] for name in ("lines", "accepted", "duplicates", "rejected", "skipped"))  # type: ignore[return-value]


async def reported(intake: World) -> list[tuple[str, str]]:
    """The facts that were reported; that nobody decided in time on two of the example the clock says by itself."""
    return [(case_id, fact) for case_id, _, fact in await facts(intake) if fact != "decision_overdue"]


async def test_the_example_goes_in_and_again_changes_nothing_and_says_so(intake: World, tmp_path: Path) -> None:
    how = asked(CSV, MAPPING, rejects=tmp_path / "out.rejects.jsonl", data=tmp_path)
    first = await send_file(how)
    assert (counts(first), first["changed"], first["rejects_file"]) == ((10, 9, 0, 0, 1), True, None)
    before = await reported(intake)
    again = await send_file(how)
    assert (counts(again), again["changed"]) == ((10, 0, 9, 0, 1), False)
    assert await reported(intake) == before
    assert await events(intake, "D-7001") == ["application_received", "benefit_decided", "benefit_ended"]
    [(earlier,)] = await intake.sql(
        "select data ->> 'earlier_case_id' from event where case_id = $1::text::uuid and caseversion = 1",
        case("D-7011"),
    )
    assert earlier == case("D-7002")
    assert rejects(tmp_path) == []


async def test_a_file_tells_what_was_told_at_another_door_already(intake: World, tmp_path: Path) -> None:
    application = an_application(bsn=NUMBER, case_mix=None, person={"family_name": "Zwaluwenburg"})
    assert (await post(intake, "application", application)).status_code == 201
    await produce(intake, "decision", a_decision())
    await intake.settled()
    path = a_csv(
        tmp_path,
        f"A;A-1;;{RECEIVED};b;;Zwaluwenburg;{NUMBER}",
        f"B;D-1;A-1;{DECIDED};;T;;",
        f"A;A-1;;{RECEIVED};o;;Zwaluwenburg;{NUMBER}",
    )
    result = await send_file(asked(path, a_mapping(tmp_path)))
    assert counts(result) == (3, 0, 2, 1, 0)
    [no] = rejects(tmp_path)
    assert (no["line"], no["column"], no["code"], no["field"]) == (4, "Kanaal", "number_reused", "channel")
    assert await events(intake, "A-1") == ["application_received", "benefit_decided"]


async def test_what_is_wrong_is_told_by_line_and_column_and_the_rest_goes_on(
    intake: World, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = a_csv(
        tmp_path,
        f"A;A-1;;{RECEIVED};b;;Zwaluwenburg;123456789",
        f"A;=A-2;;{RECEIVED};Ottoline;;@Zwaluwenburg;{SECOND}",
        f"B;D-9;onbekend;{DECIDED};;T;;",
        f"A;A-3;;2190-01-01;b;;Zwaluwenburg;{SECOND}",
        f"A;{'A' * 101};;{RECEIVED};b;;;",
        f"Z;A-4;;{RECEIVED};b;;;",
        "A;A-5",
        f"A;A-6;;{RECEIVED};b;;Zwaluwenburg;{NUMBER}",
        f"A;A-7;;{RECEIVED};b;;Zwaluwenburg;{NUMBER}",
    )
    result = await send_file(asked(path, a_mapping(tmp_path), quiet=False))
    assert counts(result) == (9, 1, 0, 8, 0)
    told = rejects(tmp_path)
    assert [(no["line"], no["column"], no["code"], no["field"]) for no in told] == [
        (2, "BSN", "bsn_invalid", "bsn"),
        (3, "Nummer", "formula", "application_number"),
        (3, "Kanaal", "value_unmapped", "channel"),
        (3, "Naam", "formula", "person.family_name"),
        (4, None, "case_unknown", None),
        (5, "Datum", "date_in_future", "received_on"),
        (6, "Nummer", "field_invalid", "application_number"),
        (7, "Soort", "value_unmapped", "report"),
        (8, None, "cells_wrong", None),
        (10, None, "application_open", "kind"),
    ]
    assert all(no["nl"] and no["en"] for no in told)
    await intake.settled()
    logged = capfd.readouterr()
    places = {
        "rejects": (tmp_path / "out.rejects.jsonl").read_text(),
        "tables": await everything(intake),
        "topic": "".join(str((one.value, one.headers)) for one in await intake.topic("overdracht.intake")),
        "screen and log": logged.out + logged.err,
        "result": str(result),
    }
    planted = (*SECRETS, "123456789", "onbekend")
    assert not [(secret, place) for place, text in places.items() for secret in planted if secret in text]
    assert "personal data" not in places["screen and log"]


async def test_a_trial_writes_nothing_and_tells_what_is_wrong(
    intake: World, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = a_csv(
        tmp_path,
        f"A;A-1;;{RECEIVED};b;;Zwaluwenburg;{NUMBER}",
        f"A;A-2;;{RECEIVED};b;;=Zwaluwenburg;{NUMBER}",
        f"A;{'A' * 101};;{RECEIVED};b;;;",
    )
    result = await send_file(asked(path, a_mapping(tmp_path), dry_run=True, quiet=False))
    assert counts(result) == (3, 1, 0, 2, 0)
    assert result["codes"] == {"field_invalid": 1, "formula": 1}
    said = capfd.readouterr().err
    assert "regel 3 (Naam)" in said
    assert "regel 4 (Nummer)" in said
    assert "Zwaluwenburg" not in said
    assert await intake.sql("select count(*) from inbox") == [(0,)]
    assert not (tmp_path / "out.rejects.jsonl").exists()


@pytest.mark.parametrize(
    ("changes", "options", "says"),
    [
        ({"municipality": "Leiden"}, {}, "the mapping is not right"),
        ({"report": {"column": "Type", "values": {"A": "application"}}}, {}, "the mapping is not right"),
        ({"municipality": None}, {}, "--municipality"),
    ],
)
async def test_nothing_is_sent_of_a_file_whose_mapping_is_not_right(
    intake: World, tmp_path: Path, changes: dict[str, Any], options: dict[str, Any], says: str
) -> None:
    told = small(**changes)
    if told["municipality"] is None:
        del told["municipality"]
    how = tmp_path / "mapping.yaml"
    how.write_bytes(written(told))
    with pytest.raises(Stop, match=says) as stop:
        await send_file(asked(a_csv(tmp_path, "A;A-1;;01-09-2025;b;;;"), how, **options))
    assert stop.value.code == USAGE
    assert await facts(intake) == []


async def test_the_municipality_of_the_command_goes_before_that_of_the_mapping(intake: World, tmp_path: Path) -> None:
    path = a_csv(tmp_path, f"A;A-1;;{RECEIVED};b;;;")
    await send_file(asked(path, a_mapping(tmp_path), municipality="GM0344"))
    assert {row[0] for row in await facts(intake)} == {case("A-1", "GM0344")}
    [refused] = (await send_file(asked(path, a_mapping(tmp_path), municipality="GM9999")))["codes"]
    assert refused == "municipality_unknown"


async def test_who_is_away_is_waited_for_and_what_was_told_until_then_stands(
    intake: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("overdracht.benefits.sending.BATCH_ROWS", 2)
    monkeypatch.setattr("overdracht.patience._PAUSES", (0.0,) * 3)
    monkeypatch.setattr("overdracht.patience._LONGEST_PAUSE", 0.01)
    path = a_csv(tmp_path, "X;;;;;;;", "A;A", *[f"A;A-{number};;{RECEIVED};b;;;" for number in range(6)])
    sent: list[int] = []
    real = doors.asked

    async def failing(door: Any, method: str, path: str, **request: Any) -> httpx.Response:
        sent.append(1)
        if len(sent) == 2:
            await real(door, method, path, **request)  # it was recorded, and the answer is lost
            raise doors.Away("intake: lost")
        if 4 <= len(sent) <= 40:
            raise doors.Away("intake: away")
        return await real(door, method, path, **request)

    monkeypatch.setattr("overdracht.benefits.sending.asked", failing)
    with pytest.raises(Stop) as stop:
        await send_file(asked(path, a_mapping(tmp_path), patience=0.05))
    assert stop.value.code == AWAY
    assert [(no["line"], no["code"]) for no in rejects(tmp_path)] == [(3, "cells_wrong")]
    assert len(await facts(intake)) == 4
    sent.extend([1] * 40)
    result = await send_file(asked(path, a_mapping(tmp_path)))
    assert counts(result) == (8, 2, 4, 1, 1)


async def test_two_who_send_the_same_file_at_once_record_it_once(intake: World, tmp_path: Path) -> None:
    rows = [f"A;A-{number};;{RECEIVED};b;;;" for number in range(300)]
    rows += [f"B;D-{number};A-{number};{DECIDED};;T;;" for number in range(300)]
    path, how = a_csv(tmp_path, *rows), a_mapping(tmp_path)
    both = [send_file(asked(path, how, rejects=tmp_path / f"{name}.jsonl")) for name in "ab"]
    one, other = await asyncio.gather(*both)
    assert one["accepted"] + other["accepted"] == 600
    assert one["duplicates"] + other["duplicates"] == 600
    assert len(await facts(intake)) == 600
