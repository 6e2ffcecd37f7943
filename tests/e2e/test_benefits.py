"""A benefit system's file and its events at a whole product, and where its people are found afterwards."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaProducer

from overdracht.output import FINDINGS, OK, USAGE
from tests.product import Product, records, running, sql
from tests.unit.benefits_given import CSV, MAPPING

SYSTEM = "urn:nld:oin:00000001001299757000:systeem:uitkeringen"
TOPIC = "overdracht.benefits"
SECRETS = ("999990342", "999993653", "999992934", "Voorbeeld", "Testpersoon", "Dubbelnaam", "Zwaluwenburg", "123456789")
SEND = ("benefits", "send", str(CSV), "--mapping", str(MAPPING))


@pytest.fixture(scope="module")
def product(data_folder: Path) -> Iterator[Product]:
    """A product that believes a benefit system."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTSIDE_SOURCES", f"{SYSTEM}=GM0546")
        with running(data_folder / "benefits") as product:
            yield product


async def produce(product: Product, *reports: tuple[str, Any]) -> None:
    """Events of the benefit system, as its adapter puts them on the topic."""
    producer = AIOKafkaProducer(bootstrap_servers=product.places["kafka"]["bootstrap_servers"])
    await producer.start()
    try:
        for fact, data in reports:
            said = {"specversion": "1.0", "id": "1", "source": SYSTEM, "type": f"nl.overdrachten.{fact}.v1"}
            value = orjson.dumps(said | {"data": data})
            headers = [("content-type", b"application/cloudevents+json")]
            await producer.send_and_wait(TOPIC, value, key=b"Zwaluwenburg", headers=headers)
    finally:
        await producer.stop()


def test_a_trial_first_then_the_file_then_the_file_again(product: Product) -> None:
    trial = product.json(*SEND, "--dry-run")
    assert (trial["accepted"], trial["skipped"], trial["rejected"]) == (9, 1, 0)
    first = product.json(*SEND)
    assert (first["accepted"], first["duplicates"], first["changed"]) == (9, 0, True)
    again = product.run(*SEND)
    assert again.returncode == OK, again.stderr
    assert "Er is niets veranderd" in again.stdout
    assert product.json(*SEND)["changed"] is False
    assert product.settle()["settled"]


def test_what_is_not_right_is_told_and_the_exit_code_says_so(product: Product, tmp_path: Path) -> None:
    spoiled = tmp_path / "fout.csv"
    text = CSV.read_text()
    spoiled.write_text(text.replace("2025-00101;D-7001", "=2025-00101;D-7001").replace("999993653;", "123456789;", 1))
    done = product.run("benefits", "send", str(spoiled), "--mapping", str(MAPPING))
    assert done.returncode == FINDINGS
    rejects = [orjson.loads(line) for line in (tmp_path / "fout.csv.rejects.jsonl").read_bytes().splitlines()]
    assert [(no["line"], no["column"], no["code"]) for no in rejects] == [
        (2, "Aanvraagnummer", "formula"),
        (3, "BSN", "bsn_invalid"),
    ]
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(
        MAPPING.read_text().replace("T: granted", "T: toegekend").replace("encoding: utf-8", "encoding: x")
    )
    wrong = product.run("benefits", "send", str(CSV), "--mapping", str(mapping))
    assert wrong.returncode == USAGE
    assert "regel 6 (file.encoding)" in wrong.stderr
    assert "reports.decision.decision.values.T" in wrong.stderr
    assert not [
        secret for secret in SECRETS for one in (done, wrong) if secret in one.stdout + one.stderr + str(rejects)
    ]


def test_an_event_of_the_benefit_system_is_a_fact_and_a_broken_one_is_put_aside(product: Product) -> None:
    application = {
        "application_number": "2025-00300",
        "kind": "new_applicant",
        "channel": "online",
        "received_on": "2025-11-03",
        "case_mix": {"age_band": "45-54"},
        "person": {"family_name": "Zwaluwenburg"},
    }
    decision = {"decision_number": "B-9300", "dossier": "2025-00300", "decision": "granted", "decided_on": "2025-12-01"}
    told = [
        ("benefit_decision_reported", decision),
        ("application_reported", application),
        ("application_reported", application | {"bsn": "123456789"}),
        ("application_reported", application | {"kind": "Zwaluwenburg"}),
    ]
    asyncio.run(produce(product, *told))
    product.settle()
    letters = product.wait(lambda s: s["services"]["intake"]["waiting"] == 0 and s["settled"], 30)
    assert letters["services"]["intake"]["dead"] == 2
    rows = asyncio.run(sql(product, "intake", "select type from event where data ->> 'decided_on' = '2025-12-01'"))
    assert [row[0] for row in rows] == ["nl.overdrachten.benefit_decided.v1"]
    dead = product.json("letters", "list", "--each", code=FINDINGS)["letters"]
    assert {letter["reason"] for letter in dead} == {"body_invalid:bsn", "body_invalid:kind"}
    published = asyncio.run(records(product, "overdracht.intake.dead-letter"))
    assert {record.value for record in published} == {b""}


def test_the_people_are_on_the_benefit_systems_own_topic_and_nowhere_else_in_the_open(product: Product) -> None:
    """Every file of the data folder, as bytes: what is not sealed there cannot hide."""
    places: dict[str, set[str]] = {}
    for file in product.data.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            for secret in SECRETS:
                if secret.encode() in content:
                    topic = next((one for one in file.parts if one.startswith(TOPIC)), str(file))
                    places.setdefault(topic.rpartition("-")[0] or topic, set()).add(secret)
    assert places == {TOPIC: {"Zwaluwenburg", "123456789"}}
