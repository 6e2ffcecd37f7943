"""What systems outside report: described as strictly as it is read, by every door the same, and kept apart."""

from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator
from stdnum.nl import bsn

from schemas.making.reports import SYSTEM
from schemas.sources import FOLDER, SERVICES, Reported, reported_to
from services.intake.commands import COMMANDS, NUMBERS
from services.intake.reporting.events import report_reader
from services.intake.reporting.items import Teller, item_of
from shared.facts import Actor
from shared.ledger.lines import Language, LineRefused
from shared.ledger.model import Item, Letter
from shared.outside import NAMES, foreign, known_source, sources_of
from tests.builders import ID_KEY
from tests.contract.test_doors import validator

LANGUAGE = Language(COMMANDS, NUMBERS, ID_KEY)
OFFICE = Teller(Actor(role="benefit_administration", id="ua-1"), frozenset({"GM0546"}))
TOLD = [told for service in SERVICES for told in reported_to(service)]
READ = report_reader(LANGUAGE, sources_of(f"{SYSTEM}=GM0546"))


def file_of(told: Reported) -> str:
    return told.file


def read(name: str) -> Any:
    return orjson.loads((FOLDER / name).read_bytes())


def example(told: Reported) -> Any:
    return read(f"events/{told.file}.example.json")


def takes(told: Reported, body: Any) -> bool:
    """Whether the doors take this report."""
    try:
        item_of(LANGUAGE, told.model, body, OFFICE, "")
    except LineRefused:
        return False
    return True


def structured(whole: Any) -> Letter:
    return Letter(TOLD[0].topic, 0, 7, None, (("content-type", b"application/cloudevents+json"),), orjson.dumps(whole))


def binary(whole: Any) -> Letter:
    attributes = {name: one for name, one in whole.items() if name not in ("data", "datacontenttype")}
    headers = [(f"ce_{name}", str(one).encode()) for name, one in attributes.items()]
    return Letter(TOLD[0].topic, 0, 7, None, headers, orjson.dumps(whole["data"]))


def spoiled(whole: dict[str, Any]) -> list[Any]:
    """A report in which one thing or another is not as it must be."""
    found: list[Any] = [[], {}, whole | {"colour": "red"}, whole | {"municipality": "Leiden"}]
    found += [{name: value for name, value in whole.items() if name != gone} for gone in whole]
    for name, value in whole.items():
        inside = value if isinstance(value, dict) else {}
        found += [whole | {name: value | {"no": "such"}} if inside else whole | {name: {"no": "such"}}]
        found += [whole | {name: 12}, whole | {name: ""}, whole | {name: " "}, whole | {name: "x" * 500}]
        found += [whole | {name: value | {field: 12}} for field in inside]
    return found


@pytest.mark.parametrize("told", TOLD, ids=file_of)
def test_a_report_is_described_as_it_is_read(told: Reported) -> None:
    schema, whole = read(f"events/{told.file}.json"), example(told)["data"]
    assert (schema["$id"], schema["title"], schema["x-title-en"]) == (told.uri, told.nl, told.en)
    Draft202012Validator.check_schema(schema)
    event = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    door = validator("intake", told.model.__name__)
    event.validate(whole)
    assert takes(told, whole)
    for body in spoiled(whole):
        if "bsn" in told.model.model_fields and isinstance(body, dict) and not _sound(body.get("bsn")):
            assert not takes(told, body)  # the eleven test is more than a schema can say
            continue
        assert event.is_valid(body) == door.is_valid(body) == takes(told, body), body
    least = {name: whole[name] for name in schema["required"]}
    assert event.is_valid(least)
    assert takes(told, least)
    nothing = whole | {name: None for name in whole if name not in schema["required"]}
    assert takes(told, nothing)
    assert door.is_valid(nothing)


def _sound(number: Any) -> bool:
    return number is None or (isinstance(number, str) and bsn.is_valid(number))


@pytest.mark.parametrize("told", TOLD, ids=file_of)
def test_an_example_is_taken_in_both_modes_and_nothing_of_it_stays_in_its_letter(told: Reported) -> None:
    whole = example(told)
    one, other = READ(structured(whole)), READ(binary(whole))
    for item in (one, other):
        assert (item.fault, item.fact, item.service) == (None, told.model.name, SYSTEM)
        letter = item.letter
        assert letter is not None
        assert (letter.topic, letter.partition, letter.offset) == (told.topic, 0, 7)
        assert (letter.key, letter.headers, letter.value) == (None, (), None)
    assert _what(one) == _what(other) == _what(item_of(LANGUAGE, told.model, whole["data"], OFFICE, ""))


def _what(item: Item) -> Any:
    return item.source, item.id, item.case_id, item.body, item.content, item.said.at, item.said.municipality


def test_the_numbers_in_the_examples_are_test_numbers() -> None:
    numbers = {example(told)["data"]["bsn"] for told in TOLD if "bsn" in told.model.model_fields}
    assert numbers == {"999990342"}


def test_what_is_reported_comes_on_a_topic_that_one_service_reads_as_its_group() -> None:
    assert {told.service for told in TOLD} == {"intake"}
    document = read("asyncapi/intake.json")
    operation = document["operations"]["hear-benefits"]
    assert operation["action"] == "receive"
    assert operation["bindings"]["kafka"]["groupId"] == {"type": "string", "enum": ["intake"]}
    messages = {message["$ref"].rsplit("/", 1)[1] for message in operation["messages"]}
    assert messages == {told.file for told in TOLD}
    headers = document["components"]["schemas"]["outside-headers"]
    assert headers["required"] == [f"ce_{name}" for name in NAMES]
    check = Draft202012Validator(headers, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for told in TOLD:
        message = document["components"]["messages"][told.file]
        assert (message["name"], message["title"]) == (told.type, told.nl)
        sent = {name: value.decode() for name, value in binary(example(told)).headers}
        check.validate(sent)
        for name in headers["required"]:
            assert not check.is_valid({key: value for key, value in sent.items() if key != name})


def test_the_door_for_many_takes_what_the_doors_for_one_take() -> None:
    paths = read("openapi/intake.json")["paths"]
    [line] = [one["schema"] for one in paths["/benefit-reports"]["post"]["requestBody"]["content"].values()]
    many = {kind["properties"]["report"]["const"]: kind["properties"]["data"] for kind in line["oneOf"]}
    for told in TOLD:
        operation = paths[f"/benefit-{told.model.word}s"]["post"]
        [body] = [one["schema"] for one in operation["requestBody"]["content"].values()]
        assert body == many[told.model.word]
        assert operation["x-roles"] == ["benefit_administration"]
        assert {"200", "201", "400", "401", "403", "404", "409"} <= set(operation["responses"])


@pytest.mark.parametrize(
    ("source", "by"),
    [
        ("urn:nld:oin:1:systeem:a", "urn:nld:oin:1:systeem:a"),
        ("urn:nld:oin:1:systeem:b", "urn:nld:oin:1"),
        ("urn:nld:oin:1", "urn:nld:oin:1"),
        ("urn:nld:oin:12", None),
        ("urn:nld:oin:12:systeem:a", None),
        ("urn:nld:kvknr:9.systeem", "urn:nld:kvknr:9"),
        ("", None),
    ],
)
def test_a_source_is_believed_itself_or_by_its_organisation(source: str, by: str | None) -> None:
    sources = sources_of(
        "urn:nld:oin:1=GM0546, urn:nld:oin:1:systeem:a=GM0344,urn:nld:oin:1=GM0344,urn:nld:kvknr:9=GM0001"
    )
    assert known_source(sources, source) == by
    assert sources["urn:nld:oin:1"] == {"GM0546", "GM0344"}
    assert known_source(sources_of(""), source) is None


def test_who_speaks_for_several_municipalities_says_for_which() -> None:
    read_both = report_reader(LANGUAGE, sources_of(f"{SYSTEM}=GM0546,{SYSTEM}=GM0344"))
    whole = example(TOLD[1])
    del whole["data"]["municipality"]
    assert read_both(structured(whole)).fault == "field_missing:municipality"
    whole["data"]["municipality"] = "GM0344"
    assert read_both(structured(whole)).said.municipality == "GM0344"
    assert READ(structured(whole)).fault == "out_of_sight:municipality"


def test_the_bare_envelope_is_enough() -> None:
    whole = example(TOLD[1])
    bare = {name: whole[name] for name in (*NAMES, "data")}
    assert READ(structured(bare)).fault is None
    assert foreign(*_raw(binary(bare))).source == SYSTEM
    for name in NAMES:
        one = {key: value for key, value in bare.items() if key != name}
        assert READ(structured(one)).fault == READ(binary(one)).fault == f"attribute_missing:{name}"


def _raw(letter: Letter) -> Any:
    return letter.value, letter.headers
