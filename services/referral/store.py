"""What is kept: a case's state, and the file with what contracts say about terms."""

import json
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from services.referral.codes import Terms
from services.referral.domain.contracts import Contracts
from services.referral.domain.state import State
from shared.states import codec

_HERE = Path(__file__).parent

dump, load = codec(State)


def contracts(file: str = "") -> Contracts:
    """What contracts say, of this file or of the one beside this module. Raises ValueError that names the file."""
    path = Path(file) if file else _HERE / "contracts.yaml"
    found: dict[tuple[str, str], Terms] = {}
    for one in _checked(path)["contracts"]:
        key = (one["organisation"], one.get("trajectory", ""))
        if key in found:
            raise ValueError(f"{path.name} names {' '.join(key).strip()} twice")
        found[key] = Terms(**one["terms"])
    return found


def _checked(path: Path) -> dict[str, Any]:
    """The file as its schema wants it."""
    schema = Draft202012Validator(json.loads((_HERE / "contracts.schema.json").read_text()))
    try:
        body: dict[str, Any] = yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
    except (OSError, yaml.YAMLError) as trouble:
        raise ValueError(f"{path.name} cannot be read: {type(trouble).__name__}") from trouble
    wrong = next(iter(schema.iter_errors(body)), None)
    if wrong is not None:
        raise ValueError(f"{path.name} {wrong.json_path}: {wrong.message}")
    return body
