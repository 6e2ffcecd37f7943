"""What a reader sees of a case: whose turn, open clocks, time per side, the attempts."""

from typing import Any

from services.referral.domain.clocks import running
from services.referral.domain.state import OPEN, Attempt, State
from shared.row import Row

DAY = 86_400


def row(state: State) -> Row:
    """The line of a list."""
    clocks = [one for attempt in state.attempts.values() for one in running(attempt)]
    armed = [one.due_at for one in clocks if one.armed and not one.fired]
    status = "none" if state.organisation else "closed" if state.closed_at and not _open(state) else "open"
    return Row(
        status=status,
        turn=state.turn.side if state.turn else "",
        caseworker=state.caseworker,
        providers=tuple(sorted({attempt.organisation for attempt in state.attempts.values()})),
        opened_at=state.opened_at,
        due_at=min((one.due_at for one in clocks if not one.fired), default=None),
        alarm_at=min(armed, default=None),
        overdue_since=min((one.due_at for one in clocks if one.fired), default=None),
    )


def _open(state: State) -> bool:
    return any(attempt.status in OPEN for attempt in state.attempts.values())


def view(state: State) -> dict[str, Any]:
    """What `GET /v1/cases/{id}` says besides the time line."""
    return {
        "turn": {"side": state.turn.side, "action": state.turn.action, "since": state.turn.since}
        if state.turn
        else None,
        "clocks": [
            {
                "clock": one.name,
                "referral_id": attempt.referral_id,
                "due_on": one.due_on,
                "waiting_for": one.waiting_for,
                "overdue": one.fired,
                "armed": one.armed,
            }
            for attempt in state.attempts.values()
            for one in running(attempt)
        ],
        "waited_days": {side: round(seconds / DAY, 3) for side, seconds in state.waited.items()},
        "detail": {
            "caseworker": state.caseworker or None,
            "returns": len(state.returns),
            "pumped_round": len(state.returns) >= 2,
            "diagnosed_at": state.diagnosed_at,
            "attempts": [_attempt(attempt) for attempt in state.attempts.values()],
        },
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    names = (
        "referral_id", "organisation", "trajectory", "status", "sequence", "warm", "sent_at", "accepted_at",
        "started_at", "first_contact_on", "coach", "suspension", "returned_at", "primary_reason", "disputed",
        "ended_at",
    )  # fmt: skip
    return {name: getattr(attempt, name) for name in names}
