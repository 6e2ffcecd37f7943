"""Insight's OpenAPI document: wherever it points there is something, and every form that can be had is promised."""

from typing import Any

import orjson

from schemas.sources import FOLDER, INSIGHT
from tests.contract.test_channels import references


def document() -> Any:
    return orjson.loads((FOLDER / "openapi" / f"{INSIGHT}.json").read_bytes())


def test_every_reference_leads_somewhere() -> None:
    one = document()
    for ref in references(one):
        node = one
        for step in ref.removeprefix("#/").split("/"):
            node = node[step]


def test_a_table_can_be_had_as_csv_where_a_form_can_be_asked_for() -> None:
    for path, methods in document()["paths"].items():
        for said in methods.values():
            forms = [one for one in said["parameters"] if one.get("name") == "form"]
            kinds = set(said["responses"].get("200", {}).get("content", ()))
            assert ("text/csv" in kinds) == bool(forms), path
