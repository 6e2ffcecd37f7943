"""What diagnosis knows of a case: its diagnoses, the citizen's life areas, who was consulted, whose turn it is."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from services.diagnosis.codes import (
    AreaState,
    CitizenView,
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
from shared.worktime import end_of, local_day

Status = Literal["new", "started", "completed", "decided", "contested"]


@dataclass(frozen=True)
class Clock:
    """A term that runs: due at the end of `due_on`; `armed` is false for what was past when we heard of it."""

    due_on: date
    due_at: datetime
    waiting_for: Side
    armed: bool
    fired: bool = False


@dataclass(frozen=True)
class Mapped:
    """A life area as it was last mapped. `own_at`: when last by the citizen, or in the citizen's words."""

    state: AreaState
    at: datetime
    support_wanted: bool | None = None
    own_at: datetime | None = None


@dataclass(frozen=True)
class Scored:
    """A factor as somebody sees it."""

    factor: Factor
    score: int
    direction: Effect
    source: Source


@dataclass(frozen=True)
class Weighed:
    """An argument that was weighed."""

    argument: str
    side: Direction
    weight: Weight
    factor: Factor | None
    by: Voice
    at: datetime


@dataclass(frozen=True)
class Decided:
    """The direction, and how the citizen sees it."""

    direction: Direction
    at: datetime
    framework_version: str | None = None
    citizen_view: CitizenView | None = None
    contested_by: Voice | None = None


@dataclass(frozen=True)
class Consultation:
    """Another professional who was asked."""

    consultation_id: str
    diagnosis_id: str
    partner: Partner
    clock: Clock
    answered_at: datetime | None = None
    answer_code: str | None = None


@dataclass(frozen=True)
class Diagnosis:
    """One diagnosis, with the arguments and the direction that belong to it."""

    diagnosis_id: str
    instrument: str
    instrument_version: str
    started_at: datetime
    completed_at: datetime | None = None
    completeness: float | None = None
    factors: tuple[Scored, ...] = ()
    arguments: tuple[Weighed, ...] = ()
    direction: Decided | None = None


@dataclass(frozen=True)
class Benefit:
    """A decision of the benefit administration."""

    on: date
    granted: bool


@dataclass(frozen=True)
class Turn:
    """Who is to act, what is asked, since when."""

    side: Side
    action: str
    since: datetime


@dataclass(frozen=True)
class State:
    """A case as diagnosis knows it."""

    opened_at: datetime
    last_at: datetime
    key: str = ""
    municipality: str = ""
    caseworker: str = ""
    status: Status = "new"
    benefits: tuple[Benefit, ...] = ()
    withdrawn_at: datetime | None = None
    ended_on: date | None = None
    closed_at: datetime | None = None
    planned: Clock | None = None
    life_areas: dict[LifeArea, Mapped] = field(default_factory=dict)
    diagnoses: tuple[Diagnosis, ...] = ()
    consultations: dict[str, Consultation] = field(default_factory=dict)
    turn: Turn | None = None
    waited: dict[str, float] = field(default_factory=dict)
    parties: dict[str, str] = field(default_factory=dict)
    """Referral -> the organisation that was asked, and did not say no."""

    @property
    def latest(self) -> Diagnosis | None:
        """The diagnosis that counts: arguments and direction belong to it."""
        return self.diagnoses[-1] if self.diagnoses else None

    @property
    def over_at(self) -> datetime | None:
        """From when nothing is asked of anybody here any more: closed, withdrawn, or the benefit has ended."""
        ended = end_of(self.ended_on) if self.ended_on else None
        return min((at for at in (self.closed_at, self.withdrawn_at, ended) if at is not None), default=None)

    def granted(self, at: datetime) -> bool:
        """Whether a benefit was granted at this moment, by the day that was decided on."""
        known = [benefit for benefit in self.benefits if benefit.on <= local_day(at)]
        return bool(known) and known[-1].granted

    @property
    def refused(self) -> bool:
        """Whether the last decision on the benefit was no."""
        return bool(self.benefits) and not self.benefits[-1].granted

    @property
    def benefit_since(self) -> date | None:
        """Since when the citizen is on benefit without a break. None: not, or no longer."""
        if self.over_at is not None or not self.benefits or self.refused:
            return None
        since = self.benefits[-1].on
        for benefit in reversed(self.benefits):
            if not benefit.granted:
                break
            since = benefit.on
        return since

    @property
    def diagnosed_on(self) -> date | None:
        """The day the last diagnosis was completed."""
        days = [local_day(one.completed_at) for one in self.diagnoses if one.completed_at is not None]
        return max(days, default=None)


NEXT: dict[tuple[Status, str], Status] = {
    ("new", "diagnosis_planned"): "new",
    ("new", "life_area_mapped"): "new",
    ("new", "diagnosis_started"): "started",
    ("started", "life_area_mapped"): "started",
    ("started", "consultation_requested"): "started",
    ("started", "consultation_answered"): "started",
    ("started", "argument_weighed"): "started",
    ("started", "diagnosis_completed"): "completed",
    ("completed", "diagnosis_planned"): "completed",
    ("completed", "life_area_mapped"): "completed",
    ("completed", "consultation_requested"): "completed",
    ("completed", "consultation_answered"): "completed",
    ("completed", "argument_weighed"): "completed",
    ("completed", "direction_decided"): "decided",
    ("completed", "diagnosis_started"): "started",
    ("decided", "diagnosis_planned"): "decided",
    ("decided", "life_area_mapped"): "decided",
    ("decided", "consultation_requested"): "decided",
    ("decided", "consultation_answered"): "decided",
    ("decided", "argument_weighed"): "decided",
    ("decided", "direction_decided"): "decided",
    ("decided", "direction_contested"): "contested",
    ("decided", "diagnosis_started"): "started",
    ("contested", "diagnosis_planned"): "contested",
    ("contested", "life_area_mapped"): "contested",
    ("contested", "consultation_requested"): "contested",
    ("contested", "consultation_answered"): "contested",
    ("contested", "argument_weighed"): "contested",
    ("contested", "direction_contested"): "contested",
    ("contested", "direction_decided"): "decided",
    ("contested", "diagnosis_started"): "started",
}
"""What may follow what. A case may be diagnosed again: what was weighed and decided then stays with that diagnosis."""
