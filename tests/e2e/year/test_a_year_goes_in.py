"""The main job on a year of history: it goes in, the hand-off log comes out, the figures are those computed apart."""

import re
from collections import Counter
from typing import Any

import pytest

from tests.builders import LEIDEN, TRUTH
from tests.product import SERVICES, Product, all_facts, records, sql, sql_script

FACTS: dict[str, int] = TRUTH["facts"]


def test_every_line_goes_in(imported: Any) -> None:
    assert (imported["lines"], imported["accepted"]) == (25_004, 25_004)
    assert (imported["duplicates"], imported["rejected"]) == (0, 0)
    assert imported["facts_per_second"] > 0


async def test_the_topics_hold_what_was_registered(product: Product, imported: Any) -> None:
    found: Counter[str] = Counter()
    for service in SERVICES:
        for record in await records(product, f"overdracht.{service}"):
            headers = dict(record.headers)
            found[headers["ce_type"].decode().split(".")[2]] += 1
    assert {fact: found[fact] for fact in FACTS} == FACTS
    assert set(found) - set(FACTS) == {"pumping_round_detected"}


async def test_every_event_is_as_the_contract_says(product: Product, imported: Any) -> None:
    for service in SERVICES:
        versions: dict[str, int] = {}
        sequences: dict[int, int] = {}
        ids = set()
        for record in await records(product, f"overdracht.{service}"):
            headers = {name: value.decode() for name, value in record.headers}
            case = headers["ce_subject"]
            assert record.key.decode() == case == headers["ce_partitionkey"] == headers["ce_correlationid"]
            assert int(headers["ce_caseversion"]) == versions.get(case, 0) + 1
            versions[case] = int(headers["ce_caseversion"])
            assert len(headers["ce_sequence"]) == 20
            assert int(headers["ce_sequence"]) > sequences.get(record.partition, 0)
            sequences[record.partition] = int(headers["ce_sequence"])
            assert headers["ce_source"] == f"urn:nld:oin:00000001823288444000:systeem:overdracht-{service}"
            assert re.fullmatch(r"nl\.overdrachten\.[a-z_]+\.v1", headers["ce_type"])
            assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", headers["ce_traceparent"])
            assert headers["ce_specversion"] == "1.0"
            assert headers["content-type"] == "application/json"
            assert (headers["ce_dataclassification"], headers["ce_dataregulation"]) == ("confidential", "GDPR")
            ids.add(headers["ce_id"])
        assert len(ids) == sum(versions.values())


def test_the_first_figures_are_the_ones_computed_apart(product: Product, imported: Any) -> None:
    returns = product.json("returns")
    flat = str(returns)
    for reason, count in TRUTH["primary_return_reason"].items():
        assert reason in flat
        assert str(count) in flat
    assert str(TRUTH["dossiers_with_two_or_more_returns"]) in flat


def test_one_journey_can_be_read_from_application_to_end(product: Product, imported: Any) -> None:
    done = product.run("case", "GM0546/L-000002")
    assert done.returncode == 0, done.stderr
    for words in ("Aanvraag", "Doorverwijzing", "Teruggemeld"):
        assert words in done.stdout


async def test_nothing_is_overdue_about_the_past(product: Product, imported: Any) -> None:
    for service in SERVICES:
        assert await sql(product, service, "select count(*) from clock where due_at < now()") == [(0,)]


async def test_the_same_file_again_changes_nothing(product: Product, imported: Any) -> None:
    before = await all_facts(product)
    again = product.json("import", str(LEIDEN))
    assert (again["accepted"], again["duplicates"], again["rejected"]) == (0, 25_004, 0)
    assert await all_facts(product) == before


def test_the_log_is_complete_and_unaltered(product: Product, imported: Any) -> None:
    done = product.run("log", "verify")
    assert done.returncode == 0, done.stdout + done.stderr


SOME = "select position from event where caseversion = 2 order by position limit 1 offset 5"
TAMPERING = {
    "changed": [f"update event set data = '{{\"forged\": true}}' where position = ({SOME})"],
    "dropped": [f"delete from event where position = ({SOME})"],
    "swapped": [
        "update event e set data = o.data, type = o.type from event o where e.case_id = o.case_id"
        f" and e.caseversion + o.caseversion = 3 and e.caseversion in (1, 2) and e.case_id ="
        f" (select case_id from event where position = ({SOME}))"
    ],
    "cut off": ["delete from event where position > (select max(position) - 5 from event)"],
    "cut off with its seals": [
        "delete from event where position > (select max(position) - 5 from event)",
        "delete from checkpoint where position > (select max(position) from event)",
    ],
}


# in one transaction: the service that runs seals what it finds
RESTORED = """
    truncate event, checkpoint;
    insert into event overriding system value select * from kept_event;
    insert into checkpoint select * from kept_checkpoint;
    drop table kept_event, kept_checkpoint;
"""


@pytest.mark.parametrize("damage", TAMPERING)
async def test_tampering_is_found(product: Product, imported: Any, damage: str) -> None:
    await sql(product, "referral", "create table kept_event as select * from event")
    await sql(product, "referral", "create table kept_checkpoint as select * from checkpoint")
    try:
        for statement in TAMPERING[damage]:
            await sql(product, "referral", statement)
        done = product.run("log", "verify")
        assert done.returncode == 1, done.stdout
        assert "referral" in done.stdout
    finally:
        await sql_script(product, "referral", RESTORED)


def test_what_was_put_back_is_whole_again(product: Product, imported: Any) -> None:
    assert product.run("log", "verify").returncode == 0
