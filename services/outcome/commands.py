"""What outcome can be told: each command names who may give it and what must be said today."""

from datetime import date
from typing import ClassVar

from pydantic import AwareDatetime, Field

from services.outcome.codes import (
    Contract,
    EmployerInstrument,
    Factor,
    FollowUpMonths,
    FollowUpStatus,
    Measurer,
    Perspective,
    Reflected,
    SustainedMonths,
)
from services.outcome.events import Cause, Goal, Hours, Id, Score
from shared.facts import Command
from shared.personal import Code
from shared.sealing import Text

PROFESSIONAL = frozenset({"caseworker", "coach", "system"})
"""`system`: where another system delivers what a professional registered there."""
ANYONE = PROFESSIONAL | {"citizen"}


class OutcomeCommand(Command):
    """A command of this service."""

    by = PROFESSIONAL


class AgreePlan(OutcomeCommand):
    """Record the plan made with the citizen."""

    fact = "plan_agreed"
    asked: ClassVar[tuple[str, ...]] = ("next_check_on",)
    titles = ("Spreek plan af", "Agree on a plan")
    plan_id: Id
    referral_id: Id | None = None
    goals: list[Goal] = Field(max_length=20)
    next_check_on: date | None = None


class StartIntervention(OutcomeCommand):
    """Put an instrument to work."""

    fact = "intervention_started"
    titles = ("Start inzet", "Start an intervention")
    intervention_id: Id
    instrument: Code
    factors: list[Factor] = Field(max_length=6)
    goal_id: Id | None = None


class EndIntervention(OutcomeCommand):
    """Say that it ended, and with what result."""

    fact = "intervention_ended"
    titles = ("Beëindig inzet", "End the intervention")
    intervention_id: Id
    result: Code


class MeasureGoal(OutcomeCommand):
    """Score a goal, as citizen or as professional."""

    fact = "goal_measured"
    by = ANYONE
    titles = ("Meet doel", "Measure a goal")
    goal_id: Id
    by_whom: Measurer = Field(alias="by")
    score: Score


class CorrectGoalMeasured(OutcomeCommand):
    """Put a wrong score right; without `measured_at` it is that side's latest."""

    fact = "goal_measured_corrected"
    by = ANYONE
    titles = ("Verbeter meting", "Correct a measurement")
    goal_id: Id
    by_whom: Measurer = Field(alias="by")
    measured_at: AwareDatetime | None = None
    score: Score


class AdjustPlan(OutcomeCommand):
    """Change the plan, naming what caused it: `cause`, or the goal measured, or the referral returned."""

    fact = "plan_adjusted"
    titles = ("Stel plan bij", "Adjust the plan")
    plan_id: Id
    reason: Code
    cause: Cause | None = None
    goal_id: Id | None = None
    referral_id: Id | None = None
    next_check_on: date | None = None


class ReflectOnStep(OutcomeCommand):
    """Look back at a step."""

    fact = "step_reflected"
    by = ANYONE
    asked: ClassVar[tuple[str, ...]] = ("lesson", "principles")
    titles = ("Kijk terug", "Reflect on a step")
    what: Reflected
    lesson: Text | None = None
    principles: list[Code] | None = Field(None, max_length=20)


class StartJob(OutcomeCommand):
    """Say that the citizen started to work."""

    fact = "job_started"
    titles = ("Meld werk", "Report a job")
    job_id: Id
    hours_per_week: Hours
    contract: Contract
    employer_instruments: list[EmployerInstrument] = Field(default=[], max_length=5)


class CorrectJobStarted(OutcomeCommand):
    """Put right what was registered of a job; `started_at` only when the start was wrong."""

    fact = "job_started_corrected"
    titles = ("Verbeter gegevens van werk", "Correct a job")
    job_id: Id
    hours_per_week: Hours
    contract: Contract
    employer_instruments: list[EmployerInstrument] = Field(max_length=5)
    started_at: AwareDatetime | None = None


class EndJob(OutcomeCommand):
    """Say that the job ended."""

    fact = "job_ended"
    titles = ("Meld einde werk", "Report the end of a job")
    job_id: Id
    reason: Code


class ReachOutcome(OutcomeCommand):
    """Say what was reached, or how long it has lasted."""

    fact = "outcome_reached"
    titles = ("Leg uitkomst vast", "Record an outcome")
    perspective: Perspective
    sustained_months: SustainedMonths


class CorrectOutcomeReached(OutcomeCommand):
    """Put a wrong outcome right; without `reached_at` it is the latest of that perspective and duration."""

    fact = "outcome_reached_corrected"
    titles = ("Verbeter uitkomst", "Correct an outcome")
    was_perspective: Perspective
    was_sustained_months: SustainedMonths
    reached_at: AwareDatetime | None = None
    perspective: Perspective
    sustained_months: SustainedMonths


class DoFollowUp(OutcomeCommand):
    """Answer how the work goes; without `job_id` it is the job whose follow-up waits."""

    fact = "follow_up_done"
    titles = ("Leg nazorg vast", "Record a follow-up")
    job_id: Id | None = None
    months: FollowUpMonths
    status: FollowUpStatus


COMMANDS: dict[str, type[Command]] = {
    command.fact: command
    for command in (
        AgreePlan, StartIntervention, EndIntervention, MeasureGoal, CorrectGoalMeasured, AdjustPlan, ReflectOnStep,
        StartJob, CorrectJobStarted, EndJob, ReachOutcome, CorrectOutcomeReached, DoFollowUp,
    )
}  # fmt: skip
NUMBERS = frozenset({"plan", "goal", "intervention", "job", "referral"})
