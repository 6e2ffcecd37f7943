"""The data dictionary is the columns of the lake, those are the fields of the events, and each has Dutch words."""

import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from shutil import copytree
from typing import Any

import orjson
import pytest

from schemas import files, lake
from schemas.making import columns, data, dictionary
from schemas.sources import LAKE, ROOT, Told, Unexplained, everything_told
from services.insight.lake.columns import columns as columns_read
from shared.facts import Common

TOLD = list(everything_told())


def schema(fact: str, service: str = "bakery", **fields: Any) -> dict[str, Any]:
    """A fact's schema with these fields."""
    return {
        "x-type": f"nl.overdrachten.{fact}.v1",
        "x-service": service,
        "x-hand-off": False,
        "properties": {name: {} for name in Common.model_fields} | fields,
    }


def test_the_committed_files_are_what_the_models_say() -> None:
    assert files.compare(lake.made(), LAKE) == [], "run `make schemas`"


def test_the_check_says_which_file_differs(tmp_path: Path) -> None:
    made = lake.made()
    assert files.write(made, tmp_path) == sorted(lake.NAMES)
    (tmp_path / "columns.json").write_text("{}")
    assert files.compare(made, tmp_path) == ["columns.json"]


@pytest.mark.parametrize("told", TOLD, ids=lambda told: told.file)
def test_every_field_of_every_fact_has_a_place(told: Told) -> None:
    read = columns_read().facts[told.service, told.file]
    properties = data.schema(told)["properties"]
    assert set(read.fields or {}) == set(properties) - set(Common.model_fields)
    assert (read.fact, read.version, read.hand_off) == (told.fact.name, told.fact.version, told.fact.hand_off)
    for field, (how, column) in (read.fields or {}).items():
        assert (column in columns_read().events.names) is (how in columns.TYPES), field
        assert (how == "sealed") is bool(properties[field].get("x-sealed")), field


def test_every_column_is_named_explained_and_grounded() -> None:
    said = orjson.loads((LAKE / "dictionary.json").read_bytes())
    assert [one["name"] for one in said["events"]] == columns_read().events.names
    assert [one["name"] for one in said["texts"]] == columns_read().texts.names
    for one in said["events"] + said["texts"]:
        assert all((one["nl"], one["meaning"], one["ground"]["nl"], one["ground"]["en"])), one["name"]
        assert one["retention"] in said["retention"]
    page = (LAKE / "dictionary.md").read_text()
    assert all(f"`{one['name']}`" in page for one in said["events"])
    assert all(f"`{told.fact.name}`" in page and told.nl in page for told in TOLD)


def test_ids_and_people_are_pseudonyms_and_organisations_are_not() -> None:
    said = {one["name"]: one for one in orjson.loads((LAKE / "dictionary.json").read_bytes())["events"]}
    assert all(one["pseudonym"] for name, one in said.items() if name.endswith("_id") or name == "coach")
    assert not any(said[name]["pseudonym"] for name in ("municipality", "from_organisation", "to_organisation"))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_column_without_words_is_asked_for(language: str) -> None:
    written = deepcopy(dictionary.labels())
    del written["columns"]["coach"][language]
    with pytest.raises(Unexplained, match=r"labels\.yaml: say `nl` and `en` of coach"):
        dictionary.document(written)


def test_words_without_a_column_and_grounds_nobody_wrote_are_told() -> None:
    written = deepcopy(dictionary.labels())
    written["columns"]["colour"] = {"nl": "Kleur", "en": "Colour."}
    with pytest.raises(Unexplained, match="no column is called colour"):
        dictionary.document(written)
    written = deepcopy(dictionary.labels())
    written["columns"]["coach"]["ground"] = "because"
    with pytest.raises(Unexplained, match="no ground is called because"):
        dictionary.document(written)


def test_one_name_has_one_type_the_fact_that_is_published_first_keeps_it() -> None:
    text, whole, many = {"type": "string"}, {"type": "integer"}, {"type": "array", "items": {"type": "string"}}
    found, facts = columns.columns(
        [
            schema("bread_sold", size=text),
            schema("bread_baked", size=whole),
            schema("bread_cut", size=many),
            schema("bread_eaten", size=text),
        ]
    )
    assert {one.name: one.type for one in found} == {
        "size": "string", "bread_baked_size": "int32", "bread_cut_size": "string",
    }  # fmt: skip
    assert facts["bread_eaten.v1"]["fields"] == {"size": ["text", "size"]}
    assert facts["bread_cut.v1"]["fields"] == {"size": ["json", "bread_cut_size"]}


def test_a_field_that_is_called_like_something_every_event_has_gets_its_facts_name() -> None:
    found, _ = columns.columns([schema("bread_sold", sequence={"type": "integer"}, more={"type": "string"})])
    assert [one.name for one in found] == ["bread_sold_more", "bread_sold_sequence"]


def test_the_shape_of_json_is_told_without_its_texts() -> None:
    node = {
        "type": "array",
        "items": {
            "properties": {
                "code": {"type": "string"},
                "words": {"type": "string", "x-sealed": True},
                "parts": {"type": "array", "items": {"type": "string"}},
            },
            "required": ["code"],
        },
    }
    assert dictionary.shape(node, {}) == "[{code, parts?: [code]}]"


def test_the_lake_needs_no_other_service_and_no_schemas(tmp_path: Path) -> None:
    copytree(ROOT / "shared", tmp_path / "shared")
    (tmp_path / "services").mkdir()
    (tmp_path / "services" / "__init__.py").write_text("")
    copytree(ROOT / "services" / "insight", tmp_path / "services" / "insight")
    code = "import sys; sys.path.insert(0, '.'); import services.insight.lake.following, services.insight.lake.opening"
    subprocess.run([sys.executable, "-P", "-c", code], cwd=tmp_path, check=True, capture_output=True)
