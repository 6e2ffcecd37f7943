"""The fields of a delivery: fields.yaml, read once and checked; the law stands there and nowhere else."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

FILE = Path(__file__).parent / "fields.yaml"
Group = Literal["delivery", "person", "facility", "subsidy"]
_CLOSED = ConfigDict(extra="forbid", frozen=True)


class SrgField(BaseModel):
    """A field: its number and name in the law, how it is written, and what it may hold."""

    model_config = _CLOSED

    number: int = Field(ge=1)
    key: str = Field(pattern=r"^[a-z][a-z_]{1,20}$")
    nl: str = Field(min_length=3)
    en: str = Field(min_length=3)
    group: Group
    form: str = Field(min_length=1)
    pattern: str | None = None
    codes: Mapping[str, str] | None = None
    date: bool = False
    asked: bool = False
    one_of_person: tuple[str, ...] | None = None


class _File(BaseModel):
    model_config = _CLOSED

    source: str
    groups: Mapping[Group, str]
    fields: tuple[SrgField, ...]


def read(text: str) -> _File:
    """The fields of a file. Raises ValueError when it is not right."""
    file = _File.model_validate(yaml.safe_load(text))
    if [one.number for one in file.fields] != list(range(1, len(file.fields) + 1)):
        raise ValueError("the fields are not numbered from 1 on")
    if len({one.key for one in file.fields}) != len(file.fields):
        raise ValueError("two fields have one key")
    if any((one.pattern is None) == (one.codes is None) for one in file.fields):
        raise ValueError("a field has a pattern or codes, one of the two")
    return file


_READ = read(FILE.read_text())
FIELDS: Mapping[str, SrgField] = {one.key: one for one in _READ.fields}
"""By key, in the order of the law."""
SOURCE = _READ.source
STATISTIC = "10"
"""Field 3: of all statistics this one (bijlage 2, kenmerk 3)."""
UNKNOWN = "60"
"""Field 14: handed to another, and what that other does is not known."""
UNCLASSIFIED = "98"
"""Field 14: known, and of no type that the law has."""
ABILITY_UNKNOWN = "40"
ADMINISTRATIVE, REAL = "1", "2"
"""Field 19: on paper alone while the facility goes on, and truly."""


def codes_of(key: str) -> Mapping[str, str]:
    """The codes that a field may hold."""
    return FIELDS[key].codes or {}


def fields_told() -> list[dict[str, Any]]:
    """The fields, plain, for who makes a delivery."""
    return [one.model_dump(exclude_none=True) for one in FIELDS.values()]
