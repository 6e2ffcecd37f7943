"""How a fact of our own changes what is known. Texts are never kept."""

from typing import Any

from services.outcome import events as e
from services.outcome.domain import clocks
from services.outcome.domain.state import Clock, Goal, Intervention, Job, Measurement, Outcome, Plan, State
from shared.changing import replace
from shared.facts import Fact, Said


def evolve(state: State | None, fact: Fact, said: Said) -> State:
    """The state after one of our own facts."""
    assert state is not None  # noqa: S101 - decide refuses before a fact of an unknown case is made
    worker = said.actor.id if said.actor.role == "caseworker" else state.caseworker
    return replace(_changed(state, fact, said), caseworker=worker, last_at=max(state.last_at, said.at))


def _changed(state: State, fact: Any, said: Said) -> State:
    match fact:
        case e.PlanAgreed() | e.PlanAdjusted():
            return _planned(state, fact, said)
        case e.GoalMeasured() | e.GoalMeasuredCorrected():
            return _measured(state, fact, said)
        case e.InterventionStarted() | e.InterventionEnded():
            return _intervened(state, fact, said)
        case e.StepReflected():
            return replace(state, reflections=state.reflections + 1)
        case e.CheckMissed():
            return clocks.fired(state, "check", fact.plan_id)
        case e.FollowUpDue():
            return clocks.fired(state, "follow_up", fact.job_id, fact.months)
    return _worked(state, fact, said)


def _planned(state: State, fact: e.PlanAgreed | e.PlanAdjusted, said: Said) -> State:
    if isinstance(fact, e.PlanAgreed):
        goals = {one.goal_id: _goal(fact.plan_id, one) for one in fact.goals}
        plan = Plan(fact.plan_id, said.at, said.at, fact.referral_id)
        state = replace(state, goals={**state.goals, **goals}, plans={**state.plans, plan.plan_id: plan})
        return clocks.with_check(state, plan.plan_id, fact.next_check_on, said)
    plan = state.plans[fact.plan_id]
    if said.at < plan.set_at:
        return state
    if fact.next_check_on is not None:
        state = replace(state, plans={**state.plans, plan.plan_id: replace(plan, set_at=said.at)})
    return clocks.with_check(state, plan.plan_id, fact.next_check_on, said)


def _goal(plan_id: str, one: e.Goal) -> Goal:
    return Goal(one.goal_id, plan_id, one.life_area, one.factor, one.measure, one.owner)


def _measured(state: State, fact: e.GoalMeasured | e.GoalMeasuredCorrected, said: Said) -> State:
    goal = state.goals[fact.goal_id]
    scores = goal.measured.get(fact.by, ())
    if isinstance(fact, e.GoalMeasuredCorrected):
        right = Measurement(fact.measured_at, fact.score)
        scores = tuple(right if one.at == right.at else one for one in scores)
    else:
        scores = (*scores, Measurement(said.at, fact.score))
        plan = state.plans[goal.plan_id]
        if said.at >= plan.set_at:
            state = clocks.with_check(state, plan.plan_id, None, said)
    measured = {**goal.measured, fact.by: scores}
    return replace(state, goals={**state.goals, goal.goal_id: replace(goal, measured=measured)})


def _intervened(state: State, fact: e.InterventionStarted | e.InterventionEnded, said: Said) -> State:
    if isinstance(fact, e.InterventionStarted):
        one = Intervention(fact.intervention_id, fact.instrument, fact.goal_id, said.at)
    else:
        one = replace(state.interventions[fact.intervention_id], ended_at=said.at, result=fact.result)
    return replace(state, interventions={**state.interventions, one.intervention_id: one})


def _worked(state: State, fact: Any, said: Said) -> State:
    match fact:
        case e.JobStarted():
            return clocks.with_follow_ups(_with_job(state, _job(fact, said)), fact.job_id, said)
        case e.JobStartedCorrected():
            return _job_corrected(state, fact, said)
        case e.JobEnded():
            ended = replace(state.jobs[fact.job_id], ended_at=said.at, end_reason=fact.reason)
            return clocks.answered(
                _with_job(state, ended), said, lambda one: one.about == fact.job_id and one.due_at > said.at
            )
        case e.OutcomeReached():
            return _reached(state, fact, said)
        case e.OutcomeReachedCorrected():
            return replace(state, outcomes=_outcomes_corrected(state, fact))
        case e.FollowUpDone(job_id=str(job_id)):
            return _followed_up(state, state.jobs[job_id], fact, said)
    return state


def _with_job(state: State, job: Job) -> State:
    return replace(state, jobs={**state.jobs, job.job_id: job})


def _job(fact: e.JobStarted, said: Said) -> Job:
    return Job(fact.job_id, said.at, fact.hours_per_week, fact.contract, tuple(fact.employer_instruments))


def _job_corrected(state: State, fact: e.JobStartedCorrected, said: Said) -> State:
    job = replace(
        state.jobs[fact.job_id],
        hours_per_week=fact.hours_per_week,
        contract=fact.contract,
        employer_instruments=tuple(fact.employer_instruments),
        corrected=True,
    )
    if fact.started_at is None:
        return _with_job(state, job)
    after = _with_job(state, replace(job, started_at=fact.started_at))
    return clocks.moved_follow_ups(after, job.job_id, fact.started_at, said.now)


def _reached(state: State, fact: e.OutcomeReached, said: Said) -> State:
    """Who says that work has lasted so long has asked how it goes: nothing is asked twice."""
    reached = Outcome(fact.perspective, fact.sustained_months, said.at)
    state = replace(state, outcomes=(*state.outcomes, reached))
    if fact.perspective != "paid_work":
        return state
    asked = {job.job_id for job in state.jobs.values() if job.status == "running" and job.started_at <= said.at}

    def known(one: Clock) -> bool:
        return one.name == "follow_up" and one.about in asked and one.months <= fact.sustained_months

    return clocks.answered(state, said, known)


def _outcomes_corrected(state: State, fact: e.OutcomeReachedCorrected) -> tuple[Outcome, ...]:
    """The first that matches is put right, at its place."""
    was = (fact.was_perspective, fact.was_sustained_months, fact.reached_at)
    right = Outcome(fact.perspective, fact.sustained_months, fact.reached_at, corrected=True)
    found = [(one.perspective, one.sustained_months, one.reached_at) for one in state.outcomes].index(was)
    return (*state.outcomes[:found], right, *state.outcomes[found + 1 :])


def _followed_up(state: State, job: Job, fact: e.FollowUpDone, said: Said) -> State:
    """The question is answered; of work that is lost is not asked again."""
    job = replace(job, follow_ups={**job.follow_ups, str(fact.months): fact.status})
    lost = fact.status == "lost_job"

    def done(one: Clock) -> bool:
        return one.name == "follow_up" and one.about == job.job_id and (one.months == fact.months or lost)

    return clocks.answered(_with_job(state, job), said, done)
