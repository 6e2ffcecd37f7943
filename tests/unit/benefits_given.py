"""What the tests of a benefit system's file are given: the door's own contract, the example, and files to spoil."""

from functools import cache
from pathlib import Path
from typing import Any

import orjson
import yaml

from overdracht.benefits.contract import Contract, contract_of
from overdracht.benefits.mapping import Mapped, mapping
from overdracht.benefits.marked import Wrong
from tests.builders import ROOT

EXAMPLE = ROOT / "examples" / "benefits"
CSV, MAPPING = EXAMPLE / "aanvragen.csv", EXAMPLE / "mapping.yaml"
COLUMNS = ("Soort", "Nummer", "Dossier", "Datum", "Kanaal", "Waarde", "Naam", "BSN")


@cache
def contract() -> Contract:
    """What the door takes."""
    return contract_of(orjson.loads((ROOT / "schemas" / "openapi" / "intake.json").read_bytes()))


def small(**changes: Any) -> dict[str, Any]:
    """A mapping of applications and decisions in one file."""
    told: dict[str, Any] = {
        "version": "1",
        "municipality": "GM0546",
        "file": {"date": "dd-mm-yyyy"},
        "report": {"column": "Soort", "values": {"A": "application", "B": "decision", "X": "skip"}},
        "reports": {
            "application": {
                "application_number": "Nummer",
                "kind": {"constant": "new_applicant"},
                "channel": {"column": "Kanaal", "values": {"b": "walk_in", "o": "online"}, "default": "walk_in"},
                "received_on": "Datum",
                "bsn": "BSN",
                "person.family_name": "Naam",
            },
            "decision": {
                "decision_number": "Nummer",
                "dossier": "Dossier",
                "decision": {"column": "Waarde", "values": {"T": "granted", "W": "denied"}},
                "decided_on": "Datum",
            },
        },
    }
    return told | changes


def written(told: Any) -> bytes:
    """A mapping as YAML."""
    return yaml.safe_dump(told, allow_unicode=True, sort_keys=False).encode()


def mapped(told: Any = None) -> Mapped:
    """A mapping that is right."""
    found, _, wrong = mapping(written(told or small()), contract())
    assert found is not None, wrong
    return found


def wrong(told: Any) -> list[Wrong]:
    """What is wrong with a mapping."""
    return mapping(told if isinstance(told, bytes) else written(told), contract())[2]


def cells(**given: str) -> dict[str, str]:
    """A row's cells; empty where nothing is given."""
    return dict.fromkeys(COLUMNS, "") | {"Soort": "A", "Nummer": "A-1", "Datum": "01-09-2025"} | given


def a_csv(folder: Path, *rows: str, separator: str = ";", encoding: str = "utf-8", end: str = "\n") -> Path:
    """A file with a heading and these rows."""
    path = folder / "export.csv"
    heading = separator.join(COLUMNS)
    path.write_bytes((end.join([heading, *rows]) + end).encode(encoding))
    return path
