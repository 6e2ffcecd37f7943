"""As people do it, with the commands: a person's own file, an erasure by two, what is due, and who read what."""

import asyncio
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from overdracht import issuing
from overdracht.running.parts import plan, services
from tests.builders import ROOT
from tests.leaks import files
from tests.product import Product, a_line, sql

NUMBER, OTHER, THIRD = "123456782", "999993653", "999992934"
NAME, WORDS = "Kwartelsteen", "Ik wil graag <b>werken</b> & rust."
PERSON = {"family_name": NAME, "given_names": "Ottoline", "birth_date": "1975-04-12", "address": "Vlierbeslaan 7"}
SECRETS = (NUMBER, NAME, "Ottoline", "Vlierbeslaan", WORDS)


def line(fact: str, dossier: str, at: str, role: str = "caseworker", **data: Any) -> bytes:
    """A line of history."""
    actor = {"role": role, "id": "km-1"}
    said = {"at": at, "municipality": "GM0546", "dossier": dossier, "actor": actor, "fact": fact, "data": data}
    return json.dumps(said).encode()


HISTORY = [
    a_line("E-1", bsn=NUMBER, person=PERSON),
    line("benefit_decided", "E-1", "2016-05-20T10:00:00+02:00", "system", decision="granted", decided_on="2016-05-20"),
    line("life_area_mapped", "E-1", "2016-06-01T10:00:00+02:00", life_area="work", state="stable", own_words=WORDS),
    line("benefit_ended", "E-1", "2024-06-01T10:00:00+02:00", "system", reason="work", ended_on="2024-05-31"),
    line("case_closed", "E-1", "2024-06-02T10:00:00+02:00", reason="work"),
    a_line("E-2", bsn=OTHER),
    line("benefit_decided", "E-2", "2016-05-20T10:00:00+02:00", "system", decision="denied", decided_on="2016-05-20"),
    line(
        "application_received", "E-4", "2016-06-01T10:00:00+02:00", application="A-E-4", bsn=OTHER,
        kind="new_applicant", channel="online", received_on="2016-06-01", case_mix={"age_band": "35-44"},
    ),
    line("benefit_decided", "E-4", "2016-06-20T10:00:00+02:00", "system", decision="denied", decided_on="2016-06-20"),
    a_line("E-3", bsn=THIRD),
    line("application_withdrawn", "E-3", "2016-05-20T10:00:00+02:00", reason="found_work"),
]  # fmt: skip


@pytest.fixture(scope="module")
def filled(product: Product, tmp_path_factory: pytest.TempPathFactory) -> Product:
    """A product with four dossiers of three people; one of them with all that a person can leave."""
    file = tmp_path_factory.mktemp("history") / "history.jsonl"
    file.write_bytes(b"\n".join(HISTORY) + b"\n")
    assert product.json("import", str(file))["accepted"] == len(HISTORY)
    file.unlink()
    return product


def on_disk(*folders: Path) -> dict[str, set[str]]:
    """Which secrets are in which file."""
    found = {str(path): {one for one in SECRETS if one.encode() in content} for path, content in files(*folders)}
    return {path: secrets for path, secrets in found.items() if secrets}


def test_a_case_is_shown_without_saying_so_and_the_group_tells_what_else_there_is(filled: Product) -> None:
    shown = filled.json("case", "GM0546/E-1")
    assert shown == filled.json("case", "show", "GM0546/E-1")
    assert shown == filled.json("case", "--municipality", "GM0546", "--dossier", "E-1")
    said = filled.run("case", "--help").stdout
    assert all(word in said for word in ("show", "erase", "export"))
    assert filled.run("case").returncode == 2


def test_a_person_gets_the_own_file_and_nothing_else_is_written(filled: Product, tmp_path: Path) -> None:
    page, data = tmp_path / "file.html", tmp_path / "file.json"
    done = filled.run("case", "export", "GM0546/E-1", "--out", str(page), "--subject", "km-9")
    assert done.returncode == 0, done.stderr
    assert not [secret for secret in SECRETS if secret in done.stdout + done.stderr]
    assert filled.run("case", "export", "GM0546/E-1", "--json", "--out", str(data)).returncode == 0
    assert {stat.S_IMODE(os.stat(one).st_mode) for one in (page, data)} == {0o600}
    assert sorted(one.name for one in tmp_path.iterdir()) == ["file.html", "file.json"]
    text = page.read_text()
    for shown in (
        NUMBER,
        NAME,
        "Vlierbeslaan 7",
        "Ik wil graag &lt;b&gt;werken&lt;/b&gt; &amp; rust.",
        "31-05-2034",
    ):
        assert shown in text, shown
    assert "<b>" not in text
    assert "http" not in text.replace("http-equiv", "")
    file = json.loads(data.read_text())
    [case] = file["cases"]
    assert (case["bsn"], case["person"]) == (NUMBER, PERSON)
    assert [one["text"] for fact in case["facts"] for one in fact["texts"]] == [WORDS]
    assert {fact["service"] for fact in case["facts"]} == {"intake", "diagnosis"}
    assert [one["audit"]["activity"] for one in case["readings"]] == ["application", "own_file"]
    assert on_disk(filled.data) == {}


def test_the_own_file_as_text_is_plain_and_says_who_read_it(filled: Product) -> None:
    said = filled.run("case", "export", "GM0546/E-1").stdout
    for shown in ("Achternaam: Kwartelsteen", f"Uw eigen woorden: {WORDS}", "Wie uw gegevens las", "klantmanager km-9"):
        assert shown in said, shown
    assert filled.run("case", "export", "GM0546/E-99").returncode == 1


def test_a_person_with_several_cases_gets_them_all_when_that_is_asked(filled: Product) -> None:
    ids = {filled.json("case", f"GM0546/{dossier}")["case_id"] for dossier in ("E-2", "E-4")}
    file = filled.json("case", "export", "GM0546/E-2", "--all-cases")
    assert {case["case_id"] for case in file["cases"]} == ids
    assert {case["bsn"] for case in file["cases"]} == {OTHER}
    assert len(filled.json("case", "export", "GM0546/E-2")["cases"]) == 1
    assert "(dossier 2 van 2)" in filled.run("case", "export", "GM0546/E-2", "--all-cases").stdout


def test_a_file_that_cannot_be_written_is_a_sentence(filled: Product, tmp_path: Path) -> None:
    done = filled.run("case", "export", "GM0546/E-1", "--out", str(tmp_path / "none" / "file.html"))
    assert (done.returncode, "kan niet worden geschreven" in done.stderr) == (2, True)
    assert "Traceback" not in done.stderr


def test_a_service_with_another_key_says_so_and_ends(filled: Product) -> None:
    base = int(filled.url("intake").rpartition(":")[2]) - 1
    [intake] = [part for part in services(plan(filled.data, base)) if part.name == "intake"]
    start = intake.prepare()
    env = {**start.env, "VAULT_KEY": "01" * 32, "MIGRATE": "false"}
    done = subprocess.run(
        [sys.executable, "-m", "services.intake"],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "deze sleutel past niet op de kluis" in done.stderr
    assert "Traceback" not in done.stderr


def erase(product: Product, *words: str, who: str = "km-1") -> "subprocess.CompletedProcess[str]":
    return product.run("case", "erase", "GM0546/E-1", "--subject", who, *words)


def opened(product: Product, sealed: str, case_id: str) -> Any:
    """What a caseworker gets of a text."""
    keys = Path(product.data / "keys")
    token = issuing.issued(keys, ["caseworker"], subject="km-1", municipality="GM0546")

    async def ask() -> Any:
        async with httpx.AsyncClient(base_url=product.url("intake"), timeout=30) as client:
            headers = {"Authorization": f"Bearer {token}"}
            path = f"/v1/cases/{case_id}/texts/open"
            return (await client.post(path, json={"texts": [sealed]}, headers=headers)).json()["texts"]

    return asyncio.run(ask())


def test_two_people_erase_a_case_and_figures_and_proof_stand(filled: Product) -> None:
    journey = filled.json("case", "GM0546/E-1")
    [sealed] = [fact["data"]["own_words"] for fact in journey["timeline"] if "own_words" in fact["data"]]
    figures = filled.json("returns")
    refused = erase(filled, "--reason", "nonsense", "--yes")
    assert (refused.returncode, "no_longer_needed" in refused.stderr) == (2, True)
    assert filled.run("case", "erase", "GM0546/E-1", "--reason", "no_longer_needed").returncode == 2
    unsure = erase(filled, "--reason", "no_longer_needed")
    assert (unsure.returncode, "Dit gaat voorgoed weg" in unsure.stderr) == (2, True)
    assert filled.json("case", "GM0546/E-1")["timeline"] == journey["timeline"]

    asked = erase(filled, "--reason", "no_longer_needed", "--yes", "--json")
    assert (asked.returncode, json.loads(asked.stdout)["keeping"]) == (0, "erasure_asked")
    assert opened(filled, sealed, journey["case_id"]) == [{"text": WORDS}]
    alone = erase(filled, "--approve", "--yes")
    assert (alone.returncode, "laat een ander kijken" in alone.stderr) == (1, True)
    other = erase(filled, "--approve", "--role", "operator", "--yes", "--json", who="op-1")
    assert (other.returncode, json.loads(other.stdout)["keeping"]) == (0, "erased")

    assert opened(filled, sealed, journey["case_id"]) == [{"text": None, "reason": "key_destroyed"}]
    filled.settle()
    assert filled.json("log", "verify")["ok"]
    assert filled.json("returns") == figures
    after = filled.json("case", "GM0546/E-1")
    assert after["timeline"][: len(journey["timeline"])] == journey["timeline"]
    said = filled.run("case", "export", "GM0546/E-1").stdout
    assert "Dit dossier is gewist" in said
    assert not [secret for secret in SECRETS if secret in said]
    assert on_disk(filled.data) == {}


def test_a_text_for_an_erased_case_is_refused_by_every_service(filled: Product) -> None:
    file = filled.data / "late.jsonl"
    late = {"life_area": "housing", "state": "stable"}
    at = "2016-06-02T10:00:00+02:00"
    file.write_bytes(
        line("life_area_mapped", "E-1", at, **late, own_words=WORDS)
        + b"\n"
        + line("life_area_mapped", "E-1", at, **late)
    )
    done = filled.run("import", str(file), "--json")
    file.unlink()
    result = json.loads(done.stdout)
    assert (result["accepted"], result["rejected"]) == (1, 1)
    assert "case_erased" in Path(result["rejects_file"]).read_text()
    Path(result["rejects_file"]).unlink()


def test_what_is_due_is_shown_and_erased_as_a_list_by_two_operators(filled: Product) -> None:
    rules = {rule["result"]: rule["due"] for rule in filled.json("retention", "show")["cases"]}
    assert (rules["denied"], rules["broken_off"], rules["provided"]) == (2, 1, 0)
    dry = filled.json("retention", "run", "--dry-run")
    assert (dry["rules"], len(dry["cases"]), dry["done"]) == ({"denied": 2, "broken_off": 1}, 3, 0)
    assert filled.json("retention", "run", "--subject", "op-1", "--yes", "--rule", "denied")["done"] == 2
    rest = filled.json("retention", "run", "--subject", "op-1", "--yes")
    again = filled.json("retention", "run", "--subject", "op-1", "--yes")
    assert (rest["done"], again["done"], again["run_id"]) == (1, 0, rest["run_id"])
    alone = filled.json("retention", "run", "--approve", "--subject", "op-1", "--yes", code=1)
    assert (alone["done"], alone["refused"]) == (0, {"same_person": 3})
    done = filled.json("retention", "run", "--approve", "--run", rest["run_id"], "--subject", "op-2", "--yes")
    assert (done["done"], done["rules"]) == (3, {"denied": 2, "broken_off": 1})
    assert filled.json("retention", "run", "--approve", "--subject", "op-2", "--yes")["done"] == 0
    filled.settle()
    assert filled.json("log", "verify")["ok"]
    wrong = filled.run("retention", "run", "--dry-run", "--rule", "nonsense")
    assert (wrong.returncode, "Traceback" in wrong.stderr) == (2, False)


def test_the_log_of_readings_can_be_taken_out_as_spans_without_who_read(filled: Product) -> None:
    spans = [
        json.loads(one)["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
        for one in filled.run("readings", "--json").stdout.splitlines()
    ]
    assert len(spans) > 6
    assert {span["status"]["code"] for span in spans} == {1}
    assert len({span["spanId"] for span in spans}) == len(spans)
    assert all(int(span["endTimeUnixNano"]) >= int(span["startTimeUnixNano"]) for span in spans)
    assert not [word for word in ("km-1", "km-9", "op-1", *SECRETS) if word in json.dumps(spans)]
    people = filled.run("readings", "--case", "GM0546/E-1").stdout
    assert "km-9" in people
    done = [one[30:].split("  ")[0].strip() for one in people.splitlines()]
    assert done == ["receive application", *["give own file"] * 4, "open texts", "erase case"]


async def test_after_all_of_it_no_key_and_no_identity_is_left(filled: Product) -> None:
    assert await sql(filled, "intake", "select count(*) from case_key where sealed is not null") == [(0,)]
    assert await sql(filled, "intake", "select count(*) from identity") == [(0,)]
    assert on_disk(filled.data) == {}
