"""The lake's generated files: the columns its writer reads, and the data dictionary for machines and for people."""

from typing import Any

from schemas.files import text
from schemas.making import data, dictionary
from schemas.making.columns import COMMON, LEFT_OUT, PEOPLE, REST, TEXTS, columns
from schemas.making.data import Json
from schemas.readmes import table
from schemas.sources import everything_told

NAMES = {"columns.json", "dictionary.json", "dictionary.md"}


def made() -> dict[str, str]:
    """Name within the lake's folder -> text. Raises Unexplained."""
    said = dictionary.document()
    return {"columns.json": text(_columns()), "dictionary.json": text(said), "dictionary.md": page(said)}


def _columns() -> Json:
    own, facts = columns(data.schema(one) for one in everything_told())
    return {
        "events": COMMON | {one.name: one.type for one in own} | REST,
        "texts": TEXTS,
        "left_out": sorted(LEFT_OUT),
        "people": sorted(PEOPLE),
        "facts": facts,
    }


def page(said: Json) -> str:
    """The dictionary to read."""
    heads = ("kolom", "type", "Nederlands", "betekenis · meaning", "waarden · values", "feiten")
    parts = [
        f"# {said['title']}",
        "Gemaakt door `python -m schemas`; verander `labels.yaml` of de modellen. · Made by `python -m schemas`.",
        "## events",
        table(heads, _rows(said["events"])),
        "## texts",
        table(heads, _rows(said["texts"])),
        "## Niet in het datameer",
        table(("veld", "waarom · why"), ((f"`{name}`", why) for name, why in said["left_out"].items())),
        "## Grondslag en bewaartermijn",
        table(("kolommen", "grondslag · ground", "bewaren · retention"), _grounds(said)),
        "## Feiten",
        table(("feit", "Nederlands", "dienst", "", "kolommen · columns"), _facts(said["facts"])),
    ]
    return "\n\n".join(parts) + "\n"


def _rows(entries: list[Json]) -> list[list[str]]:
    return [
        [
            f"`{one['name']}`",
            one["type"] + (" (pseudoniem)" if one["pseudonym"] else ""),
            one["nl"],
            " ".join([one["meaning"], *([f"Unit: {one['unit']}."] if one["unit"] else []), *_inner(one)]),
            ", ".join(f"`{value}`" for value in one["values"]),
            "alle" if one["facts"] == "all" else ", ".join(one["facts"]),
        ]
        for one in entries
    ]


def _inner(one: Json) -> list[str]:
    said = [f"In {fact}: {words}" for fact, words in one["in_facts"].items()]
    shapes: dict[str, list[str]] = {}
    for fact, shape in one["json"].items():
        shapes.setdefault(shape, []).append(fact)
    return [*said, *(f"JSON in {', '.join(facts)}: `{shape}`." for shape, facts in shapes.items())]


def _grounds(said: Json) -> list[list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for one in [*said["events"], *said["texts"]]:
        keep: Any = said["retention"][one["retention"]]
        key = (f"{one['ground']['nl']} · {one['ground']['en']}", f"{keep['nl']} · {keep['en']}")
        found.setdefault(key, []).append(f"`{one['name']}`")
    return [[", ".join(dict.fromkeys(names)), *key] for key, names in found.items()]


def _facts(facts: list[Json]) -> list[list[str]]:
    return [
        [
            f"`{one['fact']}`",
            one["nl"],
            one["service"],
            "overdracht" if one["hand_off"] else "",
            ", ".join(f"`{name}`" for name in one["columns"]),
        ]
        for one in facts
    ]
