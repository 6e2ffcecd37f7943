"""Four services of one shape that know each other only through their facts; each promise has its check."""

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from shared.facts import Common
from shared.refusals import GENERAL
from tests.builders import ROOT, TRUTH

SERVICES = ("intake", "diagnosis", "referral", "outcome")
SHAPE = {
    "README.md", "__init__.py", "__main__.py", "api.py", "app.py", "codes.py", "commands.py", "domain", "events.py",
    "handling.py", "hearing.py", "metrics.py", "migrations", "refusals.py", "store.py",
}  # fmt: skip
DOMAIN = {"__init__.py", "clocks.py", "decide.py", "evolve.py", "learn.py", "state.py", "view.py"}


def part(service: str, name: str) -> Any:
    """A module of a service."""
    return importlib.import_module(f"services.{service}.{name}")


def files(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir() if one.name != "__pycache__"}


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_the_same_shape(service: str) -> None:
    assert files(ROOT / "services" / service) >= SHAPE
    assert files(ROOT / "services" / service / "domain") >= DOMAIN


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_knows_every_fact_of_the_topics_it_listens_to(service: str) -> None:
    hearing = part(service, "hearing")
    told = {fact for other in hearing.LISTENS_TO for fact in part(other, "events").FACTS}
    known = set(hearing.HEARING.learns) | hearing.HEARING.passes | hearing.HEARING.about_no_case
    assert known == told


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_service_reads_of_a_fact_its_producer_promises(service: str) -> None:
    hearing = part(service, "hearing")
    for other in hearing.LISTENS_TO:
        for name, fact in part(other, "events").FACTS.items():
            reads = hearing.HEARING.learns.get(name)
            if reads is None:
                continue
            promised = fact.model_fields | Common.model_fields
            for field, info in reads.model_fields.items():
                assert field in promised, f"{service} reads {name}.{field}"
                if info.is_required():
                    assert promised[field].is_required(), f"{service} needs {name}.{field}, which may be absent"


@pytest.mark.parametrize("service", SERVICES)
def test_decisions_rest_on_services_that_are_listened_to(service: str) -> None:
    hearing = part(service, "hearing")
    assert set(hearing.RESTS_ON) <= set(hearing.LISTENS_TO)


def test_every_fact_belongs_to_one_service_and_is_named_in_two_languages() -> None:
    seen: dict[str, str] = {}
    for service in SERVICES:
        events = part(service, "events")
        for name, fact in events.FACTS.items():
            assert name not in seen, f"{name} is published by {seen.get(name)} and {service}"
            seen[name] = service
            assert all(events.TITLES[name]), name
            assert fact.__doc__, name
            assert fact.type == f"nl.overdrachten.{name}.v1"
    assert set(TRUTH["facts"]) <= set(seen)


@pytest.mark.parametrize("service", SERVICES)
def test_every_command_states_a_fact_and_says_who_may(service: str) -> None:
    facts = part(service, "events").FACTS
    for name, command in part(service, "commands").COMMANDS.items():
        assert name in facts
        assert command.by, name
        assert all(command.titles), name
        assert command.__doc__, name


@pytest.mark.parametrize("service", SERVICES)
def test_every_refusal_has_a_dutch_and_an_english_sentence(service: str) -> None:
    sentences = {**GENERAL, **part(service, "refusals").SENTENCES}
    for source in (ROOT / "services" / service).rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused" and node.args:
                code = node.args[0]
                assert isinstance(code, ast.Constant), f"{source.name}:{node.lineno}"
                dutch, english = sentences[str(code.value)]
                assert dutch != english


def test_every_sentence_of_refusal_can_be_given() -> None:
    for service in SERVICES:
        text = "".join(source.read_text() for source in (ROOT / "services" / service).rglob("*.py"))
        for code in part(service, "refusals").SENTENCES:
            assert text.count(f'"{code}"') >= 2, f"{service}: nothing refuses with {code}"


def test_plumbing_speaks_no_word_of_the_domain() -> None:
    words = r"referral|diagnos|welfare|trajector|municipalit(?!y)|re-?integration|bijstand|coach(?!\")|caseworker"
    # the roles of the envelope's actor and the codes that every fact carries are named in these
    allowed = {"facts.py", "rights.py", "store.py", "schema.py", "tables.py", "row.py", "cases.py", "refusals.py"}
    for source in (ROOT / "shared").rglob("*.py"):
        if source.name in allowed:
            continue
        assert not re.findall(words, source.read_text()), source


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_stands_alone(service: str, tmp_path: Path) -> None:
    copytree(ROOT / "shared", tmp_path / "shared")
    (tmp_path / "services").mkdir()
    (tmp_path / "services" / "__init__.py").write_text("")
    copytree(ROOT / "services" / service, tmp_path / "services" / service)
    subprocess.run(
        [
            sys.executable,
            "-P",
            "-c",
            f"import sys; sys.path.insert(0, '.'); import services.{service}.app as a; print(a.__file__)",
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
