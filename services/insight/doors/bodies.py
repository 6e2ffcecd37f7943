"""What insight's doors answer, for who reads the OpenAPI document."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field, RootModel

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


class FigureBody(Body):
    """A figure with its interval and all it rests on. `held_back`: why it is not shown; null when it is."""

    measure: str
    value: Any = Field(description="A number, or numbers by code; null when it is held back or cannot be known.")
    low: float | None
    high: float | None
    n: int | None = Field(description="How many people, referrals or returns it rests on.")
    complete: bool = Field(True, description="False: nobody was followed as far as was asked.")
    share: float | None = Field(None, description="Of a count the share of n; low and high are of the share.")
    warm: Any = None
    cold: Any = None
    held_back: str | None
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
    value: Any
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


class InsightStatus(Body):
    """How far the lake follows the log, and the figures the lake."""

    service: str
    ready: bool
    parts: dict[str, str]
    lake: dict[str, Any]
    generation: int
    behind_seconds: float


class ProviderBody(Body):
    """A provider beside what was to be expected of its own people. `shrunk` is the figure to go by."""

    provider: str
    n: int
    observed: int
    expected: float
    ratio: dict[str, Any]
    shrunk: dict[str, Any]
    share: float | None = Field(description="The share of all, with this provider's ratio.")
    inner: list[float] = Field(description="Limits of the funnel: chance and ordinary differences, 95 in 100.")
    outer: list[float] = Field(description="And 998 in 1,000. Outside asks for a talk, no more.")
    place: str
    seen_above: float = Field(description="The smallest ratio that would have been seen, four times out of five.")
    seen_below: float
    guards: dict[str, Any] = Field(description="What stands beside it, against gaming.")


class ComparisonBody(Body):
    """Providers in the order of their names; there is no ranking, and no outflow without its people."""

    providers: list[ProviderBody]
    between: float = Field(description="How much providers really differ: standard deviation of the log ratio.")
    overdispersion: float
    case_mix: list[str]
    left_out: int = Field(description="Providers with fewer than ten people, and those that would give them away.")
    as_of: datetime
    municipality: str | None


class MunicipalityBody(Body):
    """A municipality: how the work was done, and then who works within a year beside what was to be expected."""

    municipality: str
    quality: dict[str, Any] = Field(description="Shares with their intervals; null when held back.")
    n: int = Field(description="People who were granted benefit.")
    observed: int
    expected: float
    ratio: dict[str, Any]
    shrunk: dict[str, Any]
    share: float | None = Field(description="The share of all, with this municipality's ratio.")
    inner: list[float]
    outer: list[float]
    place: str
    seen_above: float
    seen_below: float


class OutflowBody(Body):
    """Municipalities in the order of their codes; there is no ranking."""

    municipalities: list[MunicipalityBody]
    between: float
    overdispersion: float
    corrected_for: list[str]
    not_corrected_for: list[str] = Field(description="The labour market, unless a file says what it was.")
    left_out: int = Field(description="Municipalities whose own share may not be shown.")
    as_of: datetime


class ChangeBody(Body):
    """Before and after; what difference could have been seen; the monthly series; and against who changed later."""

    before: dict[str, Any] | None
    after: dict[str, Any] | None
    difference: dict[str, Any] | None
    detectable: float | None = Field(description="The smallest difference that would be seen four times out of five.")
    verdict: str
    held_back: str | None
    series: dict[str, Any] | None
    staggered: dict[str, Any] | None
    since: datetime
    as_of: datetime
    municipality: str | None


class SignalItem(Body):
    """A provider's chart: where it stands, its threshold, and the months in which it passed it."""

    provider: str
    n: int
    threshold: float
    now: float
    alarms: list[str]


class SignalPage(Body):
    """Early signals, in the order of the providers' names."""

    as_of: datetime
    municipality: str | None
    items: list[SignalItem]


class SrgRows(Body):
    """A month's rows, and all that a delivery says besides who the people are."""

    municipality: str
    month: str
    over: bool
    deadline: str
    corrected_months: list[str]
    source: str
    fields: list[dict[str, Any]]
    elements: dict[str, Any]
    wage_value_for: list[Any]
    end_reason_for: list[Any]
    header: dict[str, Any]
    rows: list[dict[str, Any]]
    unknown: list[dict[str, Any]]
    log: dict[str, int]


class NamesAsked(Body):
    """Whose names are asked for."""

    municipality: str
    case_ids: list[str] = Field(max_length=5_000)


class NamesBody(Body):
    """By case what it is called in the rows; good for nothing else."""

    names: dict[str, str]


class UnknownShare(Body):
    """The share of facilities of which the municipality does not know what they are (code 60)."""

    municipality: str
    audience: str
    definition: dict[str, Any]
    items: list[dict[str, Any]]
    counts: list[dict[str, Any]] = Field([], description="All counts, for the controller.")


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
