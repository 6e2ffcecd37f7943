"""What diagnosis publishes: the picture of the citizen, the weighing, the direction; codes open, texts sealed."""

from datetime import date
from typing import Annotated

from pydantic import Field

from services.diagnosis.codes import (
    AreaState,
    CitizenView,
    DecidedBy,
    Direction,
    Effect,
    Factor,
    LifeArea,
    Partner,
    Side,
    Source,
    Voice,
    Weight,
)
from shared.facts import Closed, Fact
from shared.personal import Code
from shared.sealing import Text

Id = Annotated[str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]


class FactorScore(Closed):
    """A factor as somebody sees it. A high score is favourable in every factor: barriers 8 means few barriers."""

    factor: Factor
    score: int = Field(ge=0, le=10)
    direction: Effect
    source: Source


class SharedDecision(Closed):
    """How the decision was shared: what was discussed, what the citizen thinks of it, who decided."""

    options_discussed: list[Code] = Field(max_length=20)
    citizen_view: CitizenView
    decided_by: DecidedBy


class DiagnosisPlanned(Fact):
    """A diagnosis is to be started by a day."""

    due_on: date


class DiagnosisStarted(Fact):
    """A diagnosis is made, with an instrument of this version."""

    diagnosis_id: Id
    instrument: Code
    instrument_version: Code


class LifeAreaMapped(Fact):
    """Where the citizen stands in an area of life, in own words, and whether support is wanted."""

    life_area: LifeArea
    state: AreaState
    own_words: Text | None = None
    support_wanted: bool | None = None


class DiagnosisCompleted(Fact):
    """Every factor was answered by someone, and the citizen's own view is there."""

    diagnosis_id: Id
    factors: list[FactorScore]
    completeness: float | None = Field(
        None, ge=0, le=1, description="Share of the instrument's items that was answered; absent without answers."
    )
    answers: Text | None = Field(
        None, description="The answers as JSON (item -> value): with the instrument the scores follow from them again."
    )


class ConsultationRequested(Fact):
    """Another professional is asked what speaks for or against."""

    consultation_id: Id
    partner: Partner


class ConsultationAnswered(Fact):
    """The other professional answered."""

    consultation_id: Id
    partner: Partner
    answer_code: Code
    argument: Text | None = None


class ArgumentWeighed(Fact):
    """An argument of the framework counts for a side, this heavily, on this evidence, brought in by."""

    argument: Code
    side: Direction
    weight: Weight
    factor: Factor | None = None
    by: Voice
    evidence: Text | None = None
    framework_version: Code | None = None


class ArgumentRefused(Fact):
    """Somebody wanted to weigh a ground that must not count. The ground only: no evidence, no weight, no side."""

    ground: Code
    explanation: Code = Field(description="Code of the sentence that says why this ground does not count.")


class DirectionDecided(Fact):
    """A person decided, together with the citizen, on this motivation."""

    direction: Direction
    framework_version: Code | None = None
    motivation: Text | None = None
    principles: list[Code] | None = None
    shared: SharedDecision | None = None


class DirectionContested(Fact):
    """Somebody does not agree with the direction: a second look is due."""

    by: Voice
    ground: Text | None = None


class DiagnosisOverdue(Fact):
    """The planned diagnosis did not start in time."""

    due_on: date
    waiting_for: Side


class ConsultationOverdue(Fact):
    """The other professional was not heard in time."""

    consultation_id: Id
    partner: Partner
    due_on: date
    waiting_for: Side


FACTS: dict[str, type[Fact]] = {
    fact.name: fact
    for fact in (
        DiagnosisPlanned, DiagnosisStarted, LifeAreaMapped, DiagnosisCompleted, ConsultationRequested,
        ConsultationAnswered, ConsultationOverdue, ArgumentWeighed, ArgumentRefused, DirectionDecided,
        DirectionContested, DiagnosisOverdue,
    )
}  # fmt: skip

TITLES: dict[str, tuple[str, str]] = {
    "diagnosis_planned": ("Diagnose gepland", "Diagnosis planned"),
    "diagnosis_started": ("Diagnose gestart", "Diagnosis started"),
    "life_area_mapped": ("Leefgebied in kaart gebracht", "Life area mapped"),
    "diagnosis_completed": ("Diagnose afgerond", "Diagnosis completed"),
    "consultation_requested": ("Advies gevraagd", "Consultation requested"),
    "consultation_answered": ("Advies gegeven", "Consultation answered"),
    "consultation_overdue": ("Advies te laat", "Consultation overdue"),
    "argument_weighed": ("Argument gewogen", "Argument weighed"),
    "argument_refused": ("Argument geweigerd", "Argument refused"),
    "direction_decided": ("Richting bepaald", "Direction decided"),
    "direction_contested": ("Richting betwist", "Direction contested"),
    "diagnosis_overdue": ("Diagnose te laat", "Diagnosis overdue"),
}
