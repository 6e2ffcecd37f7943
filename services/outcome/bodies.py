"""What outcome says of a case, for who reads the OpenAPI document."""

from datetime import datetime

from services.outcome.codes import Measurer
from services.outcome.domain.state import Outcome, Plan, Referral, Status
from shared.http.bodies import Body
from shared.http.case_bodies import CaseBody, ClockBody


class CheckClock(ClockBody):
    """The term of a plan's check."""

    plan_id: str


class FollowUpClock(ClockBody):
    """The term of asking, so many months after it began, whether a job lasts."""

    job_id: str
    months: int


class ScoreItem(Body):
    """The last score that a side gave."""

    score: int
    at: datetime


class GoalItem(Body):
    """A goal with the scores of both sides beside each other; null: that side gave none yet."""

    goal_id: str
    plan_id: str
    life_area: str
    factor: str
    measure: str
    owner: Measurer
    citizen: ScoreItem | None
    professional: ScoreItem | None
    measurements: int


class InterventionItem(Body):
    """An instrument at work."""

    intervention_id: str
    instrument: str
    goal_id: str | None
    started_at: datetime
    ended_at: datetime | None
    result: str | None
    status: Status


class JobItem(Body):
    """A job as it is known now; `follow_ups`: after how many months what was heard."""

    job_id: str
    started_at: datetime
    hours_per_week: int
    contract: str
    employer_instruments: list[str]
    ended_at: datetime | None
    end_reason: str | None
    follow_ups: dict[str, str]
    corrected: bool
    status: Status


class OutcomeDetail(Body):
    """What was agreed and done, and what was reached."""

    caseworker: str | None
    referrals: list[Referral]
    plans: list[Plan]
    goals: list[GoalItem]
    interventions: list[InterventionItem]
    jobs: list[JobItem]
    outcomes: list[Outcome]
    reflections: int
    benefit_ended_at: datetime | None
    closed_at: datetime | None


class OutcomeCase(CaseBody):
    """A case as outcome knows it."""

    clocks: list[CheckClock | FollowUpClock]
    detail: OutcomeDetail
