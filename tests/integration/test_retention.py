"""Retention on a real database: what is due and what not yet, joined cases together, many erased by two people."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml

from shared.worktime import AMSTERDAM
from tests.builders import ROOT
from tests.integration.intake_world import (
    NUMBER,
    SECOND,
    a_line,
    applies,
    case,
    ends,
    events,
    give,
    intake_migrated,
    intake_running,
)
from tests.integration.test_erasing import approve, command
from tests.integration.world import World, fresh_topics
from tests.tokens import called_by, caseworker, coach

OPERATOR = called_by("operator", name="op-1", municipality="GM0546")
TODAY = datetime.now(AMSTERDAM)


def ago(days: float) -> str:
    """A moment so many days ago, at noon."""
    return (TODAY - timedelta(days=days)).replace(hour=11, minute=0, second=0, microsecond=0).isoformat()


async def put(intake: World, dossier: str, days: float, decision: str, **who: Any) -> None:
    """A case that ended so many days ago."""
    at = ago(days)
    lines = [applies(dossier, ago(days + 30), **who)]
    if decision == "withdrawn":
        lines.append(a_line("application_withdrawn", {"reason": "found_work"}, dossier, at))
    else:
        said = {"decision": "granted" if decision == "provided" else decision, "decided_on": ago(days + 20)[:10]}
        then = ago(days + 20) if decision == "provided" else at
        lines.append(a_line("benefit_decided", said, dossier, then, "system"))
    if decision == "provided":
        lines.append(a_line("benefit_ended", {"reason": "work", "ended_on": at[:10]}, dossier, at, "system"))
    assert [answer["status"] for answer in await intake.post_lines(lines)] == ["accepted"] * len(lines)


async def due(intake: World, by: Any = OPERATOR, **asked: str) -> set[str]:
    """Dossiers whose term has passed."""
    answer = await intake.doors.get("/v1/retention/due", params=asked, headers=by)
    assert answer.status_code == 200, answer.text
    names = {case(f"L-{n}"): f"L-{n}" for n in range(20)}
    return {names[item["case_id"]] for item in answer.json()["items"]}


async def counts(intake: World, by: Any = OPERATOR) -> dict[str, int]:
    answer = (await intake.doors.get("/v1/retention", headers=by)).json()
    return {rule["result"]: rule["due"] for rule in answer["cases"]}


YEAR = 365.25


async def test_a_case_is_due_after_the_term_of_its_result_and_not_before(intake: World) -> None:
    await put(intake, "L-1", 10 * YEAR + 5, "provided")
    await put(intake, "L-2", 10 * YEAR - 5, "provided")
    await put(intake, "L-3", 5 * YEAR + 5, "denied")
    await put(intake, "L-4", 5 * YEAR - 5, "denied")
    await put(intake, "L-5", 44, "withdrawn")
    await put(intake, "L-6", 40, "withdrawn")
    await put(intake, "L-7", 44, "not_taken_up")
    await intake.post_lines([applies("L-8", ago(4_000))])
    assert await due(intake) == {"L-1", "L-3", "L-5", "L-7"}
    assert await due(intake, result="denied") == {"L-3"}
    assert await counts(intake) == {"provided": 1, "denied": 1, "not_taken_up": 1, "broken_off": 1}


async def test_the_last_day_of_a_term_is_kept_whole(intake: World) -> None:
    await put(intake, "L-1", 42, "withdrawn")
    await put(intake, "L-2", 43, "withdrawn")
    assert await due(intake) == {"L-2"}


async def test_joined_cases_are_one_process_and_are_kept_until_the_last_of_them_is_due(intake: World) -> None:
    await put(intake, "L-1", 6 * YEAR, "denied")
    await put(intake, "L-2", 5.5 * YEAR, "denied", bsn=NUMBER)
    await put(intake, "L-3", 5.2 * YEAR, "denied", bsn=SECOND)
    assert await due(intake) == {"L-1", "L-2", "L-3"}
    await intake.post_lines([applies("L-4", ago(300), bsn=NUMBER)])
    for later, earlier in (("L-4", "L-2"), ("L-2", "L-1")):
        answer = await give(intake, "join-cases", {"earlier_case_id": case(earlier)}, later)
        assert answer.status_code == 201, answer.text
    assert await due(intake) == {"L-3"}
    assert await counts(intake) == {"provided": 0, "denied": 1, "not_taken_up": 0, "broken_off": 0}
    ask = {"reason": "retention_passed"}
    assert await command(intake, "request-erasure", caseworker(), ask, "L-1") == (409, "retention_runs")
    await intake.post_lines(ends("L-4", ago(250)))
    assert await due(intake) == {"L-3"}


async def test_a_case_that_only_names_an_earlier_one_leaves_its_term_as_it_was(intake: World) -> None:
    await put(intake, "L-1", 6 * YEAR, "denied", bsn=NUMBER)
    await intake.post_lines([applies("L-2", ago(300), bsn=NUMBER)])
    assert await due(intake) == {"L-1"}


async def test_a_benefit_that_ended_after_the_closing_counts_from_its_own_end(intake: World) -> None:
    await put(intake, "L-1", 10 * YEAR + 60, "provided")
    await intake.post_lines([applies("L-2", ago(11 * YEAR))])
    decided = {"decision": "granted", "decided_on": ago(10.9 * YEAR)[:10]}
    await intake.post_lines(
        [
            a_line("benefit_decided", decided, "L-2", ago(10.9 * YEAR), "system"),
            a_line("case_closed", {"reason": "work"}, "L-2", ago(10.5 * YEAR)),
        ]
    )
    assert await due(intake) == {"L-1", "L-2"}
    ended = {"reason": "work", "ended_on": ago(9 * YEAR)[:10]}
    await intake.post_lines([a_line("benefit_ended", ended, "L-2", ago(9 * YEAR), "system")])
    assert await due(intake) == {"L-1"}


async def test_what_is_due_is_erased_by_two_people_under_one_number(intake: World) -> None:
    await put(intake, "L-1", 6 * YEAR, "denied")
    await put(intake, "L-2", 50, "withdrawn")
    run = {"reason": "retention_passed", "run_id": str(uuid4())}
    for dossier in ("L-1", "L-2"):
        assert await command(intake, "request-erasure", OPERATOR, run, dossier) == (201, "")
    assert await due(intake) == set()
    waiting = (await intake.doors.get("/v1/erasures", headers=OPERATOR)).json()["items"]
    assert {(one["run_id"], one["asked_by"], one["reason"]) for one in waiting} == {
        (run["run_id"], "op-1", "retention_passed")
    }
    other = called_by("operator", name="op-2", municipality="GM0546")
    for dossier in ("L-1", "L-2"):
        assert await approve(intake, OPERATOR, dossier) == (409, "same_person")
        assert await approve(intake, other, dossier) == (201, "")
    query = "select data ->> 'legal_source' from event where type like '%case_key_destroyed%' order by position"
    assert await intake.sql(query) == [("Selectielijst2020:8.2",), ("Selectielijst2020:8.4.1",)]
    assert await intake.sql("select count(*) from keeping") == [(0,)]
    assert (await intake.doors.get("/v1/erasures", headers=OPERATOR)).json()["items"] == []


async def paged(intake: World, path: str) -> list[str]:
    """The cases of a list that is read two by two."""
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = await intake.doors.get(f"/v1/{path}", params={"cursor": cursor, "limit": 2}, headers=OPERATOR)
        seen += [item["case_id"] for item in answer.json()["items"]]
        cursor = answer.json()["next"]
    return seen


async def test_open_requests_and_what_is_due_are_read_page_by_page(intake: World) -> None:
    for number in range(1, 6):
        await put(intake, f"L-{number}", 50, "withdrawn")
    seen = await paged(intake, "retention/due")
    assert len(seen) == len(set(seen)) == 5
    for number in range(1, 6):
        await command(intake, "request-erasure", OPERATOR, {"reason": "retention_passed"}, f"L-{number}")
    assert sorted(await paged(intake, "erasures")) == sorted(seen)
    for path, wrong in (("retention/due", "cursor"), ("erasures", "cursor"), ("retention/due", "result")):
        answer = await intake.doors.get(f"/v1/{path}", params={wrong: "x"}, headers=OPERATOR)
        assert (answer.status_code, answer.json()["field"]) == (400, wrong)


async def test_each_sees_what_is_due_in_the_own_municipality(intake: World) -> None:
    await put(intake, "L-1", 50, "withdrawn")
    there = called_by("operator", name="op-9", municipality="GM0344")
    assert await due(intake, there) == set()
    assert (await counts(intake, there))["broken_off"] == 0
    asked = await intake.doors.get("/v1/retention", params={"municipality": "GM0546"}, headers=there)
    assert (asked.status_code, asked.json()["code"]) == (403, "out_of_sight")
    assert await due(intake, called_by("operator"), municipality="GM0546") == {"L-1"}
    for path in ("retention", "retention/due", "erasures"):
        for by in (coach(), called_by("analyst"), called_by("citizen")):
            assert (await intake.doors.get(f"/v1/{path}", headers=by)).status_code == 403


async def test_a_municipality_with_a_term_of_its_own_has_it_everywhere(
    vault_url: str, bootstrap_servers: str, tmp_path: Path
) -> None:
    body = yaml.safe_load((ROOT / "services" / "intake" / "retention.yaml").read_text())
    file = tmp_path / "retention.yaml"
    file.write_text(yaml.safe_dump(body | {"municipalities": {"GM0546": {"denied": "P7Y"}}}))
    await fresh_topics(bootstrap_servers)
    changes = {"retention_file": str(file), "retention_nightly": "count"}
    async with intake_running(vault_url, bootstrap_servers, **changes) as intake:
        await put(intake, "L-1", 6 * YEAR, "denied")
        await put(intake, "L-2", 7.1 * YEAR, "denied")
        assert await due(intake) == {"L-2"}
        rules = (await intake.doors.get("/v1/retention", headers=OPERATOR)).json()["cases"]
        assert [(rule["result"], rule["keep"]) for rule in rules if rule["result"] == "denied"] == [("denied", "P7Y")]
    async with intake_running(vault_url, bootstrap_servers, **changes) as intake:
        found = await intake.until(lambda: intake.service.besides.readings.get("overdracht_retention_due_cases"))
        assert found[("denied",)] == 1.0
        metrics = (await intake.doors.get("/metrics")).text
        assert 'overdracht_retention_due_cases{result="denied",service="intake"} 1.0' in metrics
        assert 'overdracht_retention_due_cases{result="provided",service="intake"} 0.0' in metrics
        assert await events(intake, "L-2") == ["application_received", "benefit_decided"]


async def test_cases_of_before_there_was_a_table_are_in_it(intake: World, vault_url: str) -> None:
    await put(intake, "L-1", 6 * YEAR, "denied")
    await put(intake, "L-2", 11 * YEAR, "provided", bsn=NUMBER)
    await put(intake, "L-3", 50, "withdrawn")
    await put(intake, "L-4", 9 * YEAR, "not_taken_up", bsn=NUMBER)
    await intake.post_lines([applies("L-5", ago(10))])
    joins = a_line("case_joined", {"earlier_case_id": case("L-2")}, "L-4", ago(100))
    assert (await intake.post_lines([joins]))[0]["status"] == "accepted"
    query = "select case_id, municipality, result, ended_on, joined_to from keeping order by case_id"
    before = await intake.sql(query)
    assert len(before) == 4
    for statement in (
        "drop table keeping, destroyed, reading", "drop index event_destroyed", "drop function forget_readings",
        "drop function one_reading_at_a_time", "drop statistics cases_caseworker",
        "drop index cases_by_opening, cases_closed, cases_closed_by_municipality, cases_closed_by_caseworker",
        "drop index cases_overdue_by_municipality, cases_overdue_by_caseworker",
        "alter policy sees on event using (false)", "alter table event drop column municipality",
        "alter table party drop column municipality", "update alembic_version set version_num = '0003'",
    ):  # fmt: skip
        await intake.sql(statement)
    await intake_migrated(vault_url)
    assert await intake.sql(query) == before
