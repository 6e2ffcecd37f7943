"""What is set by files: the table of retention and the processing register, each checked against its schema."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import yaml
from jsonschema import Draft202012Validator

from services.intake.codes import Activity, Recipient
from services.intake.domain.retention import Rule, Table

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Processing:
    """A way of processing personal data as the register has it (AVG 30)."""

    nl: str
    en: str
    purpose_nl: str
    purpose_en: str
    legal_ground: Sequence[str]
    data: Sequence[str]
    recipients: Sequence[Recipient]


def retention(file: str = "") -> Table:
    """How long things are kept, by this file or the one beside this module. Raises ValueError that names the file."""
    body = _checked(Path(file) if file else _HERE / "retention.yaml", "retention.schema.json")
    cases = {result: Rule(**rule) for result, rule in body["cases"].items()}
    return Table(body["approval_days"], cases, Rule(**body["readings"]), body["municipalities"])


def register() -> Mapping[str, Processing]:
    """The processing register. Raises ValueError when an activity that leaves lines is not in it, or another is."""
    path = _HERE / "register.yaml"
    found = _checked(path, "register.schema.json")["activities"]
    used = set(get_args(Activity))
    if set(found) != used:
        raise ValueError(f"{path.name} and the code do not name the same activities: {sorted(set(found) ^ used)}")
    return {name: Processing(**one) for name, one in found.items()}


def _checked(path: Path, schema: str) -> dict[str, Any]:
    """The file as its schema wants it."""
    check = Draft202012Validator(json.loads((_HERE / schema).read_text()))
    try:
        body: dict[str, Any] = yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
    except (OSError, yaml.YAMLError) as trouble:
        raise ValueError(f"{path.name} cannot be read: {type(trouble).__name__}") from trouble
    wrong = next(iter(check.iter_errors(body)), None)
    if wrong is not None:
        raise ValueError(f"{path.name} {wrong.json_path}: {wrong.message}")
    return body
