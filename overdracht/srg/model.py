"""A delivery of the statistics: the fields as the law has them, the records of a month, and who they are about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from overdracht.doors import Json

SEXES = {"male": "1", "female": "2"}
"""Field 10; whatever else is said, or nothing, is `anders/onbekend`."""
SEX_UNKNOWN = "3"
OF_IDENTITY = ("bsn", "birth_date", "sex")
"""What the vault alone knows."""


@dataclass(frozen=True, slots=True)
class SrgField:
    """A field as insight tells it."""

    number: int
    key: str
    nl: str
    group: str
    form: str
    pattern: str | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    date: bool = False
    asked: bool = False
    one_of_person: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, as intake's vault tells it. `mark` changes when any of it does, and tells nothing else."""

    mark: str
    bsn: str | None = field(default=None, repr=False)
    birth_date: str | None = field(default=None, repr=False)
    sex: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Record:
    """One facility of one person: the values by key, as they are written."""

    values: Mapping[str, str] = field(repr=False)
    mark: str = ""
    known: bool = True
    """Whether the vault knows whom it is about."""

    @property
    def registration(self) -> str:
        """The number of the facility."""
        return self.values.get("registration", "")


@dataclass(frozen=True)
class Delivery:
    """A month of a municipality."""

    municipality: str
    month: str
    fields: tuple[SrgField, ...]
    elements: Json
    header: Mapping[str, str]
    records: tuple[Record, ...]
    wage_value_for: frozenset[str]
    end_reason_for: frozenset[str]


def fields_of(told: list[Json]) -> tuple[SrgField, ...]:
    """The fields of insight's answer; what this version does not know of them is left out."""
    known = set(SrgField.__slots__)
    return tuple(SrgField(**{name: _fixed(value) for name, value in one.items() if name in known}) for one in told)


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
