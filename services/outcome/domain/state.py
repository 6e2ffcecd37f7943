"""What outcome knows of a case: plans and goals, interventions, jobs, outcomes, and what other services told."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from services.outcome.codes import Measurer, Perspective, Side, SustainedMonths

Status = Literal["unknown", "running", "ended"]
"""Of a plan, an intervention or a job."""
ClockName = Literal["check", "follow_up"]
ReferralStatus = Literal[
    "sent", "accepted", "started", "returned", "reviewed", "completed", "withdrawn", "declined"
]  # fmt: skip


@dataclass(frozen=True)
class Clock:
    """A term about a plan or a job: due at the end of `due_on`; `armed` is false for what was past when heard of."""

    name: ClockName
    about: str
    due_on: date
    due_at: datetime
    waiting_for: Side
    armed: bool
    months: int = 0
    fired: bool = False


@dataclass(frozen=True)
class Measurement:
    """A score and when it was given."""

    at: datetime
    score: int


@dataclass(frozen=True)
class Goal:
    """A goal with the scores of both sides beside each other."""

    goal_id: str
    plan_id: str
    life_area: str
    factor: str
    measure: str
    owner: Measurer
    measured: dict[Measurer, tuple[Measurement, ...]] = field(default_factory=dict)

    def latest(self, by: Measurer) -> Measurement | None:
        """The last score of this side; of two at the same moment the one heard last."""
        return max(reversed(self.measured.get(by, ())), key=lambda one: one.at, default=None)


@dataclass(frozen=True)
class Plan:
    """A plan; `set_at` is when its check was last agreed."""

    plan_id: str
    agreed_at: datetime
    set_at: datetime
    referral_id: str | None = None


@dataclass(frozen=True)
class Intervention:
    """An instrument at work."""

    intervention_id: str
    instrument: str
    goal_id: str | None
    started_at: datetime
    ended_at: datetime | None = None
    result: str | None = None

    @property
    def status(self) -> Status:
        """Whether it runs."""
        return "ended" if self.ended_at else "running"


@dataclass(frozen=True)
class Job:
    """A job as it is known now, and the follow-ups done."""

    job_id: str
    started_at: datetime
    hours_per_week: int
    contract: str
    employer_instruments: tuple[str, ...]
    ended_at: datetime | None = None
    end_reason: str | None = None
    follow_ups: dict[str, str] = field(default_factory=dict)
    corrected: bool = False

    @property
    def status(self) -> Status:
        """Whether it lasts."""
        return "ended" if self.ended_at else "running"


@dataclass(frozen=True)
class Outcome:
    """What was reached, when; corrected or as it was registered."""

    perspective: Perspective
    sustained_months: SustainedMonths
    reached_at: datetime
    corrected: bool = False


@dataclass(frozen=True)
class Referral:
    """A referral as outcome has heard of it."""

    referral_id: str
    organisation: str
    trajectory: str
    status: ReferralStatus
    coach: str | None = None
    started_at: datetime | None = None
    returned_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Turn:
    """Who is to act, what is asked, since when."""

    side: Side
    action: str
    since: datetime


@dataclass(frozen=True)
class State:
    """A case as outcome knows it."""

    opened_at: datetime
    last_at: datetime
    key: str = ""
    caseworker: str = ""
    referrals: dict[str, Referral] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    goals: dict[str, Goal] = field(default_factory=dict)
    interventions: dict[str, Intervention] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    outcomes: tuple[Outcome, ...] = ()
    clocks: tuple[Clock, ...] = ()
    reflections: int = 0
    waited: dict[str, float] = field(default_factory=dict)
    """Seconds that checks and follow-ups were awaited after their day; the wait for a plan follows from the rest."""
    closed_at: datetime | None = None
    benefit_ended_at: datetime | None = None


NEXT: dict[tuple[Status, str], Status] = {
    ("unknown", "plan_agreed"): "running",
    ("running", "plan_adjusted"): "running",
    ("unknown", "intervention_started"): "running",
    ("running", "intervention_ended"): "ended",
    ("unknown", "job_started"): "running",
    ("running", "job_started_corrected"): "running",
    ("ended", "job_started_corrected"): "ended",
    ("running", "job_ended"): "ended",
    ("running", "follow_up_done"): "running",
    ("ended", "follow_up_done"): "ended",
}
"""What may be said of a plan, an intervention or a job, and what it is then. A plan lasts as long as the case."""
