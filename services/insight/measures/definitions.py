"""What is measured: measures.yaml, read once and checked; each measure is defined there and nowhere else."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

HEADLINE = "returned_within_90_days"
"""What the rest is seen beside: where this figure of a provider may not be shown, nothing of it is."""
FILE = Path(__file__).parent / "measures.yaml"
Unit = Literal["share", "referrals", "cases", "returns", "days", "returns per person", "per referral", "difference"]
_CLOSED = ConfigDict(extra="forbid", frozen=True)


class Definition(BaseModel):
    """A measure: its names, what is counted among what, how, and which requirement asks for it."""

    model_config = _CLOSED

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{2,60}$")
    nl: str = Field(min_length=3)
    en: str = Field(min_length=3)
    unit: Unit
    numerator: str = Field(min_length=3)
    denominator: str = Field(min_length=3)
    formula: str = Field(min_length=3)
    version: int = Field(ge=1)
    sources: tuple[str, ...] = Field(min_length=1)
    rows: str = Field(description="The kind of row it is cut by.")
    personal: bool = Field(False, description="0 % or 100 % of it would tell something of each person.")
    owner: str = ""


class _File(BaseModel):
    model_config = _CLOSED

    owner: str
    measures: tuple[Definition, ...]


def read(text: str) -> Mapping[str, Definition]:
    """The measures of a file, by id. Raises ValueError when it is not right, or names one twice."""
    file = _File.model_validate(yaml.safe_load(text))
    found = {one.id: one.model_copy(update={"owner": file.owner}) for one in file.measures}
    if len(found) != len(file.measures):
        raise ValueError("a measure is defined twice")
    return found


DEFINITIONS = read(FILE.read_text())
"""By id, in the order of the file."""
