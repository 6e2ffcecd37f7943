"""What the doors answer, for who reads the OpenAPI document; the doors write these themselves, for speed."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Body(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(extra="forbid")


class FieldError(Body):
    """One wrong field and the rule it breaks; never its value."""

    field: str
    code: str
    rule: str
    nl: str
    en: str
    expected: str = Field("", description="What the rule allows, when that can be said.")


class ProblemBody(Body):
    """A refusal or failure (RFC 9457): a stable code, the sentence in both languages, all wrong fields at once."""

    type: str = Field(description="urn:nld:overdrachten:probleem:<code>")
    status: int
    title: str
    detail: str
    code: str
    nl: str
    en: str
    field: str = Field("", description="The place in the input.")
    possible: Any = Field(None, description="What is possible there.")
    errors: list[FieldError] = []


class RecordedEvent(Body):
    """An event that the command led to."""

    id: str
    fact: str
    caseversion: int


class Recorded(Body):
    """What a command led to; the same key and body get the same answer, however often."""

    case_id: str
    caseversion: int | None
    events: list[RecordedEvent]
    warnings: list[str] = Field(description="Codes of what was warned about, and went through.")


class LineAnswer(Body):
    """What became of one line."""

    line: int
    status: Literal["accepted", "duplicate", "ignored", "rejected"]
    case_id: str = ""
    events: int = 0
    warnings: list[str] = []
    code: str = ""
    nl: str = ""
    en: str = ""
    field: str | None = None
    possible: list[str] = []
    errors: list[FieldError] = Field([], description="All wrong fields, when there are more than `field` says.")


class CheckpointItem(Body):
    """A signed statement about the ledger up to a position."""

    number: int
    position: int
    events: int
    root: str
    previous: str
    at: datetime
    key_id: str
    signature: str


class CheckpointPage(Body):
    """Checkpoints in order; `next` is null at the end."""

    items: list[CheckpointItem]
    next: int | None


class LetterItem(Body):
    """A record that could not be handled (yet): why and from where; never its content."""

    position: int
    reason: str
    meaning_nl: str
    meaning_en: str
    case_id: str | None
    fact: str | None
    source: str | None
    topic: str
    partition: int
    offset: int
    received_at: datetime
    status: Literal["dead", "waiting"]
    tries: int
    event_id: str | None


class LetterPage(Body):
    """Letters, oldest first; `next` is null at the end."""

    items: list[LetterItem]
    next: int | None


class LetterChoice(Body):
    """Which letters; exactly one of these."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    positions: list[int] = []
    reason: str = ""
    case_id: str = ""
    all: Literal[True] = True


class PutBackItem(Body):
    """What became of one letter."""

    position: int
    put_back: bool
    reason: str | None


class PutBack(Body):
    """What became of the letters that were handled again."""

    put_back: int
    still_dead: int
    items: list[PutBackItem]


class CatalogueFact(Body):
    """A fact of this service, and by which door it may be put in."""

    fact: str
    type: str
    title_nl: str
    title_en: str
    meaning: str
    hand_off: bool
    dataschema: str
    door: bool
    command: str | None
    stated_by: list[str]


class CatalogueBody(Body):
    """The vocabulary of this service: facts, codes, states, refusals."""

    service: str
    listens_to: list[str]
    rests_on: list[str]
    facts: list[CatalogueFact]
    codes: dict[str, list[str] | dict[str, dict[str, str | bool]]] = Field(
        description="By list its codes, or by code what is known of it."
    )
    states: list[dict[str, str]]
    refusals: dict[str, dict[str, str]]


class CloudEvent(Body):
    """An event in structured mode; `dataschema` names the JSON Schema of its data."""

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: str
    partitionkey: str
    correlationid: str
    time: datetime
    sequence: str
    caseversion: int
    casehash: str
    causationid: str
    dataschema: str
    traceparent: str
    dataclassification: str
    dataregulation: str
    datacontenttype: str
    data: dict[str, Any]
