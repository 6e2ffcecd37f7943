"""Planted names and numbers, well-formed and not, through every way in: found nowhere outside the vault.

The whole data folder is read as bytes (database files and their journal, logs, progress of imports), and so is
everything that was answered: what is not sealed there cannot hide. What bytes do not show is read as its readers do:
the lake's columns, records on topics, rows of tables, exports.
"""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from schemas.sources import INSIGHT
from shared.personal import holds_person_number
from tests.builders import leiden
from tests.insight_doors import asked as right
from tests.insight_doors import routes
from tests.leaks import KEPT, files
from tests.product import SERVICES, Product, a_line, doors, sql
from tests.tokens import called_by

NAME, STREET, WORDS = "Zwaluwenburg-Okonkwo", "Kruisbessenlaan", "verhuisdoos vol zonnebloempitten"
NUMBER = "123456782"
PERSON = {"family_name": NAME, "given_names": "Ottoline", "birth_date": "1980-04-12", "address": f"{STREET} 12"}
CASEWORKER = {"role": "caseworker", "id": "km-1", "municipality": "GM0546"}
SECRETS = (NAME, "Ottoline", STREET, WORDS, NUMBER)
TRACE = {
    "traceparent": f"00-{NAME}-{NUMBER}-01",
    "tracestate": f"{NAME}={NUMBER}",
    "baggage": f"dpl.core.foreign_operation.processor={NAME} {NUMBER},person={NUMBER}",
}
"""What a caller can say of its trace."""
LONG_WORDS = f"Zij vertelde van een {WORDS}, en dat het zo niet verder kan."


def histories() -> Iterator[bytes]:
    """Lines with something planted in every place where it may and may not stand."""
    yield a_line("P-1", bsn=NUMBER, person=PERSON)
    yield a_line("P-2", bsn="123456789", person=PERSON)
    yield a_line("P-3", bsn=f"{NUMBER}0")
    yield a_line("P-4", bsn=f"{NAME}")
    yield a_line("P-5", channel=NAME)
    yield a_line("P-6", **{NAME: NUMBER, f"{NAME} x": 1})
    yield a_line("P-7", application=NUMBER, kind=WORDS)
    yield a_line("P-8", bsn=NUMBER, person=PERSON | {"birth_date": NAME, NAME: "x"})
    yield a_line(NUMBER, bsn="999993653")
    yield a_line("P-9", fact=NAME)
    yield a_line("P-10", fact="life_area_mapped", life_area="work", state="stable", own_words=LONG_WORDS, wish=NAME)
    yield a_line("P-11").replace(b"GM0546", NAME.encode())
    yield a_line("P-12").replace(b"km-1", NUMBER.encode())
    yield a_line("P-13").replace(b"2016-05-01T10", NAME.encode())
    yield a_line("P-14", bsn=NUMBER)[:-40]
    yield NAME.encode()
    yield b'{"at": "' + NAME.encode() + b"\xff" + NUMBER.encode()


async def commands(product: Product, case_id: str) -> list[str]:
    """Commands with planted texts, right and wrong ones, at the doors; everything that was answered."""
    referral, diagnosis = str(uuid4()), str(uuid4())
    send = {
        "referral_id": referral,
        "from_organisation": "org-gm0546",
        "to_organisation": "org-rw",
        "trajectory": "reintegration",
        "goal": "paid_work",
        "warm": True,
    }
    coach = {"role": "coach", "id": "co-1", "organisation": "org-rw"}
    decline = {"referral_id": referral, "reason": "other", "explanation": LONG_WORDS}
    asked: list[tuple[str, str, Any]] = [
        ("referral", "send-referral", {"actor": CASEWORKER, "data": send}),
        ("referral", "send-referral", {"actor": CASEWORKER, "data": send | {"goal": NAME, "warm": WORDS}}),
        ("referral", "send-referral", {"actor": CASEWORKER | {"id": NUMBER}, "data": send | {NAME: NUMBER}}),
        ("referral", "send-referral", {"actor": CASEWORKER, "data": send | {"to_organisation": NUMBER}}),
        ("referral", "decline-referral", {"actor": coach, "data": decline}),
        ("referral", "decline-referral", {"actor": coach, "data": decline | {"explanation": [WORDS]}}),
        ("diagnosis", "map-life-area", {"actor": CASEWORKER, "data": {"life_area": NAME, "own_words": WORDS}}),
        ("diagnosis", "start-diagnosis", {"actor": CASEWORKER, "data": {"diagnosis_id": diagnosis, NAME: WORDS}}),
        ("outcome", "agree-plan", {"actor": CASEWORKER, "data": {"goals": [{"words": WORDS, "measure": NAME}]}}),
        ("intake", "receive-application", {"actor": CASEWORKER, "data": {"bsn": NUMBER, "person": PERSON}}),
        ("intake", "withdraw-application", {"actor": CASEWORKER, "data": {"reason": f"{NAME} {NUMBER}"}}),
    ]
    answers = []
    for service, command, body in asked:
        async with doors(product, service) as client:
            client.headers.update(TRACE)
            path = f"/v1/cases/{case_id}/{command}"
            broken = json.dumps(body)[:-9]
            headers = {"content-type": "application/json", "idempotency-key": NUMBER}
            answers.append(await client.post(path, json=body))
            answers.append(await client.post(path, content=broken))
            answers.append(await client.post(path, content=broken, headers=headers))
            answers.append(await client.get(f"/v1/cases?caseworker={NAME}"))
            answers.append(await client.get(f"/v1/cases/{NAME}"))
            answers.append(await client.get("/metrics"))
            answers.append(await client.get(f"/v1/cases/{case_id}"))
    return [f"{one.text} {one.headers}" for one in answers]


def spoiled(method: str, path: str, planted: str) -> Iterator[dict[str, Any]]:
    """A right request with one thing in it that is not: in the path, a parameter or a field, or beside them."""
    good = right(method, path, "GM0546")
    yield right(method, path, planted, number=planted)
    yield {"url": f"/v1{path.split('{')[0]}{planted}"}
    for name in (*good["params"], planted, "gemeente"):
        yield good | {"params": good["params"] | {name: planted}}
    if method == "POST":
        yield from ({**good, "json": body} for body in (planted, [planted], {planted: planted}))
        for name, value in [*good["json"].items(), ("slice", {"provider": ""}), (planted, "")]:
            yield good | {"json": good["json"] | {name: planted}}
            yield good | {"json": good["json"] | {name: [planted]}}
            yield good | {"json": good["json"] | {name: {planted: planted}}}
            if isinstance(value, dict):
                yield good | {"json": good["json"] | {name: dict.fromkeys(value, planted)}}


async def questions(product: Product) -> list[str]:
    """Every question to insight, a right one and ones with something planted in every place; all that was answered."""
    who = called_by("operator", "analyst", of=product.data / "keys") | TRACE
    answers = []
    async with doors(product, INSIGHT) as client:
        for method, path, _ in routes():
            answers.append(await client.request(method, **right(method, path, "GM0546"), headers=who))
            for planted in (NAME, NUMBER, WORDS):
                for wrong in spoiled(method, path, planted):
                    answers.append(await client.request(method, **wrong, headers=who))
        answers += [await client.get(path) for path in ("/metrics", "/health/ready", "/health/live")]
    assert {one.status_code for one in answers} > {200, 400, 404}
    assert max(one.status_code for one in answers) < 500
    return [f"{one.text} {one.headers}" for one in answers]


@pytest.fixture(scope="module")
def told(product: Product, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Everything that the product said while planted things came in."""
    folder = tmp_path_factory.mktemp("planted")
    file = folder / "planted.jsonl"
    file.write_bytes(b"\n".join(histories()) + b"\n")
    done = product.run("import", str(file), "--json")
    assert done.returncode == 1, done.stderr
    result = json.loads(done.stdout)
    assert result["accepted"] >= 2
    assert result["rejected"] >= 10
    journey = product.run("case", "GM0546/P-1", "--json")
    answers = asyncio.run(commands(product, json.loads(journey.stdout)["case_id"]))
    product.settle()
    answers += asyncio.run(questions(product))
    rest = [product.run(*words) for words in (["case", "GM0546/P-1"], ["log", "tail", "--json"], ["returns"])]
    product.settle()
    outputs = [one.stdout + one.stderr for one in (done, journey, *rest)]
    return "\n".join([*answers, *outputs, Path(result["rejects_file"]).read_text()])


def test_no_answer_and_no_error_repeats_what_is_personal(told: str) -> None:
    assert not [secret for secret in SECRETS if secret in told]


def test_nothing_on_the_disk_outside_the_seal_holds_what_is_personal(product: Product, told: str) -> None:
    found = [
        f"{secret} in {file.relative_to(product.data)}"
        for file, content in files(product.data)
        for secret in SECRETS
        if secret.encode() in content
    ]
    assert not found


def test_every_service_told_of_the_work_in_its_log(product: Product, told: str) -> None:
    for name in (*SERVICES, INSIGHT):
        lines = (product.data / "logs" / f"{name}.log").read_text()
        assert '"trace_id"' in lines
        assert not [secret for secret in SECRETS if secret.lower() in lines.lower()], name


@pytest.mark.parametrize("where", KEPT)
async def test_what_its_readers_see_of_it_holds_nothing_personal(product: Product, told: str, where: str) -> None:
    texts = [one async for one in KEPT[where](product)]
    assert any("GM0546" in text for _, text in texts), "it is read"
    assert not {f"{secret} in {place}" for place, text in texts for secret in SECRETS if secret in text}


async def test_the_planted_texts_did_go_in_and_the_vault_opens_them(product: Product, told: str) -> None:
    [(sealed, case_id)] = await sql(
        product, "referral", "select data->>'explanation', case_id::text from event where type like '%declined%'"
    )
    assert sealed.startswith("hpke1.")
    async with doors(product, "intake") as client:
        opened = await client.post(f"/v1/cases/{case_id}/texts/open", json={"texts": [sealed]})
    assert WORDS in opened.text


async def test_a_year_of_history_leaves_no_number_on_a_topic_in_a_table_or_a_log(product: Product, told: str) -> None:
    file = product.data / "year.jsonl"
    numbers = set()
    with file.open("w") as lines:
        for line in leiden():
            if line["at"] < "2016-02-15":
                lines.write(json.dumps(line) + "\n")
                numbers.add(line["data"].get("bsn"))
    assert product.json("import", str(file))["rejected"] == 0
    file.unlink()
    numbers -= {None}
    assert len(numbers) > 100
    product.settle()
    for path, content in files(product.data):
        runs = {run.decode() for run in re.findall(rb"[0-9]{9,}", content)}
        assert not runs & numbers, path
    for where, read in KEPT.items():
        async for place, text in read(product):
            assert not set(re.findall(r"[0-9]{9,}", text)) & numbers, f"{where} {place}"
            # with a fraction it is a duration: ten years of waiting have as many digits as a person's number
            words = re.findall(r"[A-Za-z0-9]+(?:\.[0-9]+)?", text) if where == "tables" else []
            assert not [word for word in words if len(word) == 9 and holds_person_number(word)], place
