"""Whose turn it is and how long it was: from what is known of the case alone, in whatever order it was heard."""

from datetime import datetime

from services.outcome.domain.clocks import running
from services.outcome.domain.state import Referral, State, Turn
from shared.waiting import with_wait


def turn(state: State) -> Turn | None:
    """Of all that is awaited, what has been awaited longest."""
    plans = [
        Turn("provider", "plan", one.started_at)
        for one in state.referrals.values()
        if one.started_at is not None and _planned_until(state, one) is None
    ]
    due = [Turn(one.waiting_for, one.name, one.due_at) for one in running(state) if one.fired]
    return min([*plans, *due], key=lambda one: one.since, default=None)


def waited(state: State) -> dict[str, float]:
    """Seconds per side that somebody was waited for; what is still awaited does not count yet."""
    seconds = dict(state.waited)
    for one in state.referrals.values():
        until = _planned_until(state, one)
        if one.started_at is not None and until is not None:
            seconds = with_wait(seconds, "provider", one.started_at, until)
    return seconds


def _planned_until(state: State, referral: Referral) -> datetime | None:
    """When the wait for a plan was over: a plan, the end of the referral or of the case. None while it lasts."""
    started = referral.started_at
    plans = [
        plan.agreed_at
        for plan in state.plans.values()
        if plan.referral_id == referral.referral_id
        or (plan.referral_id is None and started is not None and plan.agreed_at >= started)
    ]
    ends = [*plans, referral.ended_at, state.closed_at]
    return min((end for end in ends if end is not None), default=None)
