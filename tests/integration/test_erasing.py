"""Erasing on real engines: asked by one, approved by another; then nobody opens or finds anything, all else stands."""

import asyncio
from collections import Counter
from typing import Any

import orjson
import pytest

from services.intake.vault.keys import keys_of
from services.intake.vault.opening import check_key
from shared.chain import START
from shared.envelope import expected_hash, parse
from shared.sealing import seal
from tests.integration.intake_world import (
    NUMBER,
    PERSON,
    SECRETS,
    a_line,
    application,
    applies,
    case,
    ends,
    events,
    give,
    intake_running,
    received,
)
from tests.integration.test_vault import everything
from tests.integration.world import KEY, World, fresh_topics
from tests.tokens import called_by, caseworker, coach

TEXT = "Zij zoekt rust."
OPERATOR = called_by("operator", name="op-1", municipality="GM0546")
ERASED = ["erasure_requested", "erasure_approved", "case_key_destroyed"]


async def command(intake: World, name: str, by: Any, data: Any = None, dossier: str = "L-1") -> tuple[int, str]:
    """A command of erasing, by the holder of a token; status and refusal."""
    answer = await intake.doors.post(f"/v1/cases/{case(dossier)}/{name}", json={"data": data or {}}, headers=by)
    return answer.status_code, answer.json().get("code", "")


async def ask(intake: World, by: Any = None, dossier: str = "L-1", reason: str = "no_longer_needed") -> tuple[int, str]:
    return await command(intake, "request-erasure", by or caseworker(), {"reason": reason}, dossier)


async def approve(intake: World, by: Any = None, dossier: str = "L-1") -> tuple[int, str]:
    return await command(intake, "approve-erasure", by or OPERATOR, dossier=dossier)


async def denied(intake: World, dossier: str = "L-1") -> str:
    """A case of somebody, over; a text that is sealed for it."""
    await intake.post_lines([applies(dossier, bsn=NUMBER, person=PERSON), *ends(dossier)])
    return seal(TEXT, (await received(intake, dossier))["case_key"], case(dossier))


async def erased(intake: World, dossier: str = "L-1") -> str:
    """… and erased."""
    sealed = await denied(intake, dossier)
    assert await ask(intake, dossier=dossier) == await approve(intake, dossier=dossier) == (201, "")
    return sealed


async def opened(intake: World, sealed: str, dossier: str = "L-1") -> Any:
    path = f"/v1/cases/{case(dossier)}/texts/open"
    return await intake.doors.post(path, json={"texts": [sealed]}, headers=caseworker())


async def shut(intake: World, sealed: str, dossier: str = "L-1") -> bool:
    """Whether the text cannot be opened for its key is gone."""
    answer = await opened(intake, sealed, dossier)
    return bool(answer.json()["texts"] == [{"text": None, "reason": "key_destroyed"}])


async def vault(intake: World) -> list[Any]:
    """(keys that are there, people who are there)."""
    return await intake.sql(
        "select (select count(*) from case_key where sealed is not null), (select count(*) from identity)"
    )


async def test_two_people_erase_a_case_and_then_nobody_opens_or_finds_anything(intake: World) -> None:
    sealed = await denied(intake)
    assert (await opened(intake, sealed)).json()["texts"] == [{"text": TEXT}]
    assert await ask(intake) == (201, "")
    assert (await opened(intake, sealed)).json()["texts"] == [{"text": TEXT}]
    assert await vault(intake) == [(1, 1)]
    assert await approve(intake) == (201, "")
    assert (await events(intake))[-3:] == ERASED
    assert await vault(intake) == [(0, 0)]
    assert await shut(intake, sealed)
    doors, worker = intake.doors, caseworker()
    person = await doors.get(f"/v1/cases/{case()}/person", headers=worker)
    named = await doors.post(f"/v1/cases/{case()}/pseudonym", json={"organisation": "org-rw"}, headers=worker)
    found = await doors.post("/v1/cases/search", json={"municipality": "GM0546", "bsn": NUMBER}, headers=worker)
    assert [(one.status_code, one.json()["code"]) for one in (person, named, found)] == [
        (404, "person_erased"), (404, "person_erased"), (404, "case_unknown"),
    ]  # fmt: skip
    file = (await doors.post(f"/v1/cases/{case()}/own-file", json={"texts": [sealed]}, headers=worker)).json()
    assert (file["bsn"], file["person"], file["texts"][0]["reason"]) == (None, {}, "key_destroyed")
    shown = (await doors.get(f"/v1/cases/{case()}", headers=worker)).json()
    assert (shown["status"], shown["detail"]["decision"], shown["detail"]["keeping"]) == ("closed", "denied", "erased")


async def test_the_chain_stands_and_the_topic_tells_what_was_erased(intake: World) -> None:
    await erased(intake)
    await intake.settled()
    records = await intake.topic("overdracht.intake")
    link = START
    for event in sorted((parse(one.value, one.headers) for one in records), key=lambda one: one.caseversion):
        link = expected_hash(event, link)
        assert event.casehash == link.hex()
    told = [orjson.loads(record.value) for record in records]
    assert told[-1]["reason"] == "no_longer_needed"
    assert [one["actor"]["id"] for one in told[-3:]] == ["km-1", "op-1", "system"]
    assert not [secret for secret in SECRETS if secret.encode() in b"".join(record.value for record in records)]


async def test_nobody_erases_alone_and_nobody_outside_the_municipality_at_all(intake: World) -> None:
    await denied(intake)
    assert await approve(intake) == (409, "erasure_not_requested")
    elsewhere = (caseworker(municipality="GM0344"), called_by("operator", name="op-9", municipality="GM0344"))
    for by in elsewhere:
        assert await ask(intake, by) == (404, "case_unknown")
    others = [coach(), called_by("citizen", cases=(case(),)), called_by("analyst")]
    for by in [*others, called_by("privacy_officer", municipality="GM0546")]:
        assert await ask(intake, by) == (403, "role_not_allowed")
    assert await ask(intake) == (201, "")
    assert await approve(intake, caseworker()) == (409, "same_person")
    assert await approve(intake, called_by("operator", name="km-1", municipality="GM0546")) == (409, "same_person")
    for by in elsewhere:
        assert await approve(intake, by) == (404, "case_unknown")
    assert await vault(intake) == [(1, 1)]
    body = {"actor": {"role": "caseworker", "id": "km-2"}, "data": {}}
    answer = await intake.doors.post(f"/v1/cases/{case()}/approve-erasure", json=body, headers=caseworker())
    assert (answer.status_code, answer.json()["code"]) == (403, "actor_not_yours")
    assert (await events(intake))[-1] == "erasure_requested"


async def test_a_file_of_history_is_not_two_people(intake: World) -> None:
    await denied(intake)
    lines = [
        a_line("erasure_requested", {"reason": "no_longer_needed"}, at="2025-01-02T12:00:00+00:00", role="operator"),
        a_line("erasure_approved", {}, at="2025-01-03T12:00:00+00:00", role="caseworker"),
    ]
    assert [answer["code"] for answer in await intake.post_lines(lines)] == ["erasure_not_history"] * 2
    assert await vault(intake) == [(1, 1)]


async def test_of_many_who_approve_at_once_one_does(intake: World) -> None:
    await denied(intake)
    await ask(intake)
    people = [called_by("operator", name=f"op-{n}", municipality="GM0546") for n in range(6)]
    answers = Counter(await asyncio.gather(*(approve(intake, by) for by in people)))
    assert answers == {(201, ""): 1, (409, "case_erased"): 5}
    assert (await events(intake)).count("case_key_destroyed") == 1


async def test_a_request_that_is_refused_or_not_due_destroys_nothing(intake: World) -> None:
    await denied(intake)
    assert await ask(intake, reason="retention_passed") == (409, "retention_runs")
    await ask(intake)
    assert await command(intake, "refuse-erasure", caseworker("km-2"), {"reason": "complaint"}) == (201, "")
    assert await approve(intake) == (409, "erasure_not_requested")
    assert await intake.sql("select asked_for from keeping") == [(None,)]
    assert await vault(intake) == [(1, 1)]


async def test_a_request_lapses_by_the_clock(intake: World) -> None:
    await denied(intake)
    await ask(intake)
    until = "update cases set state = replace(state::text, $1, $2)::json"
    [(state,)] = await intake.sql("select state::text from cases")
    last = orjson.loads(state)["erasure"]["until_on"]
    await intake.sql(until, f'"until_on":"{last}"', '"until_on":"2025-01-01"')
    await intake.sql("update clock set due_at = now() - interval '1 second'")

    async def lapsed() -> bool:
        return (await events(intake))[-1] == "erasure_lapsed"

    await intake.until(lapsed)
    assert await intake.sql("select asked_for from keeping") == [(None,)]
    assert await vault(intake) == [(1, 1)]


async def test_who_was_erased_and_applies_again_is_somebody_new(intake: World) -> None:
    await erased(intake)
    answer = await give(intake, "receive-application", application(bsn=NUMBER, person=PERSON), "L-2")
    assert answer.status_code == 201
    fresh = await received(intake, "L-2")
    assert "earlier_case_id" not in fresh
    assert "possible_duplicates" not in fresh
    again = await give(intake, "receive-application", application(bsn=NUMBER, person=PERSON), "L-1")
    assert (again.status_code, again.json()["code"]) == (409, "case_exists")
    assert await vault(intake) == [(1, 1)]


async def test_a_person_with_two_cases_keeps_the_other_whole(intake: World) -> None:
    sealed = await denied(intake)
    await intake.post_lines([applies("L-2", "2024-06-01T12:00:00+00:00", bsn=NUMBER)])
    other = seal(TEXT, (await received(intake, "L-2"))["case_key"], case("L-2"))
    await ask(intake)
    await approve(intake)
    assert await shut(intake, sealed)
    assert (await opened(intake, other, "L-2")).json()["texts"] == [{"text": TEXT}]
    assert await intake.sql("select place from identity") == [(2,)]
    await intake.post_lines(ends("L-2", "2024-06-20T12:00:00+00:00"))
    await intake.post_lines([applies("L-3", "2024-07-01T12:00:00+00:00", bsn=NUMBER)])
    assert (await received(intake, "L-3"))["earlier_case_id"] == case("L-2")


async def test_nothing_of_who_was_erased_is_left_in_any_table(intake: World) -> None:
    await erased(intake)
    assert not [secret for secret in SECRETS if secret in await everything(intake)]
    assert await intake.sql("select sealed from case_key") == [(None,)]


BACK = """
    create table old_key as select * from case_key; create table old_identity as select * from identity;
"""
RESTORE = """
    delete from case_key; insert into case_key select * from old_key;
    insert into identity (case_id, municipality, sealed, bsn_index, place, name_index)
    select case_id, municipality, sealed, bsn_index, place, name_index from old_identity;
"""


async def script(intake: World, text: str) -> None:
    """Statements one after another."""
    for statement in filter(None, map(str.strip, text.split(";"))):
        await intake.sql(statement)


async def test_an_old_vault_put_back_under_a_running_product_is_destroyed_again_before_anything_is_read(
    intake: World,
) -> None:
    sealed = await denied(intake)
    await script(intake, BACK)
    await ask(intake)
    await approve(intake)
    await script(intake, RESTORE)
    assert await vault(intake) == [(1, 1)]
    assert await shut(intake, sealed)
    assert await vault(intake) == [(0, 0)]


async def test_also_when_the_table_of_what_was_destroyed_is_as_old(intake: World) -> None:
    sealed = await denied(intake)
    await script(intake, BACK)
    await ask(intake)
    await approve(intake)
    await script(intake, RESTORE + "delete from destroyed;")
    assert await shut(intake, sealed)
    person = await intake.doors.get(f"/v1/cases/{case()}/person", headers=caseworker())
    assert (person.status_code, person.json()["code"]) == (404, "person_erased")
    assert await vault(intake) == [(0, 0)]


FORGET = """
    delete from destroyed; delete from relay where name = 'vault';
    delete from event where caseversion > (select version from old_cases);
    update cases set state = o.state, version = o.version, casehash = o.casehash from old_cases o;
    update relay set position = o.position, offsets = o.offsets from old_relay o where o.name = relay.name;
"""


async def test_a_database_of_before_the_erasure_hears_from_the_topic_what_it_forgot(
    vault_url: str, bootstrap_servers: str
) -> None:
    await fresh_topics(bootstrap_servers)
    async with intake_running(vault_url, bootstrap_servers) as before:
        sealed = await denied(before)
        await before.settled()
        await script(before, BACK + "create table old_cases as table cases; create table old_relay as table relay;")
        await ask(before)
        await approve(before)
        await before.settled()
    await script(before, RESTORE + FORGET)
    assert await vault(before) == [(1, 1)]
    assert await events(before) == ["application_received", "benefit_decided"]
    async with intake_running(vault_url, bootstrap_servers) as after:
        assert await vault(after) == [(0, 0)]
        assert await shut(after, sealed)


async def test_while_it_is_not_known_what_was_destroyed_the_vault_is_shut_and_the_service_not_ready(
    intake: World,
) -> None:
    sealed = await denied(intake)
    intake.service.besides.things.shut()
    answer = await opened(intake, sealed)
    assert (answer.status_code, answer.json()["code"]) == (503, "vault_shut")
    assert intake.service.besides.parts == {"vault": "shut"}
    await intake.settled()
    assert (await opened(intake, sealed)).json()["texts"] == [{"text": TEXT}]


async def test_a_key_that_does_not_open_the_vault_is_said_at_the_start(intake: World, vault_url: str) -> None:
    await check_key(vault_url, keys_of("01" * 32))
    await denied(intake)
    await check_key(vault_url, keys_of(KEY))
    with pytest.raises(SystemExit, match="VAULT_KEY: it does not open the vault"):
        await check_key(vault_url, keys_of("01" * 32))


async def test_a_database_that_is_away_or_empty_says_nothing_of_the_key(postgres_url: str) -> None:
    await check_key(postgres_url, keys_of(KEY))
    await check_key("postgresql://nobody@127.0.0.1:1/none", keys_of(KEY))
