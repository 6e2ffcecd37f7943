"""What a reader sees of a case: whose turn, open terms, how far the application is. Not whom it is about."""

from typing import Any

from services.intake.domain.clocks import running
from services.intake.domain.erasing import lapses_at
from services.intake.domain.state import OVER, State
from shared.row import Row

DAY = 86_400
_SHOWN = (
    "application_id", "kind", "channel", "received_on", "case_mix", "decision", "decided_on", "end_reason",
    "ended_on", "closed_at", "close_reason", "earlier_case_id", "joined", "possible_duplicates",
)  # fmt: skip


def row(state: State) -> Row:
    """The line of a list."""
    clocks = running(state)
    alarms = [one.due_at for one in clocks if one.armed and not one.fired]
    alarms += [moment for moment in (lapses_at(state),) if moment is not None]
    return Row(
        status="closed" if state.status in OVER else "open",
        turn=state.turn.side if state.turn else "",
        caseworker=state.caseworker,
        providers=tuple(sorted(set(state.parties.values()))),
        opened_at=state.opened_at,
        due_at=min((one.due_at for one in clocks if not one.fired), default=None),
        alarm_at=min(alarms, default=None),
        overdue_since=min((one.due_at for one in clocks if one.fired), default=None),
    )


def view(state: State) -> dict[str, Any]:
    """What `GET /v1/cases/{id}` says besides the time line."""
    return {
        "turn": {"side": state.turn.side, "action": state.turn.action, "since": state.turn.since}
        if state.turn
        else None,
        "clocks": [
            {
                "clock": one.name,
                "due_on": one.due_on,
                "waiting_for": one.waiting_for,
                "overdue": one.fired,
                "armed": one.armed,
            }
            for one in running(state)
        ],
        "waited_days": {side: round(seconds / DAY, 3) for side, seconds in state.waited.items()},
        "detail": {
            "caseworker": state.caseworker or None,
            "step": state.status,
            **{name: getattr(state, name) for name in _SHOWN},
            "search": _search(state),
            "supplement": _supplement(state),
            "keeping": state.keeping,
            "erasure": state.erasure,
            "erased_at": state.erased_at,
        },
    }


def _search(state: State) -> dict[str, Any] | None:
    if state.search_until is None:
        return None
    return {"until_on": state.search_until, "ended_at": state.search_ended_at}


def _supplement(state: State) -> dict[str, Any] | None:
    """The question that is open."""
    asked = state.supplement
    return None if asked is None else {"since": asked.since, "until_on": asked.until_on}
