"""What insight's doors answer, for who reads the OpenAPI document."""

from datetime import datetime
from typing import Literal

from pydantic import Field, RootModel

from services.insight.measures.disclosing import Held
from shared.http.bodies import Body


class DefinitionBody(Body):
    """A measure, as it is defined."""

    id: str
    version: int
    nl: str
    en: str
    numerator: str
    denominator: str
    formula: str
    owner: str
    sources: list[str]


class MeasureItem(DefinitionBody):
    """A measure, its unit, and along which dimensions it can be cut."""

    unit: str
    rows: str
    personal: bool
    dimensions: list[str]


class MeasurePage(Body):
    """Every measure."""

    items: list[MeasureItem]


class SideBody(Body):
    """One side of a difference, with its interval; null: it cannot be known."""

    value: float | None
    low: float | None
    high: float | None
    n: int


class FigureBody(Body):
    """A figure with its interval and all it rests on. `held_back`: why it is not shown; null when it is."""

    measure: str
    value: float | dict[str, float] | None = Field(
        description="A number, or numbers by code; null when it is held back or cannot be known."
    )
    low: float | None
    high: float | None
    n: int | None = Field(description="How many people, referrals or returns it rests on.")
    complete: bool = Field(True, description="False: nobody was followed as far as was asked.")
    share: float | None = Field(None, description="Of a count the share of n; low and high are of the share.")
    warm: SideBody | None = Field(None, description="Of a difference its one side; absent where sides are small.")
    cold: SideBody | None = Field(None, description="And its other.")
    held_back: Held | None
    parts_held_back: list[str] = Field([], description="Codes whose counts are not shown.")
    unit: str
    slice: dict[str, str]
    as_of: datetime
    audience: str
    definition: DefinitionBody
    code_version: str
    offsets: dict[str, list[int]] = Field(description="Per partition the epoch and the last offset that counts.")


class ReportBody(RootModel[str]):
    """A whole page of HTML, with nothing from outside."""


class TableBody(Body):
    """A measure along one dimension, in the order of its values; never a ranking."""

    measure: str
    by: str
    items: list[FigureBody]


class PublishedItem(Body):
    """A published number, shortly."""

    id: str
    measure: str
    slice: dict[str, str]
    as_of: datetime
    audience: str
    value: float | dict[str, float] | None
    n: int | None


class PublishedPage(Body):
    """Published numbers."""

    items: list[PublishedItem]


class NumberBody(Body):
    """A number that was published: its id and what it says."""

    id: str
    number: FigureBody


class ReproducedBody(Body):
    """A published number made again from the lake: whether every byte is the same."""

    id: str
    same: bool
    sha256: str
    again_sha256: str


class PlaceItem(Body):
    """How far a partition is: the next record, the topic's end (null: it is not there), and what is between them."""

    next: int
    end: int | None
    lag: int
    epoch: int = Field(description="Grows when the topic was begun anew.")
    status: str = Field(description="ok, topic_shorter_than_lake or topic_missing.")


class LakeBody(Body):
    """How the copying goes."""

    trouble: str | None = Field(description="What holds it up; null when nothing does.")
    lag: int | None = Field(description="Records that are not in the lake yet; null while that is not known.")
    places: dict[str, PlaceItem] = Field(description="By topic and partition.")
    counts: dict[str, int] = Field(description="Records since the lake began, by what became of them.")
    faults: list[str]
    written_at: datetime | None = Field(description="When a file was last written.")


class InsightStatus(Body):
    """How far the lake follows the log, and the figures the lake."""

    service: str
    ready: bool
    parts: dict[str, str]
    lake: LakeBody
    generation: int
    behind_seconds: float


class ExportBody(Body):
    """An export for process mining: how far it is, and once it is ready what is in the file."""

    id: str
    kind: Literal["ocel-json", "ocel-sqlite", "xes"]
    municipality: str | None
    since: datetime | None
    until: datetime | None
    state: Literal["running", "ready", "failed"]
    events: int = Field(description="So far, or in the file.")
    objects: int | None = Field(None, description="Objects; for XES traces.")
    relations: int | None = None
    withheld: int | None = Field(None, description="Values that were to be codes and are not written like one.")
    undated: int | None = Field(None, description="Facts that do not say when they happened.")
    bytes: int | None = None
    file_until: datetime | None = Field(None, description="The file can be fetched until then.")
