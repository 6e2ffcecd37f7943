"""The vault on real engines: nothing of a person is anywhere else; a year of history goes in whole."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from services.intake.commands import COMMANDS
from services.intake.events import FACTS
from tests.builders import TRUTH, leiden
from tests.integration.intake_world import (
    CASEWORKER,
    NUMBER,
    PERSON,
    SECOND,
    SECRETS,
    a_line,
    application,
    applies,
    case,
    events,
    give,
    intake_running,
)
from tests.integration.world import World

SEALED = {"identity": ("sealed", "bsn_index", "name_index"), "case_key": ("sealed",)}


async def everything(intake: World) -> str:
    """All rows of all tables as text, save what the vault seals; bytes as they would read."""
    found = []
    for (table,) in await intake.sql("select tablename from pg_tables where schemaname = 'public'"):
        columns = [
            row[0]
            for row in await intake.sql(
                "select column_name from information_schema.columns where table_name = $1", table
            )
            if row[0] not in SEALED.get(table, ())
        ]
        for row in await intake.sql(f"select {', '.join(columns)} from {table}"):
            found += [one.decode("latin-1") if isinstance(one, bytes) else str(one) for one in row]
    return "\n".join(found)


async def sealed_columns(intake: World) -> bytes:
    parts = []
    for table, columns in SEALED.items():
        for row in await intake.sql(f"select {', '.join(columns)} from {table}"):
            parts += [one for one in row if one is not None]
    return b"|".join(parts)


PLANTED: list[bytes] = [
    applies(bsn=NUMBER, person=PERSON),
    applies("L-2", bsn="123456789", person=PERSON),
    applies("L-3", bsn=f"{NUMBER}0"),
    applies("L-4", bsn="Zwaluwenburg"),
    applies("L-5", channel="Zwaluwenburg"),
    applies("L-6", **{NUMBER: "Zwaluwenburg"}),
    applies("L-7", application=NUMBER, kind="Ottoline"),
    applies("L-8", bsn=NUMBER, person=PERSON | {"birth_date": "Kruisbessenlaan"}),
    applies("L-9", person=PERSON | {"family_name": ["Zwaluwenburg"]}),
    applies("L-10", case_mix={"region": NUMBER}),
    applies("L-11", bsn=int(NUMBER)),
    applies(NUMBER, bsn=SECOND),
    a_line("application_withdrawn", {"reason": NUMBER}),
    a_line("case_joined", {"earlier_case_id": "Zwaluwenburg"}),
    applies("L-12").replace(b"caseworker-1", NUMBER.encode()),
    applies("L-13").replace(b"GM0546", b"Zwaluwenburg"),
    applies("L-14").replace(b"2024-03-02T", b"Ottoline"),
    applies("L-15", bsn=NUMBER)[:-30],
]


async def test_nothing_of_a_person_is_in_a_table_a_topic_a_log_or_an_answer(
    intake: World, capfd: pytest.CaptureFixture[str]
) -> None:
    answers = [str(await intake.post_lines([line])) for line in PLANTED]
    for data in (
        application(bsn=NUMBER, person=PERSON),
        application(bsn="123456789"),
        {"bsn": NUMBER, "x": "Ottoline"},
    ):
        for dossier in ("L-1", "L-99"):
            answers.append((await give(intake, "receive-application", data, dossier)).text)
    answers.append((await give(intake, "withdraw-application", {"reason": f"Zwaluwenburg {NUMBER}"})).text)
    for path in (f"/v1/cases/{case()}", "/v1/cases", "/v1/events", "/v1/status", "/metrics"):
        answers.append((await intake.doors.get(path)).text)
    for body in ({"municipality": "GM0546", "bsn": NUMBER}, {"municipality": "GM0546", "bsn": "123456789"}):
        answers.append((await intake.doors.post("/v1/cases/search", json=body)).text)
    await intake.settled()
    records = b"".join(
        record.value + str(record.headers).encode() for record in await intake.topic("overdracht.intake")
    )
    logged = capfd.readouterr()
    places = {
        "tables": await everything(intake),
        "topic": records.decode(),
        "answers": "\n".join(answers),
        "log": logged.out + logged.err,
    }
    assert len(await events(intake)) == 1
    assert records
    assert not [(secret, place) for place, text in places.items() for secret in SECRETS if secret in text]
    sealed = await sealed_columns(intake)
    assert sealed
    assert not [secret for secret in SECRETS if secret.encode() in sealed]


async def test_what_was_refused_leaves_nothing_in_the_vault(intake: World) -> None:
    [answer] = await intake.post_lines([applies(bsn="123456789", person=PERSON)])
    assert (answer["code"], answer["field"]) == ("bsn_invalid", "data.bsn")
    assert await intake.sql("select count(*) from identity") == [(0,)]
    assert await intake.sql("select count(*) from case_key") == [(0,)]
    [mended] = await intake.post_lines([applies(bsn=NUMBER, person=PERSON)])
    assert mended["status"] == "accepted"


async def test_a_number_that_cannot_be_one_is_refused(intake: World) -> None:
    numbers = ["000000000", "123456789", "12345678", "1234567890", "abcdefghi", "", "１２３４５６７８２"]
    answers = await intake.post_lines([applies(f"L-{place}", bsn=number) for place, number in enumerate(numbers)])
    assert [answer.get("code") for answer in answers] == ["bsn_invalid"] * len(numbers)
    [eight_digits] = await intake.post_lines([applies("L-9", bsn="10000008")])
    assert eight_digits["status"] == "accepted"


async def test_the_year_of_history_goes_in_whole_and_again_changes_nothing(intake: World) -> None:
    lines = [orjson.dumps(line) for line in leiden() if line["fact"] in COMMANDS]
    for expected in ("accepted", "duplicate"):
        for start in range(0, len(lines), 1_000):
            answers = await intake.post_lines(lines[start : start + 1_000])
            assert {answer["status"] for answer in answers} == {expected}
    found = Counter(row[0].split(".")[2] for row in await intake.sql("select type from event"))
    assert found == {name: count for name, count in TRUTH["facts"].items() if name in FACTS}
    assert await intake.sql("select count(*), max(place) from identity") == [(2_000, 1)]
    assert await intake.sql("select count(*) from case_key where sealed is not null") == [(2_000,)]
    assert await intake.sql("select count(*) from clock") == [(0,)]


async def test_the_clock_says_that_a_search_is_over_and_a_decision_late(intake: World) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=130)
    data = application(received_on=long_ago.date().isoformat(), case_mix={"age_band": "18-26"})
    body = {"actor": CASEWORKER, "occurred_at": long_ago.isoformat(), "data": data}
    answer = await intake.doors.post(f"/v1/cases/{case()}/receive-application", json=body)
    assert [event["fact"] for event in answer.json()["events"]] == ["application_received", "search_period_started"]
    told = ["application_received", "search_period_started", "search_period_ended", "decision_overdue"]

    async def all_told() -> bool:
        return await events(intake) == told

    await intake.until(all_told)
    await asyncio.sleep(0.5)
    assert await events(intake) == told


async def test_a_vault_without_a_key_does_not_start(vault_url: str, bootstrap_servers: str) -> None:
    with pytest.raises(SystemExit, match="VAULT_KEY"):
        async with intake_running(vault_url, bootstrap_servers, vault_key=""):
            pass
