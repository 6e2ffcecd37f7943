"""What outcome publishes: the plan, what was done, what was measured, what was reached, and what was corrected."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field

from services.outcome.codes import (
    CauseKind,
    Contract,
    EmployerInstrument,
    Factor,
    FollowUpMonths,
    FollowUpStatus,
    LifeArea,
    Measurer,
    Perspective,
    Reflected,
    Side,
    SustainedMonths,
)
from shared.facts import Closed, Fact
from shared.personal import Code
from shared.sealing import Text

Id = Annotated[str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
Score = Annotated[int, Field(ge=0, le=10, description="0 is the worst, 10 the best, on the goal's own measure.")]
Hours = Annotated[int, Field(ge=0, le=80)]


class Goal(Closed):
    """A goal of a plan, in the citizen's own words."""

    goal_id: Id
    life_area: LifeArea
    factor: Factor
    kind: Code
    words: Text | None = None
    measure: Code
    owner: Measurer


class Cause(Closed):
    """What made a plan change: the measurement of a goal, or the return of a referral."""

    kind: CauseKind
    id: Id = Field(description="The goal that was measured, or the referral that was returned.")
    at: AwareDatetime | None = Field(None, description="When; the last time before the change, unless said.")


class PlanAgreed(Fact):
    """A plan was agreed with the citizen: goals, and the day on which it is looked at again."""

    plan_id: Id
    referral_id: Id | None = Field(None, description="The running referral the plan belongs to, when there is one.")
    goals: list[Goal]
    next_check_on: date | None = None


class InterventionStarted(Fact):
    """An instrument is put to work, on these factors."""

    intervention_id: Id
    instrument: Code
    factors: list[Factor]
    goal_id: Id | None = None


class InterventionEnded(Fact):
    """The instrument is no longer used, and with what result."""

    intervention_id: Id
    result: Code


class GoalMeasured(Fact):
    """One side's score on a goal; the other side's stands beside it."""

    goal_id: Id
    by: Measurer
    score: Score


class GoalMeasuredCorrected(Fact):
    """A score was registered wrongly; `measured_at` says which one it was, `score` what it should have been."""

    goal_id: Id
    by: Measurer
    measured_at: AwareDatetime
    score: Score


class PlanAdjusted(Fact):
    """The plan was changed, because of a measurement or a return."""

    plan_id: Id
    reason: Code
    cause: Cause | None = None
    next_check_on: date | None = None


class StepReflected(Fact):
    """Somebody looked back at a step, and says what was learnt."""

    what: Reflected
    lesson: Text | None = None
    principles: list[Code] | None = None


class JobStarted(Fact):
    """The citizen started to work."""

    job_id: Id
    hours_per_week: Hours
    contract: Contract
    employer_instruments: list[EmployerInstrument]


class JobStartedCorrected(Fact):
    """What was registered of a job was wrong: this holds. `started_at` only when the start itself was wrong."""

    job_id: Id
    hours_per_week: Hours
    contract: Contract
    employer_instruments: list[EmployerInstrument]
    started_at: AwareDatetime | None = None


class JobEnded(Fact):
    """The job ended. A fact of its own: what was reached before it stays."""

    job_id: Id
    reason: Code


class OutcomeReached(Fact):
    """One of the four perspectives was reached (0), or has lasted for so many months."""

    perspective: Perspective
    sustained_months: SustainedMonths


class OutcomeReachedCorrected(Fact):
    """An outcome was registered wrongly: `was_…` and `reached_at` say which one, the other two fields what holds."""

    was_perspective: Perspective
    was_sustained_months: SustainedMonths
    reached_at: AwareDatetime
    perspective: Perspective
    sustained_months: SustainedMonths


class Due(Fact):
    """A day has passed on which this side was to act."""

    due_on: date
    waiting_for: Side


class CheckMissed(Due):
    """The plan was not looked at on the day agreed: nothing was measured, nothing adjusted."""

    plan_id: Id


class FollowUpDue(Due):
    """The citizen has worked for so many months: it is time to ask how it goes."""

    job_id: Id
    months: FollowUpMonths


class FollowUpDone(Fact):
    """It was asked how the work goes, and this was the answer."""

    job_id: Id | None = None
    months: FollowUpMonths
    status: FollowUpStatus


FACTS: dict[str, type[Fact]] = {
    fact.name: fact
    for fact in (
        PlanAgreed, InterventionStarted, InterventionEnded, GoalMeasured, GoalMeasuredCorrected, PlanAdjusted,
        CheckMissed, StepReflected, JobStarted, JobStartedCorrected, JobEnded, OutcomeReached,
        OutcomeReachedCorrected, FollowUpDue, FollowUpDone,
    )
}  # fmt: skip

TITLES: dict[str, tuple[str, str]] = {
    "plan_agreed": ("Plan afgesproken", "Plan agreed"),
    "intervention_started": ("Inzet gestart", "Intervention started"),
    "intervention_ended": ("Inzet beëindigd", "Intervention ended"),
    "goal_measured": ("Doel gemeten", "Goal measured"),
    "goal_measured_corrected": ("Meting verbeterd", "Measurement corrected"),
    "plan_adjusted": ("Plan bijgesteld", "Plan adjusted"),
    "check_missed": ("Controlemoment gemist", "Check missed"),
    "step_reflected": ("Teruggekeken", "Step reflected on"),
    "job_started": ("Werk gestart", "Job started"),
    "job_started_corrected": ("Gegevens van werk verbeterd", "Job corrected"),
    "job_ended": ("Werk beëindigd", "Job ended"),
    "outcome_reached": ("Uitkomst bereikt", "Outcome reached"),
    "outcome_reached_corrected": ("Uitkomst verbeterd", "Outcome corrected"),
    "follow_up_due": ("Nazorg aan de beurt", "Follow-up due"),
    "follow_up_done": ("Nazorg gedaan", "Follow-up done"),
}
