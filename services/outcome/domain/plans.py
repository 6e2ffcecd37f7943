"""Plans: goals in the citizen's words, measured by both sides, adjusted only with a cause."""

from datetime import datetime

from services.outcome import commands as c
from services.outcome import events as e
from services.outcome.domain.state import Referral, State
from services.outcome.domain.steps import check_open, check_step, stated
from shared.facts import Happened, Said
from shared.refusals import Refused
from shared.sealing import MAX_TEXT
from shared.worktime import local_day


def agree(state: State, command: c.AgreePlan, said: Said) -> list[Happened]:
    """A plan has goals of its own, in the citizen's words, and a day on which it is looked at."""
    check_step("plan", "running" if command.plan_id in state.plans else "unknown", command)
    check_open(state, said)
    _check_goals(state, command)
    unknown = tuple(name for name in command.asked if getattr(command, name) is None)
    if not _in_own_words(command):
        if not said.imported:
            raise Refused("words_missing", "data.goals.words")
        unknown += ("goals.words",)
    if not said.imported and command.next_check_on is not None and command.next_check_on < local_day(said.at):
        raise Refused("check_before_plan", "data.next_check_on")
    if command.referral_id is not None and command.referral_id not in state.referrals:
        raise Refused("referral_unknown", "data.referral_id")
    fields = command.model_dump() | {"referral_id": command.referral_id or _running_referral(state, said)}
    return [Happened(e.PlanAgreed(**fields), unknown=unknown)]


def _check_goals(state: State, command: c.AgreePlan) -> None:
    ids = [goal.goal_id for goal in command.goals]
    if not ids:
        raise Refused("goal_missing", "data.goals")
    if len(set(ids)) < len(ids) or any(goal_id in state.goals for goal_id in ids):
        raise Refused("goal_exists", "data.goals.goal_id")


def _in_own_words(command: c.AgreePlan) -> bool:
    """Whether each goal has words. Together they are held to what one text may be, for they travel in one event."""
    words = [goal.words or "" for goal in command.goals]
    if sum(map(len, words)) > MAX_TEXT:
        raise Refused("text_too_long", "data.goals.words")
    return all(one.strip() for one in words)


def _running_referral(state: State, said: Said) -> str | None:
    """The referral that ran at that moment: the speaker's own as coach, else the one that started last."""
    running = [
        (one.coach == said.actor.id, one.started_at, one.referral_id)
        for one in state.referrals.values()
        if one.started_at is not None and one.started_at <= said.at and not _over(one, said)
    ]
    return max(running)[2] if running else None


def _over(referral: Referral, said: Said) -> bool:
    return referral.ended_at is not None and referral.ended_at <= said.at


def measure(state: State, command: c.MeasureGoal, said: Said) -> list[Happened]:
    """A score on a goal of this case."""
    _check_side(command.by_whom, said)
    if command.goal_id not in state.goals:
        raise Refused("goal_unknown", "data.goal_id")
    return stated(command)


def _check_side(by: str, said: Said) -> None:
    if said.actor.role == "citizen" and by != "citizen":
        raise Refused("not_your_side", "data.by", ["citizen"])


def correct_measurement(state: State, command: c.CorrectGoalMeasured, said: Said) -> list[Happened]:
    """The score that is corrected must be there; the fact always says which one it was."""
    _check_side(command.by_whom, said)
    goal = state.goals.get(command.goal_id)
    if goal is None:
        raise Refused("goal_unknown", "data.goal_id")
    scores = goal.measured.get(command.by_whom, ())
    latest = goal.latest(command.by_whom)
    if latest is None:
        raise Refused("measurement_unknown", "data.by")
    measured_at = command.measured_at or latest.at
    if all(one.at != measured_at for one in scores):
        raise Refused("measurement_unknown", "data.measured_at", [one.at.isoformat() for one in scores])
    fields = command.model_dump(by_alias=True) | {"measured_at": measured_at}
    return [Happened(e.GoalMeasuredCorrected(**fields))]


def adjust(state: State, command: c.AdjustPlan, said: Said) -> list[Happened]:
    """A plan changes for a reason that is on the log: a measurement or a return, there by then."""
    check_step("plan", "running" if command.plan_id in state.plans else "unknown", command)
    check_open(state, said)
    named = _cause(command)
    if named is None and not said.imported:
        raise Refused("cause_missing", "data.cause")
    if not said.imported and command.next_check_on is not None and command.next_check_on < local_day(said.at):
        raise Refused("check_before_plan", "data.next_check_on")
    cause = _happened(state, named, said) if named else None
    fact = e.PlanAdjusted(
        plan_id=command.plan_id, reason=command.reason, cause=cause, next_check_on=command.next_check_on
    )
    return [Happened(fact, unknown=() if cause else ("cause",))]


def _cause(command: c.AdjustPlan) -> e.Cause | None:
    """The one cause that was named: as such, or by the goal or the referral it was about."""
    named = [command.cause] if command.cause else []
    if command.goal_id:
        named.append(e.Cause(kind="measurement", id=command.goal_id))
    if command.referral_id:
        named.append(e.Cause(kind="return", id=command.referral_id))
    if len(named) > 1:
        raise Refused("cause_not_one", "data.cause")
    return named[0] if named else None


def _happened(state: State, cause: e.Cause, said: Said) -> e.Cause:
    """The cause with its moment: the measurement or return itself, there by then. Raises Refused."""
    there = [at for at in _moments(state, cause) if at <= said.at and cause.at in (None, at)]
    if not there:
        raise Refused("cause_unknown", "data.cause.id" if cause.at is None else "data.cause.at")
    return cause.model_copy(update={"at": max(there)})


def _moments(state: State, cause: e.Cause) -> list[datetime]:
    if cause.kind == "return":
        referral = state.referrals.get(cause.id)
        return [referral.returned_at] if referral is not None and referral.returned_at is not None else []
    goal = state.goals.get(cause.id)
    return [one.at for scores in goal.measured.values() for one in scores] if goal is not None else []
