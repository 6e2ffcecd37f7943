"""A case, its referral and its plan, brought where a test wants them."""

from datetime import date, datetime
from typing import Any

from services.outcome import commands as c
from services.outcome import hearing as h
from services.outcome.domain.decide import decide
from services.outcome.domain.evolve import evolve
from services.outcome.domain.learn import learn
from services.outcome.domain.state import State
from shared.facts import Command, Happened, Said
from shared.ledger.clocks import LookAtTerms
from tests.builders import DAY, NOON, said

PROVIDER = "org-rw"


def an_id(number: int) -> str:
    """An id that is easy to tell from another."""
    return f"00000000-0000-8000-8000-{number:012d}"


REFERRAL, PLAN, GOAL, INTERVENTION, JOB = (an_id(number) for number in range(1, 6))
SECOND = an_id(99)
CHECK_ON = date(2026, 4, 13)
"""Six weeks after NOON."""


def heard(state: State | None, *facts: tuple[Any, Said]) -> State:
    """The state after other services' facts."""
    for fact, circumstances in facts:
        state = learn(state, fact, circumstances)
    assert state is not None
    return state


def a_case(at: datetime = NOON - 30 * DAY) -> State:
    """A case that outcome has heard of."""
    return heard(None, (h.ApplicationReceived(case_key="key"), said(at)))


def referred(referral_id: str = REFERRAL, organisation: str = PROVIDER) -> State:
    """… and was referred to org-rw."""
    sent = h.ReferralSent(referral_id=referral_id, to_organisation=organisation, trajectory="reintegration")
    return heard(a_case(), (sent, said(NOON - 10 * DAY)))


def started() -> State:
    """… where the citizen was met a day before noon, by coach co-1."""
    accepted = h.ReferralAccepted(referral_id=REFERRAL, coach="co-1")
    met = h.TrajectoryStarted(referral_id=REFERRAL)
    return heard(referred(), (accepted, coach(NOON - 5 * DAY)), (met, coach(NOON - DAY)))


def a_goal(goal_id: str = GOAL, **changes: Any) -> dict[str, Any]:
    """A goal on work, in the citizen's words."""
    goal = {
        "goal_id": goal_id,
        "life_area": "work",
        "factor": "self_efficacy",
        "kind": "step",
        "words": "Ik wil weer aan de slag.",
        "measure": "scale_0_10",
        "owner": "citizen",
    }
    return goal | changes


def agree(plan_id: str = PLAN, **changes: Any) -> c.AgreePlan:
    """A plan with one goal, to be looked at in six weeks."""
    fields: dict[str, Any] = {"plan_id": plan_id, "goals": [a_goal()], "next_check_on": CHECK_ON}
    return c.AgreePlan(**fields | changes)


def measure(score: int = 6, by: str = "citizen", goal_id: str = GOAL) -> c.MeasureGoal:
    """Somebody scores the goal."""
    return c.MeasureGoal.model_validate({"goal_id": goal_id, "by": by, "score": score})


def correct_measurement(score: int = 7, by: str = "citizen", **changes: Any) -> c.CorrectGoalMeasured:
    """The score was another."""
    return c.CorrectGoalMeasured.model_validate({"goal_id": GOAL, "by": by, "score": score} | changes)


def adjust(plan_id: str = PLAN, **changes: Any) -> c.AdjustPlan:
    """Change the plan because the goal was measured."""
    fields: dict[str, Any] = {"plan_id": plan_id, "reason": "too_ambitious"}
    if not changes.keys() & {"cause", "goal_id", "referral_id"}:
        fields["cause"] = {"kind": "measurement", "id": GOAL}
    return c.AdjustPlan(**fields | changes)


def intervene(intervention_id: str = INTERVENTION, **changes: Any) -> c.StartIntervention:
    """Train on applying for jobs."""
    fields: dict[str, Any] = {
        "intervention_id": intervention_id,
        "instrument": "job_application_training",
        "factors": ["skills"],
        "goal_id": GOAL,
    }
    return c.StartIntervention(**fields | changes)


def end_intervention(intervention_id: str = INTERVENTION) -> c.EndIntervention:
    """The training is completed."""
    return c.EndIntervention(intervention_id=intervention_id, result="completed")


def start_job(job_id: str = JOB, **changes: Any) -> c.StartJob:
    """Three days a week, for a year."""
    return c.StartJob(**{"job_id": job_id, "hours_per_week": 24, "contract": "fixed"} | changes)


def correct_job(job_id: str = JOB, **changes: Any) -> c.CorrectJobStarted:
    """It was four days."""
    fields: dict[str, Any] = {"job_id": job_id, "hours_per_week": 32, "contract": "fixed", "employer_instruments": []}
    return c.CorrectJobStarted(**fields | changes)


def end_job(job_id: str = JOB) -> c.EndJob:
    """The contract ended."""
    return c.EndJob(job_id=job_id, reason="contract_ended")


def reach(months: int = 0, perspective: str = "paid_work") -> c.ReachOutcome:
    """An outcome, or how long it has lasted."""
    return c.ReachOutcome.model_validate({"perspective": perspective, "sustained_months": months})


def correct_outcome(was: int = 3, now: int = 0, **changes: Any) -> c.CorrectOutcomeReached:
    """It had not lasted so long."""
    fields = {"was_perspective": "paid_work", "was_sustained_months": was}
    return c.CorrectOutcomeReached.model_validate(
        fields | {"perspective": "paid_work", "sustained_months": now} | changes
    )


def follow_up(months: int = 3, status: str = "still_working", **changes: Any) -> c.DoFollowUp:
    """Somebody asked how the work goes."""
    return c.DoFollowUp.model_validate({"months": months, "status": status} | changes)


def reflect(**changes: Any) -> c.ReflectOnStep:
    """What was learnt of the case."""
    fields: dict[str, Any] = {"what": "case", "lesson": "Eerder bellen helpt.", "principles": ["own_direction"]}
    return c.ReflectOnStep(**fields | changes)


def coach(at: datetime = NOON, **changes: Any) -> Said:
    """A coach of org-rw says it."""
    return said(at, "coach", organisation=changes.pop("organisation", PROVIDER), **changes)


def names(happened: list[Happened]) -> list[str]:
    """The facts' names."""
    return [one.fact.name for one in happened]


def after(state: State, *steps: tuple[Command, Said]) -> State:
    """The state after these commands, each said by someone."""
    for command, circumstances in steps:
        for one in decide(state, command, circumstances):
            state = evolve(state, one.fact, circumstances)
    return state


def look(now: datetime) -> tuple[Command, Said]:
    """The clock looks at the terms."""
    return LookAtTerms(), said(now, "system")


def overdue(state: State, now: datetime) -> list[str]:
    """What the clock would say now."""
    return names(decide(state, *look(now)))


def planned() -> State:
    """A plan was agreed at noon."""
    return after(started(), (agree(), coach()))


def measured() -> State:
    """… and the citizen scored 4 after ten days."""
    return after(planned(), (measure(4), coach(NOON + 10 * DAY)))


def working() -> State:
    """… and works from the twentieth day on."""
    return after(measured(), (start_job(), coach(NOON + 20 * DAY)))


def closed(state: State, at: datetime = NOON + 30 * DAY) -> State:
    """The case was closed."""
    return heard(state, (h.CaseClosed(), said(at)))


def returned(state: State, at: datetime = NOON + 30 * DAY) -> State:
    """The referral came back."""
    return heard(state, (h.ReferralReturned(referral_id=REFERRAL), coach(at)))
