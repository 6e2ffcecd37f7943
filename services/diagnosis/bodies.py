"""What diagnosis' own doors answer, for who reads the OpenAPI document."""

from datetime import date, datetime

from pydantic import Field

from services.diagnosis.codes import AreaState, LifeArea, Partner
from services.diagnosis.domain.library import Argument, Instrument
from services.diagnosis.domain.state import Decided, Scored, Status, Weighed
from shared.http.bodies import Body
from shared.http.case_bodies import CaseBody, ClockBody


class Undiagnosed(Body):
    """Somebody on benefit who was not diagnosed yet since the start."""

    case_id: str
    benefit_since: date
    due_on: date
    overdue: bool
    days_left: int = Field(description="Until the day it is due; below nought when that has passed.")
    last_diagnosed_on: date | None


class Coverage(Body):
    """How many are on benefit and still to be diagnosed, and who; `next` is null at the end."""

    municipality: str
    start: date
    on_benefit: int
    to_diagnose: int
    overdue: int
    items: list[Undiagnosed]
    next: str | None


class Instruments(Body):
    """Every version of every instrument, with its items."""

    items: list[Instrument]


class FrameworkBody(Body):
    """The arguments a municipality weighs with; `municipality` is null for the national core."""

    version: str
    municipality: str | None
    arguments: list[Argument]


class ConsultationClock(ClockBody):
    """The term of an answer to a consultation."""

    consultation_id: str


class LifeAreaItem(Body):
    """A life area as it was last mapped. `own`: also by the citizen, or in the citizen's words."""

    life_area: LifeArea
    state: AreaState
    own: bool
    support_wanted: bool | None


class DiagnosisItem(Body):
    """A diagnosis, with the arguments and the direction that belong to it."""

    diagnosis_id: str
    instrument: str
    instrument_version: str
    started_at: datetime
    completed_at: datetime | None
    completeness: float | None = Field(description="Share of the items that were answered.")
    factors: list[Scored]
    arguments: list[Weighed]
    direction: Decided | None


class ConsultationItem(Body):
    """Another professional who was asked."""

    consultation_id: str
    diagnosis_id: str
    partner: Partner
    due_on: date
    answered_at: datetime | None
    answer_code: str | None
    overdue: bool


class SpeaksItem(Body):
    """Arguments for one side, and those for another; codes, in the order they were weighed."""

    in_favour: list[str] = Field(alias="for")
    against: list[str]


class DiagnosisDetail(Body):
    """What speaks for, what against, what is missing; nothing here adds up or proposes."""

    caseworker: str | None
    step: Status
    benefit_since: date | None
    diagnosed_on: date | None
    life_areas: list[LifeAreaItem]
    diagnosis: DiagnosisItem | None
    consultations: list[ConsultationItem]
    speaks: dict[str, SpeaksItem] = Field(description="By direction.")
    missing: list[str]
    second_look: bool = Field(description="Whether a second look at the direction is offered.")
    earlier: list[DiagnosisItem]


class DiagnosisCase(CaseBody):
    """A case as diagnosis knows it."""

    clocks: list[ClockBody | ConsultationClock]
    detail: DiagnosisDetail
