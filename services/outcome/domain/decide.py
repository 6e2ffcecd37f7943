"""Decides: a command and what is known lead to facts, or to a refusal with its reason."""

from services.outcome import commands as c
from services.outcome import events as e
from services.outcome.domain import clocks, plans, work
from services.outcome.domain.state import Clock, State
from services.outcome.domain.steps import check_open, check_organisation, check_step, stated
from shared.facts import SYSTEM, Command, Happened, Said
from shared.refusals import Refused


def decide(state: State | None, command: Command, said: Said) -> list[Happened]:
    """The facts that follow from the command. Raises Refused."""
    if state is None:
        raise Refused("case_unknown")
    if not isinstance(command, c.OutcomeCommand):
        return [Happened(_due(one), actor=SYSTEM) for one in clocks.overdue(state, said.now)]
    check_organisation(state, said)
    return _decide(state, command, said)


def _decide(state: State, command: c.OutcomeCommand, said: Said) -> list[Happened]:
    match command:
        case c.AgreePlan():
            return plans.agree(state, command, said)
        case c.AdjustPlan():
            return plans.adjust(state, command, said)
        case c.MeasureGoal():
            return plans.measure(state, command, said)
        case c.CorrectGoalMeasured():
            return plans.correct_measurement(state, command, said)
        case c.StartIntervention() | c.EndIntervention():
            return _intervene(state, command, said)
        case c.StartJob() | c.CorrectJobStarted() | c.EndJob():
            return work.about_job(state, command, said)
        case c.ReachOutcome():
            return work.reach(state, command, said)
        case c.CorrectOutcomeReached():
            return work.correct_outcome(state, command)
        case c.DoFollowUp():
            return work.follow_up(state, command, said)
    return stated(command)


def _intervene(state: State, command: c.StartIntervention | c.EndIntervention, said: Said) -> list[Happened]:
    """An instrument starts once, on a goal that is known, and ends once."""
    known = state.interventions.get(command.intervention_id)
    check_step("intervention", known.status if known else "unknown", command)
    if isinstance(command, c.StartIntervention):
        check_open(state, said)
        if command.goal_id is not None and command.goal_id not in state.goals:
            raise Refused("goal_unknown", "data.goal_id")
    return stated(command)


def _due(one: Clock) -> e.Due:
    if one.name == "check":
        return e.CheckMissed(plan_id=one.about, due_on=one.due_on, waiting_for=one.waiting_for)
    return e.FollowUpDue.model_validate(
        {"job_id": one.about, "months": one.months, "due_on": one.due_on, "waiting_for": one.waiting_for}
    )
