"""The gate between releases, tried with breaks that are known, so that it cannot pass what it should stop."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from schemas import __main__ as command
from schemas import files, released
from schemas.compatible import changes

OLD: dict[str, Any] = {
    "$id": "urn:x:bread_sold.v1",
    "title": "Brood verkocht",
    "type": "object",
    "additionalProperties": False,
    "required": ["kind", "count", "baker"],
    "properties": {
        "kind": {"type": "string", "enum": ["white", "brown"]},
        "count": {"type": "integer", "minimum": 1},
        "baker": {"$ref": "#/$defs/Baker"},
        "tags": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]+$"}},
        "note": {"type": "string", "pattern": "^hpke1", "x-sealed": True},
        "warm": {"type": "boolean", "default": False},
    },
    "$defs": {"Baker": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}},
    "x-hand-off": False,
}


def changed(*path: str, **words: Any) -> dict[str, Any]:
    """The schema with these words at this place; a word that is None goes."""
    found = deepcopy(OLD)
    node = found
    for step in path:
        node = node[step]
    for name, value in words.items():
        node.pop(name, None)
        if value is not None:
            node[name] = value
    return found


def properties(**more: Any) -> dict[str, Any]:
    return changed("properties", **more)


BREAKS: dict[str, tuple[dict[str, Any], str]] = {
    "a required field comes": (
        changed(required=["kind", "count", "baker", "price"], properties=OLD["properties"] | {"price": {}}),
        "price: is new and required",
    ),
    "a field goes": (properties(warm=None), "warm: the field is gone"),
    "a field becomes required": (changed(required=["kind", "count", "baker", "warm"]), "warm: is required now"),
    "a field becomes optional": (changed(required=["kind", "baker"]), "count: was required and is optional"),
    "a value goes": (changed("properties", "kind", enum=["white"]), "kind: the value 'brown' is gone"),
    "a list of values goes": (changed("properties", "kind", enum=None), "kind: enum was ['white', 'brown']"),
    "a type changes": (changed("properties", "count", type="string"), "count: type was 'integer' and is 'string'"),
    "a limit changes": (changed("properties", "count", minimum=0), "count: minimum was 1 and is 0"),
    "a limit comes": (changed("properties", "count", maximum=9), "count: maximum was absent and is 9"),
    "a pattern changes": (changed("properties", "tags", "items", pattern="^[a-z0-9]+$"), "tags[]: pattern was"),
    "items are no longer described": (changed("properties", "tags", items=None), "tags: items were not described"),
    "a default changes": (changed("properties", "warm", default=True), "warm: default was False and is True"),
    "a seal goes": (properties(note={"type": "string", "pattern": "^hpke1"}), "note: x-sealed was True and is absent"),
    "a part changes, wherever it is defined": (
        changed("$defs", "Baker", properties={"id": {"type": "integer"}}),
        "baker.id: type was 'string' and is 'integer'",
    ),
    "it opens": (changed(additionalProperties=None), "the whole: additionalProperties was False and is absent"),
    "it gets another identity": (changed(**{"$id": "urn:x:other.v1"}), "the whole: $id was"),
    "it becomes a hand-off": (OLD | {"x-hand-off": True}, "the whole: x-hand-off was False and is True"),
    "a choice comes": (changed("properties", "warm", anyOf=[{"type": "boolean"}]), "warm: anyOf has another number"),
    "a word that nobody here knows": (changed("properties", "count", multipleOf=2), "count: multipleOf was absent"),
}
FINE: dict[str, dict[str, Any]] = {
    "nothing changes": OLD,
    "an optional field comes": properties(price={"type": "integer"}),
    "words for people change": changed(title="Brood", description="Sold.", examples=[1]),
    "a part moves": changed("properties", baker=OLD["$defs"]["Baker"]),
    "a list has another order": changed(required=["baker", "count", "kind"]),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_break_is_seen_and_named(name: str) -> None:
    new, said = BREAKS[name]
    found = changes(OLD, new)
    assert [one for one in found if one.breaks and str(one).startswith(said)], [str(one) for one in found]


@pytest.mark.parametrize("name", FINE)
def test_what_breaks_nobody_passes(name: str) -> None:
    assert changes(OLD, FINE[name]) == []


def test_a_value_that_comes_is_allowed_and_said() -> None:
    [found] = changes(OLD, changed("properties", "kind", enum=["white", "brown", "rye"]))
    assert not found.breaks
    assert str(found) == "kind: the value 'rye' is new: readers must bear what they do not know"


def contract(**schemas: dict[str, Any]) -> dict[str, str]:
    """Generated files with these event schemas."""
    found = {f"events/{name}.v1.json": files.text(schema) for name, schema in schemas.items()}
    return found | {"events/bread_sold.v1.example.json": "{}", "envelope.v1.json": "{}", "catalogue.json": "{}"}


def test_without_a_release_there_is_nothing_to_break(tmp_path: Path) -> None:
    assert released.touched(tmp_path / "none") == []
    assert released.broken(contract(bread_sold=OLD), tmp_path / "none") == ([], [])


def test_a_release_keeps_the_contracts_and_nothing_else(tmp_path: Path) -> None:
    assert released.release("1.2.0", contract(bread_sold=OLD), tmp_path) == []
    assert {one.name for one in (tmp_path / "1.2.0").iterdir()} == {"bread_sold.v1.json", "envelope.v1.json"}
    assert (tmp_path / "SHA256SUMS").read_text().splitlines()[0].endswith("  1.2.0/bread_sold.v1.json")
    assert released.touched(tmp_path) == []


def test_a_released_file_that_changes_goes_or_comes_is_named(tmp_path: Path) -> None:
    released.release("1.2.0", contract(bread_sold=OLD, bread_baked=OLD), tmp_path)
    (tmp_path / "1.2.0" / "bread_sold.v1.json").write_text("{}")
    (tmp_path / "1.2.0" / "bread_baked.v1.json").unlink()
    (tmp_path / "1.2.0" / "bread_eaten.v1.json").write_text("{}")
    baked, eaten, sold = released.touched(tmp_path)
    assert baked == "1.2.0/bread_baked.v1.json: it was released and is gone"
    assert eaten.startswith("1.2.0/bread_eaten.v1.json: it is not in SHA256SUMS")
    assert sold.startswith("1.2.0/bread_sold.v1.json: it was released and has changed")


def test_every_release_counts_not_only_the_last(tmp_path: Path) -> None:
    more = properties(price={"type": "integer"})
    assert released.release("1.0.0", contract(bread_sold=OLD), tmp_path) == []
    assert released.release("1.1.0", contract(bread_sold=more), tmp_path) == []
    breaks, notices = released.broken(contract(bread_sold=OLD), tmp_path)
    assert breaks == ["bread_sold.v1.json (1.1.0): price: the field is gone"]
    assert notices == []
    assert released.broken(contract(), tmp_path)[0][0].startswith("bread_sold.v1.json: 1.0.0 has it and it is gone")


@pytest.mark.parametrize(
    ("version", "now", "said"),
    [
        ("1.1", OLD, "1.1: a release is named like 1.2.0"),
        ("1.0.0", OLD, "1.0.0: it was released already"),
        ("1.1.0", properties(warm=None), "bread_sold.v1.json (1.0.0): warm: the field is gone"),
    ],
)
def test_a_release_that_may_not_be_says_why_and_does_nothing(
    tmp_path: Path, version: str, now: dict[str, Any], said: str
) -> None:
    released.release("1.0.0", contract(bread_sold=OLD), tmp_path)
    before = sorted(tmp_path.rglob("*"))
    [why] = released.release(version, contract(bread_sold=now), tmp_path)
    assert why.startswith(said)
    assert sorted(tmp_path.rglob("*")) == before


def test_the_command_names_what_differs_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["schemas", "--check"])
    monkeypatch.setattr(command, "made", lambda: files.made() | {"catalogue.json": "{}"})
    assert command.main() == 1
    assert capsys.readouterr().err == "schemas/catalogue.json: not what the code says; run make schemas\n"


def test_nothing_is_released_that_is_not_what_the_code_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["schemas", "release", "999.0.0"])
    monkeypatch.setattr(command, "made", lambda: files.made() | {"catalogue.json": "{}"})
    assert command.main() == 1
    assert not (released.RELEASED / "999.0.0").exists()


def test_files_are_written_removed_and_told(tmp_path: Path) -> None:
    assert files.write(contract(bread_sold=OLD), tmp_path)
    assert files.compare(contract(bread_sold=OLD), tmp_path) == []
    assert files.compare(contract(), tmp_path) == ["events/bread_sold.v1.json"]
    (tmp_path / "catalogue.json").write_text("{ }")
    assert files.write(contract(), tmp_path) == ["catalogue.json", "events/bread_sold.v1.json"]
    assert not (tmp_path / "events" / "bread_sold.v1.json").exists()
