"""The OpenAPI documents: every command with its body, described as strictly as the doors read it, no more, no less."""

from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from schemas.sources import FOLDER, INSIGHT, SERVICES, part, told_by
from shared.facts import Command
from shared.http.asking import body_of
from shared.ledger.lines import Language, LineRefused, check_fields, read_command, read_line, speaker_of
from tests.builders import ID_KEY, NOON
from tests.contract.design_rules import parameters
from tests.contract.test_channels import references

CASE = "00000000-0000-8000-8000-000000000001"
KEY = "00000000-0000-8000-8000-000000000002"
COMMANDS = [(service, one) for service in SERVICES for one in part(service, "commands").COMMANDS.values()]


def document(service: str) -> Any:
    return orjson.loads((FOLDER / "openapi" / f"{service}.json").read_bytes())


def named(value: Any) -> str | None:
    return value.name if isinstance(value, type) and issubclass(value, Command) else None


def validator(service: str, schema: str) -> Draft202012Validator:
    """A check of one schema of the document."""
    whole = {"$ref": f"#/components/schemas/{schema}", "components": document(service)["components"]}
    return Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)


def spoken(service: str, command: type[Command]) -> dict[str, Any]:
    """The command's own fields, as the example of its fact has them; texts are still plain."""
    told = told_by(service)[command.fact]
    data = orjson.loads((FOLDER / "events" / f"{told.file}.example.json").read_bytes())["data"]
    fields = {info.alias or name for name, info in command.model_fields.items()} - {"answers"}
    return {name: value for name, value in plain(data).items() if name in fields}


def plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: plain(value) for name, value in node.items()}
    if isinstance(node, list):
        return [plain(one) for one in node]
    return "Een tekst" if isinstance(node, str) and node.startswith("hpke1.") else node


def reads(service: str, command: type[Command], body: Any) -> bool:
    """Whether the door takes this for a command."""
    words = part(service, "commands")
    try:
        check_fields(body)
        speaker = speaker_of(body.get("actor") or {"role": sorted(command.by)[0], "id": "x-1"})
        item = read_command(
            Language(words.COMMANDS, words.NUMBERS, ID_KEY), command, CASE, body, speaker, NOON, "", KEY
        )
    except LineRefused:
        return False
    return all(getattr(item.body, name) is not None for name in command.asked)


@pytest.mark.parametrize("service", SERVICES)
def test_a_document_names_every_command_and_every_reference_leads_somewhere(service: str) -> None:
    one = document(service)
    for command in part(service, "commands").COMMANDS.values():
        operation = one["paths"][f"/cases/{{case_id}}/{command.name}"]["post"]
        [(kind, body)] = operation["requestBody"]["content"].items()
        assert (kind, body["schema"]["$ref"].rsplit("/", 1)[1]) == ("application/json", body_of(command))
        assert operation["summary"] == command.titles[0]
        assert (operation["x-fact"], operation["x-stated-by"]) == (command.fact, sorted(command.by))
        assert {"200", "201", "400", "401", "403", "404", "409", "412", "413", "415", "500", "503"} == set(
            operation["responses"]
        )
        assert operation["x-roles"] == sorted(command.by - {"system"})
        said = {parameter.get("$ref", "").rsplit("/", 1)[-1] for parameter in operation["parameters"]}
        assert {"Idempotency-Key", "If-Match", "traceparent", "Accept-Language"} <= said
    for ref in references(one):
        node = one
        for step in ref.removeprefix("#/").split("/"):
            node = node[step]


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_no_command_is_described_too(service: str) -> None:
    paths = document(service)["paths"]
    assert set(paths["/facts"]["post"]["requestBody"]["content"]) == {"application/x-ndjson"}
    assert set(paths["/facts"]["post"]["responses"]["200"]["content"]) == {"application/x-ndjson"}
    assert set(paths["/events"]["get"]["responses"]["200"]["content"]) == {"application/cloudevents-batch+json"}
    for path in ("/status", "/catalogue", "/checkpoints", "/dead-letters", "/cases", "/cases/{case_id}"):
        assert "$ref" in paths[path]["get"]["responses"]["200"]["content"]["application/json"]["schema"], path


@pytest.mark.parametrize("service", [*SERVICES, INSIGHT])
def test_in_a_path_ids_are_described_as_ids_and_names_are_not(service: str) -> None:
    found = [one for _, one in parameters(document(service)) if one["in"] == "path"]
    assert found
    for one in found:
        assert (one["schema"].get("format") == "uuid") == one["name"].endswith("_id"), one["name"]


@pytest.mark.parametrize(("service", "command"), COMMANDS, ids=named)
def test_a_body_is_described_as_the_door_reads_it(service: str, command: type[Command]) -> None:
    check = validator(service, body_of(command))
    actor = {"role": sorted(command.by)[0], "id": "x-1"}
    whole: dict[str, Any] = {
        "actor": actor,
        "municipality": "GM0546",
        "occurred_at": NOON.isoformat(),
        "data": spoken(service, command),
    }
    assert reads(service, command, whole)
    check.validate(whole)
    bodies: list[Any] = [[], {}, whole | {"more": 1}, whole | {"data": []}, whole | {"municipality": "Leiden"}]
    bodies += [whole | {"data": whole["data"] | {"more": 1}}, whole | {"actor": actor | {"role": "king"}}]
    bodies += [{name: value for name, value in whole.items() if name != gone} for gone in whole]
    for name in whole["data"]:
        rest = {field: value for field, value in whole["data"].items() if field != name}
        bodies += [whole | {"data": rest}, whole | {"data": rest | {name: {"no": "such"}}}]
        bodies += [whole | {"data": rest | {name: None}}]
    for body in bodies:
        assert check.is_valid(body) == reads(service, command, body), body


@pytest.mark.parametrize(("service", "command"), COMMANDS, ids=named)
def test_the_sources_own_number_may_be_given_instead_of_an_id(service: str, command: type[Command]) -> None:
    check, data = validator(service, body_of(command)), spoken(service, command)
    for number in sorted(part(service, "commands").NUMBERS):
        if f"{number}_id" not in data:
            continue
        rest = {name: value for name, value in data.items() if name != f"{number}_id"}
        for instead, sound in ({number: "R-1"}, True), ({number: ""}, False), ({number: 1}, False):
            body = {"actor": {"role": "caseworker", "id": "km-1"}, "municipality": "GM0546", "data": rest | instead}
            assert (check.is_valid(body), reads(service, command, body)) == (sound, sound)


@pytest.mark.parametrize(("service", "command"), COMMANDS, ids=named)
def test_a_line_is_described_as_it_is_read(service: str, command: type[Command]) -> None:
    check, words = validator(service, "Line"), part(service, "commands")
    language = Language(words.COMMANDS, words.NUMBERS, ID_KEY)
    line: dict[str, Any] = {
        "at": NOON.isoformat(),
        "municipality": "GM0546",
        "dossier": "L-1",
        "actor": {"role": sorted(command.by)[0], "id": "x-1"},
        "fact": command.fact,
        "data": spoken(service, command),
    }
    lines: list[dict[str, Any]] = [line, line | {"fact": "other"}, line | {"dossier": ""}, line | {"data": {"no": 1}}]
    lines += [{name: value for name, value in line.items() if name != gone} for gone in line]
    for one in lines:
        assert check.is_valid(one) == read(language, one), one


def read(language: Language, line: dict[str, Any]) -> bool:
    try:
        read_line(language, orjson.dumps(line), NOON, True, "", None)
    except LineRefused:
        return False
    return True
