"""The published schemas are what the code says, what the code writes is as they say, and consumers can read it."""

import json
import re
from datetime import datetime
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from schemas import files, released
from schemas.making import data, envelope, example
from schemas.sources import FOLDER, ROOT, SERVICES, Told, Unexplained, everything_told, part, told_by
from services.referral.codes import REASONS
from services.referral.commands import COMMANDS, NUMBERS
from shared.chain import START
from shared.envelope import Event, expected_hash, from_structured, headers, parse, structured
from shared.hearing import Circumstances
from shared.http.bodies import CatalogueBody
from shared.ledger.lines import Language, read_line
from shared.personal import holds_person_number
from shared.vocabulary import catalogue
from tests.builders import ID_KEY, NOON, dossiers
from tests.unit.shared.told import opening, settled

LANGUAGE = Language(COMMANDS, NUMBERS, ID_KEY)
TOLD = {told.file: told for told in everything_told()}

PERSONAL = {
    "name", "names", "surname", "initials", "bsn", "birth", "born", "address", "street", "postcode", "city", "phone",
    "email", "mail", "iban", "gender", "sex", "nationality", "passport",
}  # fmt: skip


def file_of(told: Told) -> str:
    return told.file


def read(name: str) -> Any:
    return orjson.loads((FOLDER / name).read_bytes())


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def schema_of(told: Told) -> Any:
    return read(f"events/{told.file}.json")


def example_of(told: Told) -> Any:
    return read(f"events/{told.file}.example.json")


def least(schema: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """The same event with no more than it must say."""
    return {name: whole[name] for name in schema["required"]}


def test_the_committed_files_are_what_the_code_says_and_break_no_release() -> None:
    made = files.made()
    assert files.compare(made) == [], "run `make schemas`"
    assert released.touched() == []
    assert released.broken(made)[0] == []


@pytest.mark.parametrize("told", TOLD.values(), ids=file_of)
def test_an_example_is_an_event_as_the_code_sends_and_reads_it(told: Told) -> None:
    schema, whole = schema_of(told), example_of(told)
    validator(schema).validate(whole["data"])
    validator(read("envelope.v1.json")).validate(whole)
    event = from_structured(whole)
    assert parse(event.data, headers(event)) == event
    assert event.casehash == expected_hash(event, START).hex()
    assert dict(headers(event))["ce_dataschema"].decode() == schema["$id"] == whole["dataschema"]
    assert datetime.fromisoformat(whole["data"]["occurred_at"]) <= datetime.fromisoformat(whole["time"])
    assert not holds_person_number(json.dumps(whole))


@pytest.mark.parametrize("told", TOLD.values(), ids=file_of)
def test_a_schema_is_closed_and_speaks_dutch_first(told: Told) -> None:
    schema, whole = schema_of(told), example_of(told)["data"]
    assert (schema["title"], schema["x-title-en"]) == (told.nl, told.en)
    assert (schema["x-service"], schema["x-hand-off"]) == (told.service, told.fact.hand_off)
    with pytest.raises(ValidationError, match="unexpected"):
        validator(schema).validate(whole | {"citizen": "Jan"})
    assert '"null"' not in json.dumps(schema), "what is not known is absent"
    about = {"case_id", "municipality"}
    assert about <= set(schema["required"]) if told.fact.about_a_case else not about & set(schema["properties"])


@pytest.mark.parametrize("told", [one for one in TOLD.values() if one.fact.texts], ids=file_of)
def test_a_text_has_no_place_in_the_open(told: Told) -> None:
    """Each text of the model is marked, and a text that is not sealed is refused by the schema."""
    check = validator(schema_of(told))
    for first, *rest in told.fact.texts:
        whole = example_of(told)["data"]
        holder = whole if not rest else whole[first][0] if isinstance(whole[first], list) else whole[first]
        holder[rest[0] if rest else first] = "Jan durft niet te bellen"
        with pytest.raises(ValidationError, match="hpke1"):
            check.validate(whole)


@pytest.mark.parametrize("told", TOLD.values(), ids=file_of)
def test_no_schema_has_a_place_for_who_the_citizen_is(told: Told) -> None:
    schema = schema_of(told)
    nodes = [schema, *schema["$defs"].values()]
    parts = {word for node in nodes for name in node.get("properties", {}) for word in name.split("_")}
    assert not parts & PERSONAL


@pytest.mark.parametrize("service", SERVICES)
def test_a_consumer_reads_every_event_it_learns_from_also_the_barest(service: str) -> None:
    hearing = part(service, "hearing")
    for other in hearing.LISTENS_TO:
        for name, told in told_by(other).items():
            model = hearing.HEARING.learns.get(name)
            if model is None:
                continue
            schema, whole = schema_of(told), example_of(told)["data"]
            for one in (whole, least(schema, whole), whole | {"new_field": 1}):
                model.model_validate_json(orjson.dumps(one))
                assert Circumstances.model_validate_json(orjson.dumps(one)).municipality == "GM0546"


@pytest.mark.parametrize("service", SERVICES)
def test_a_consumer_bears_codes_it_does_not_know(service: str) -> None:
    """A value that comes to a list of codes is no new version: so nobody here may list them."""
    for name, model in part(service, "hearing").HEARING.learns.items():
        assert "enum" not in json.dumps(model.model_json_schema()), name
    assert "enum" not in json.dumps(Circumstances.model_json_schema())


def test_what_the_ledger_writes_is_as_the_schemas_say() -> None:
    """History through the real ledger: texts sealed, codes open, nothing that the schema does not know."""
    seen: dict[str, list[Event]] = {}
    for dossier in list(dossiers().values())[:60]:
        lines = [orjson.dumps(line) for line in dossier if line["fact"] in COMMANDS]
        items = [read_line(LANGUAGE, line, NOON, True, example.TRACE, None) for line in lines]
        _, work = settled([opening(item.case_id) for item in items[:1]] + items)
        for written in work.events:
            seen.setdefault(f"{written.event.fact}.v1", []).append(written.event)
    around = validator(read("envelope.v1.json"))
    for file, events in seen.items():
        check = validator(schema_of(TOLD[file]))
        for event in events[:25]:
            check.validate(orjson.loads(event.data))
            around.validate(orjson.loads(structured(event)))
    assert min(len(seen[file]) for file in ("referral_sent.v1", "referral_returned.v1", "return_reviewed.v1")) > 3


def test_nothing_that_runs_needs_the_contracts() -> None:
    for package in ("services", "shared", "overdracht", "deploy"):
        for source in (ROOT / package).rglob("*.py"):
            assert not re.search(r"^\s*(from|import) schemas\b", source.read_text(), re.MULTILINE), source


def test_a_fact_without_a_place_in_the_story_is_asked_for() -> None:
    schema = data.schema(told := TOLD["referral_sent.v1"])
    schema["properties"]["colour"] = {"type": "string"}
    with pytest.raises(Unexplained, match=r"referral_sent.colour has no example value: give it one in"):
        example.event(told, schema)


def test_the_envelope_explains_every_attribute_that_is_sent() -> None:
    event = example.event(TOLD["referral_sent.v1"], data.schema(TOLD["referral_sent.v1"]))
    sent = {name.removeprefix("ce_") for name, _ in headers(event)} - {"content-type"}
    schema = envelope.schema()
    assert set(schema["required"]) == set(schema["properties"]) == sent | {"datacontenttype", "data"}
    assert all(one["description"] for one in schema["properties"].values())


def test_the_catalogue_has_every_fact_code_state_and_refusal_in_two_languages() -> None:
    found = read("catalogue.json")
    facts = {fact["fact"]: fact for service in found["services"].values() for fact in service["facts"]}
    assert {told.fact.name: told.uri for told in TOLD.values()} == {n: f["dataschema"] for n, f in facts.items()}
    referral = found["services"]["referral"]
    reasons = referral["codes"]["reasons"]
    assert set(reasons) == set(REASONS)
    assert all(one["nl"] and one["en"] and one["side"] and one["consequence"] for one in reasons.values())
    assert "pregnancy" in referral["codes"]["forbidden_grounds"]
    assert {"state": "returned", "fact": "return_reviewed", "then": "reviewed"} in found["services"]["referral"][
        "states"
    ]
    for service in found["services"].values():
        assert all(said["nl"] != said["en"] for said in service["refusals"].values())


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_service_serves_of_its_vocabulary_is_what_the_catalogue_says(service: str) -> None:
    vocabulary = part(service, "app").VOCABULARY
    served = orjson.loads(orjson.dumps(catalogue(service, vocabulary)))
    CatalogueBody.model_validate(served)
    written = read("catalogue.json")["services"][service]
    assert served["facts"] == written["facts"]
    for name in ("codes", "states"):
        assert served[name] in (written[name], type(written[name])()), "what it serves is another list"
