"""A backup that is put back brings no key back, and the vault opens only when it is known what was destroyed."""

import pytest

from services.intake.vault.keys import keys_of
from services.intake.vault.opening import check_key
from tests.integration.intake_world import case, events, intake_running
from tests.integration.test_erasing import TEXT, approve, ask, denied, opened, shut, vault
from tests.integration.world import KEY, World, fresh_topics
from tests.tokens import caseworker

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
