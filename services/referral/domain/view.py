"""What a reader sees of a case: whose turn, open clocks, time per side, the attempts."""

from collections.abc import Mapping
from typing import Any

from services.referral.domain.clocks import running
from services.referral.domain.evolve import asked
from services.referral.domain.state import OPEN, Attempt, State, Turn
from shared.row import Row
from shared.waiting import with_wait

DAY = 86_400


def row(state: State) -> Row:
    """The line of a list."""
    clocks = [one for attempt in state.attempts.values() for one in running(attempt)]
    armed = [one.due_at for one in clocks if one.armed and not one.fired]
    turn, _ = _turn(state)
    status = "none" if state.organisation else "closed" if state.closed_at and not _open(state) else "open"
    return Row(
        status=status,
        turn=turn.side if turn else "",
        caseworker=state.caseworker,
        providers=_parties(state),
        opened_at=state.opened_at,
        due_at=min((one.due_at for one in clocks if not one.fired), default=None),
        alarm_at=min(armed, default=None),
        overdue_since=min((one.due_at for one in clocks if one.fired), default=None),
    )


def _parties(state: State) -> tuple[str, ...]:
    """The organisations that were asked; of what an organisation says of itself, the organisation."""
    return (
        (state.organisation,)
        if state.organisation
        else tuple(sorted({one.organisation for one in state.attempts.values()}))
    )


def _open(state: State) -> bool:
    return any(attempt.status in OPEN for attempt in state.attempts.values())


def _turn(state: State) -> tuple[Turn | None, Mapping[str, float]]:
    """Whose turn it is, and the time per side: in a closed case nobody has to refer, until then it was a wait."""
    if state.turn is None or state.closed_at is None or _open(state):
        return state.turn, state.waited
    return None, with_wait(state.waited, state.turn.side, state.turn.since, state.closed_at)


def view(state: State) -> dict[str, Any]:
    """What `GET /v1/cases/{id}` says besides the time line."""
    turn, waited = _turn(state)
    return {
        "turn": {"side": turn.side, "action": turn.action, "since": turn.since} if turn else None,
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
        "waited_days": {side: round(seconds / DAY, 3) for side, seconds in waited.items()},
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
        "started_at", "first_contact_on", "coach", "suspension", "suspended_by", "returned_at", "primary_reason",
        "disputed", "ended_at", "terms",
    )  # fmt: skip
    side, action = asked(attempt) if attempt.status in OPEN else (None, None)
    return {name: getattr(attempt, name) for name in names} | {"turn": side, "action": action}
