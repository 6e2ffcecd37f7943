"""What a reader sees of a case: whose turn, open terms, goals with both sides' scores, work and what was reached."""

from dataclasses import asdict
from typing import Any

from services.outcome.domain.clocks import coming, running
from services.outcome.domain.state import Clock, Goal, State
from services.outcome.domain.turns import turn, waited
from shared.row import Row

DAY = 86_400


def row(state: State) -> Row:
    """The line of a list."""
    clocks = running(state)
    now = turn(state)
    return Row(
        status="closed" if state.closed_at else "open",
        turn=now.side if now else "",
        caseworker=state.caseworker,
        providers=tuple(sorted({one.organisation for one in state.referrals.values()})),
        opened_at=state.opened_at,
        due_at=min((one.due_at for one in clocks if not one.fired), default=None),
        alarm_at=min((one.due_at for one in coming(state)), default=None),
        overdue_since=min((one.due_at for one in clocks if one.fired), default=None),
    )


def view(state: State) -> dict[str, Any]:
    """What `GET /v1/cases/{id}` says besides the time line."""
    now = turn(state)
    return {
        "turn": {"side": now.side, "action": now.action, "since": now.since} if now else None,
        "clocks": [_clock(one) for one in running(state)],
        "waited_days": {side: round(seconds / DAY, 3) for side, seconds in waited(state).items()},
        "detail": {
            "caseworker": state.caseworker or None,
            "referrals": [asdict(one) for one in state.referrals.values()],
            "plans": [asdict(one) for one in state.plans.values()],
            "goals": [_goal(one) for one in state.goals.values()],
            "interventions": [asdict(one) | {"status": one.status} for one in state.interventions.values()],
            "jobs": [asdict(one) | {"status": one.status} for one in state.jobs.values()],
            "outcomes": [asdict(one) for one in state.outcomes],
            "reflections": state.reflections,
            "benefit_ended_at": state.benefit_ended_at,
            "closed_at": state.closed_at,
        },
    }


def _clock(one: Clock) -> dict[str, Any]:
    about = {"plan_id": one.about} if one.name == "check" else {"job_id": one.about, "months": one.months}
    return {
        "clock": one.name,
        **about,
        "due_on": one.due_on,
        "waiting_for": one.waiting_for,
        "overdue": one.fired,
        "armed": one.armed,
    }


def _goal(goal: Goal) -> dict[str, Any]:
    names = ("goal_id", "plan_id", "life_area", "factor", "measure", "owner")
    return {
        **{name: getattr(goal, name) for name in names},
        "citizen": _last(goal, "citizen"),
        "professional": _last(goal, "professional"),
        "measurements": sum(len(scores) for scores in goal.measured.values()),
    }


def _last(goal: Goal, by: Any) -> dict[str, Any] | None:
    latest = goal.latest(by)
    return {"score": latest.score, "at": latest.at} if latest else None
