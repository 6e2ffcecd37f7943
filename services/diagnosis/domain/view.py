"""What a reader sees of a case: what speaks for, what against, what is missing; in the order it was recorded.

Nothing here adds up, ranks or proposes: the direction is decided by people.
"""

from typing import Any

from services.diagnosis.codes import DIRECTIONS, OWN_MOTIVATION
from services.diagnosis.domain import clocks
from services.diagnosis.domain.completing import missing_factors, own_view
from services.diagnosis.domain.direction import consulted, grey, motivation_weighed, standing
from services.diagnosis.domain.evolve import second_look
from services.diagnosis.domain.state import Clock, Consultation, Diagnosis, State, Turn
from shared.row import Row
from shared.waiting import with_wait

DAY = 86_400


def row(state: State) -> Row:
    """The line of a list."""
    running = clocks.running(state)
    over = state.over_at is not None or state.refused
    turn, _ = _turn(state)
    return Row(
        status="closed" if over else "open",
        turn=turn.side if turn else "",
        caseworker=state.caseworker,
        providers=tuple(sorted(set(state.parties.values()))),
        opened_at=state.opened_at,
        due_at=min((one.due_at for one in running if not one.fired), default=None),
        alarm_at=min((one.due_at for one in running if one.armed and not one.fired), default=None),
        overdue_since=min((one.due_at for one in running if one.fired), default=None),
    )


def _turn(state: State) -> tuple[Turn | None, dict[str, float]]:
    """Whose turn it is, and the time per side: when all is over the turn is nobody's, and its time is counted."""
    if state.turn is None or state.over_at is None:
        return state.turn, state.waited
    return None, with_wait(state.waited, state.turn.side, state.turn.since, state.over_at)


def view(state: State) -> dict[str, Any]:
    """What `GET /v1/cases/{id}` says besides the time line."""
    turn, waited = _turn(state)
    return {
        "turn": {"side": turn.side, "action": turn.action, "since": turn.since} if turn else None,
        "clocks": _clocks(state),
        "waited_days": {side: round(seconds / DAY, 3) for side, seconds in waited.items()},
        "detail": {
            "caseworker": state.caseworker or None,
            "step": state.status,
            "benefit_since": state.benefit_since,
            "diagnosed_on": state.diagnosed_on,
            "life_areas": [
                {
                    "life_area": name,
                    "state": area.state,
                    "own": area.own_at is not None,
                    "support_wanted": area.support_wanted,
                }
                for name, area in state.life_areas.items()
            ],
            "diagnosis": _diagnosis(state.latest),
            "consultations": [_consultation(one) for one in state.consultations.values()],
            "speaks": _speaks(state.latest),
            "missing": missing(state),
            "second_look": second_look(state),
            "earlier": [_diagnosis(one) for one in state.diagnoses[:-1]],
        },
    }


def _clocks(state: State) -> list[dict[str, Any]]:
    plan = clocks.plan_of(state)
    found = [_clock("diagnosis", plan)] if plan else []
    return found + [
        _clock("consultation", one.clock) | {"consultation_id": one.consultation_id}
        for one in clocks.consultations_of(state)
    ]


def _clock(name: str, one: Clock) -> dict[str, Any]:
    return {
        "clock": name,
        "due_on": one.due_on,
        "waiting_for": one.waiting_for,
        "overdue": one.fired,
        "armed": one.armed,
    }


def _diagnosis(one: Diagnosis | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "diagnosis_id": one.diagnosis_id,
        "instrument": one.instrument,
        "instrument_version": one.instrument_version,
        "started_at": one.started_at,
        "completed_at": one.completed_at,
        "completeness": one.completeness,
        "factors": one.factors,
        "arguments": one.arguments,
        "direction": one.direction,
    }


def _consultation(one: Consultation) -> dict[str, Any]:
    return {
        "consultation_id": one.consultation_id,
        "diagnosis_id": one.diagnosis_id,
        "partner": one.partner,
        "due_on": one.clock.due_on,
        "answered_at": one.answered_at,
        "answer_code": one.answer_code,
        "overdue": one.clock.fired and one.answered_at is None,
    }


def _speaks(diagnosis: Diagnosis | None) -> dict[str, dict[str, list[str]]]:
    """Per side the arguments for it, and those for another side."""
    arguments = standing(diagnosis.arguments) if diagnosis else ()
    return {
        side: {
            "for": [one.argument for one in arguments if one.side == side],
            "against": [one.argument for one in arguments if one.side != side],
        }
        for side in DIRECTIONS
    }


def missing(state: State) -> list[str]:
    """What is not there yet, by name. It is for people to see, not to be counted."""
    diagnosis = state.latest
    if diagnosis is None:
        return ["diagnosis"]
    found: list[str] = []
    if diagnosis.completed_at is None:
        found += ["completion", *([] if own_view(state, state.last_at) else ["own_view"])]
    found += missing_factors(one.factor for one in diagnosis.factors)
    arguments = standing(diagnosis.arguments)
    if not motivation_weighed(arguments):
        found.append(OWN_MOTIVATION)
    if grey(arguments) and not consulted(state, diagnosis, state.last_at):
        found.append("consultation")
    return found if diagnosis.direction else [*found, "direction"]
