"""The data dictionary of the lake: every column with its Dutch name, meaning, unit, values, facts and ground."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from schemas.making import data
from schemas.making.columns import COMMON, LEFT_OUT, REST, TEXTS, Column, columns, resolved
from schemas.making.data import Json
from schemas.sources import LAKE, Told, Unexplained, everything_told
from shared.facts import Common

LABELS = LAKE / "labels.yaml"


def labels() -> Json:
    """What people wrote about the columns."""
    found: Json = yaml.safe_load(LABELS.read_text())
    return found


def document(written: Mapping[str, Any] | None = None) -> Json:
    """The whole dictionary. Raises Unexplained when a column has no words, or words have no column."""
    written = written if written is not None else labels()
    told = {one.fact.name: one for one in everything_told()}
    own, _ = columns(data.schema(one) for one in told.values())
    common = [_common(name, kind) for name, kind in (COMMON | REST).items()]
    texts = [Column(name, kind, "text") for name, kind in TEXTS.items()]
    _check({one.name for one in [*common, *own, *texts]}, written)
    return {
        "title": "Gegevenswoordenboek van het datameer",
        "description": "The columns of the lake's files, made from the event models and labels.yaml.",
        "retention": written["retention"],
        "events": [entry(one, written) for one in [*common[:-1], *own, common[-1]]],
        "texts": [entry(one, written) for one in texts],
        "left_out": LEFT_OUT,
        "facts": [_fact(one, own) for one in told.values()],
    }


def _check(names: set[str], written: Mapping[str, Any]) -> None:
    said = written["columns"]
    where = LABELS.relative_to(LABELS.parents[3])
    if missing := sorted(name for name in names if not (said.get(name, {}).get("nl") and said[name].get("en"))):
        raise Unexplained(f"{where}: say `nl` and `en` of {', '.join(missing)}")
    if idle := sorted(said.keys() - names):
        raise Unexplained(f"{where}: no column is called {', '.join(idle)}")
    if odd := sorted({one.get("ground", "case") for one in said.values()} - written["grounds"].keys()):
        raise Unexplained(f"{where}: no ground is called {', '.join(odd)}")


def _common(name: str, kind: str) -> Column:
    """A column that every event fills; its values are those of the envelope's own models."""
    schema = data.on_the_log(Common.model_json_schema())
    nodes = {"actor_role": schema["$defs"]["Actor"]["properties"]["role"], "service": {"enum": _services()}}
    return Column(name, kind, "", {"*": nodes[name]} if name in nodes else {})


def _services() -> list[str]:
    return list(dict.fromkeys(one.service for one in everything_told()))


def entry(column: Column, written: Mapping[str, Any]) -> Json:
    """What the dictionary says of a column."""
    said = written["columns"][column.name]
    ground = said.get("ground", "case")
    about = {fact: node["description"] for fact, node in column.facts.items() if "description" in node}
    return {
        "name": column.name,
        "type": column.type,
        "nl": said["nl"],
        "meaning": said["en"],
        "unit": said.get("unit", ""),
        "values": _values(column),
        "pseudonym": column.how == "id" or column.name in ("case_id", "actor_id"),
        "json": _shapes(column),
        "facts": [fact for fact in column.facts if fact != "*"] or "all",
        "in_facts": {fact: words for fact, words in about.items() if not words.startswith("Sealed")},
        "ground": written["grounds"][ground],
        "retention": "log" if ground == "log" else "case",
    }


def _values(column: Column) -> list[Any]:
    """The codes it may hold, as far as the schemas list them; a reader must bear others."""
    return list(dict.fromkeys(value for node in column.facts.values() for value in node.get("enum", ())))


def _shapes(column: Column) -> dict[str, str]:
    """Fact -> how its JSON looks, for columns that hold JSON."""
    if column.how != "json":
        return {}
    return {fact: shape(node, column.definitions) for fact, node in column.facts.items()}


def shape(node: Json, definitions: Json) -> str:
    """`[{code, factor?, primary}]`: what JSON of this schema looks like. Sealed texts are not in it."""
    node = resolved(node, definitions)
    if "items" in node:
        return f"[{shape(node['items'], definitions)}]"
    if "properties" in node:
        return "{" + ", ".join(_parts(node, definitions)) + "}"
    return "code" if node.get("type") == "string" else str(node.get("type", "value"))


def _parts(node: Json, definitions: Json) -> Iterator[str]:
    for name, part in node["properties"].items():
        part = resolved(part, definitions)
        if part.get("x-sealed"):
            continue
        inner = f": {shape(part, definitions)}" if "items" in part or "properties" in part else ""
        yield name + ("" if name in node.get("required", ()) else "?") + inner


def _fact(told: Told, own: list[Column]) -> Json:
    return {
        "fact": told.fact.name,
        "nl": told.nl,
        "service": told.service,
        "hand_off": told.fact.hand_off,
        "meaning": " ".join(str(told.fact.__doc__ or "").split()),
        "columns": [one.name for one in own if told.fact.name in one.facts],
    }
