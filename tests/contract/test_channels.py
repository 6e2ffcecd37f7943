"""The AsyncAPI documents: what they promise of topics, keys, headers and groups is what the code does on Kafka."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from deploy.embedded.topics import kept, wanted
from schemas.making.records import CHECKPOINT
from schemas.sources import FOLDER, INSIGHT, SERVICES, part, reported_to, told_by
from shared.chain import START, is_signed, key_id, public_key, sign, statement
from shared.envelope import from_structured, headers, timestamp
from shared.ledger.pages import checkpoint
from tests.builders import NOON

ASYNCAPI = FOLDER / "asyncapi"


def document(service: str) -> Any:
    return orjson.loads((ASYNCAPI / f"{service}.json").read_bytes())


def found(document: Any, ref: str, beside: Path = ASYNCAPI) -> Any:
    """What a reference leads to, in the document or in a file beside it."""
    if not ref.startswith("#/"):
        return orjson.loads((beside / ref).read_bytes())
    node = document
    for step in ref.removeprefix("#/").split("/"):
        node = node[step]
    return node


def references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [ref for one in node for ref in references(one)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"]] if "$ref" in node else []
    return own + [ref for one in node.values() for ref in references(one)]


@pytest.mark.parametrize("service", [*SERVICES, INSIGHT])
def test_a_document_is_whole(service: str) -> None:
    one = document(service)
    assert one["asyncapi"] == "3.0.0"
    assert set(one) == {
        "asyncapi", "info", "defaultContentType", "servers", "channels", "operations", "components",
    }  # fmt: skip
    assert {"title", "version", "description", "contact", "license"} <= set(one["info"])
    assert all(server["host"] and server["protocol"] == "kafka" for server in one["servers"].values())
    for ref in references(one):
        found(one, ref)
    for operation in one["operations"].values():
        channel = operation["channel"]["$ref"]
        assert operation["action"] in ("send", "receive")
        assert operation["messages"]
        assert all(message["$ref"].startswith(f"{channel}/messages/") for message in operation["messages"])
    for message in one["components"]["messages"].values():
        assert {"name", "title", "summary", "payload", "bindings"} <= set(message)


@pytest.mark.parametrize("service", SERVICES)
def test_every_topic_is_there_with_its_partitions(service: str) -> None:
    one, hears = document(service), part(service, "hearing").LISTENS_TO
    names = {f"overdracht.{name}" for name in (service, f"{service}.dead-letter", "checkpoints", *hears)}
    names |= {told.topic for told in reported_to(service)}
    topics = wanted(SERVICES)
    assert set(one["channels"]) == names
    for name, channel in one["channels"].items():
        binding = channel["bindings"]["kafka"]
        assert (channel["address"], binding["topic"]) == (name, name)
        assert binding["partitions"] == topics[name]
        term = int(kept(name)["retention.ms"])
        assert binding["topicConfiguration"] == {"cleanup.policy": ["delete"], "retention.ms": term}
        assert term == -1 or name in {told.topic for told in reported_to(service)}


@pytest.mark.parametrize("service", SERVICES)
def test_it_sends_its_own_facts_and_hears_as_the_group_of_its_name(service: str) -> None:
    one, hearing = document(service), part(service, "hearing")
    operations = one["operations"]
    heard = {*hearing.LISTENS_TO, *(told.topic.rpartition(".")[2] for told in reported_to(service))}
    assert set(operations) == {"publish", "give-up", "seal", *(f"hear-{other}" for other in heard)}
    own = {told.file for told in told_by(service).values()}
    assert {message["$ref"].rsplit("/", 1)[1] for message in operations["publish"]["messages"]} == own
    assert set(one["channels"][f"overdracht.{service}"]["messages"]) == own
    for other in hearing.LISTENS_TO:
        operation = operations[f"hear-{other}"]
        assert operation["action"] == "receive"
        assert operation["bindings"]["kafka"]["groupId"] == {"type": "string", "enum": [service]}
        learns = {message["$ref"].rsplit("/", 1)[1] for message in operation["messages"]}
        told = {fact.file: name for name, fact in told_by(other).items()}
        assert {told[file] for file in learns} == set(hearing.HEARING.learns) & set(told.values())
        assert learns | set(operation["x-passes"]) == set(told)
    assert {one["operations"][name]["action"] for name in ("publish", "give-up", "seal")} == {"send"}


def test_insight_hears_every_fact_of_every_service_in_no_group_and_sends_nothing() -> None:
    one = document(INSIGHT)
    assert {operation["action"] for operation in one["operations"].values()} == {"receive"}
    assert not any("bindings" in operation for operation in one["operations"].values())
    for service in SERVICES:
        facts = {told.file for told in told_by(service).values()}
        heard = one["operations"][f"follow-{service}"]["messages"]
        assert {message["$ref"].rsplit("/", 1)[1] for message in heard} == facts


@pytest.mark.parametrize("service", SERVICES)
def test_every_message_names_payload_headers_and_key(service: str) -> None:
    one = document(service)
    for told in told_by(service).values():
        message = one["components"]["messages"][told.file]
        assert (message["name"], message["title"]) == (told.fact.type, told.nl)
        assert found(one, message["payload"]["$ref"])["$id"] == told.uri
        assert found(one, message["x-example"])["type"] == told.fact.type
        assert message["bindings"]["kafka"]["key"]["format"] == "uuid"
        assert message["correlationId"] == {"location": "$message.header#/ce_correlationid"}
        described = found(one, message["headers"]["$ref"])
        event = from_structured(found(one, message["x-example"]))
        sent = {name: value.decode() for name, value in headers(event)}
        assert set(described["required"]) == set(described["properties"]) == set(sent)
        check = Draft202012Validator(described, format_checker=Draft202012Validator.FORMAT_CHECKER)
        check.validate(sent)
        for name in sent:
            with pytest.raises(ValidationError):
                check.validate(sent | {name: "Jan de Vries"})


def test_a_checkpoint_is_described_as_it_is_published() -> None:
    at, seed = timestamp(NOON), bytes(32)
    signature = sign(seed, statement("referral", 1, 7, 7, START.hex(), START.hex(), at))
    value = {
        "service": "referral",
        **checkpoint(1, 7, 7, START, START, NOON, key_id(public_key(seed)), signature),
    }
    check = Draft202012Validator(CHECKPOINT["payload"])
    check.validate(value)
    order = CHECKPOINT["payload"]["properties"]["signature"]["description"].rpartition(" over ")[2].rstrip(".")
    signed = "|".join(str(value[name]) for name in order.split("|")).encode()
    assert is_signed(public_key(seed), signed, signature)
    with pytest.raises(ValidationError):
        check.validate({name: one for name, one in value.items() if name != "root"})
