"""How a fact of our own changes what is known. Texts are never kept."""

from typing import Any

from services.diagnosis import events as e
from services.diagnosis.codes import Side
from services.diagnosis.domain import clocks
from services.diagnosis.domain.state import (
    NEXT,
    Consultation,
    Decided,
    Diagnosis,
    Mapped,
    Scored,
    State,
    Turn,
    Weighed,
)
from shared.changing import replace
from shared.facts import Fact, Said
from shared.waiting import with_wait


def evolve(state: State | None, fact: Fact, said: Said) -> State:
    """The state after one of our own facts."""
    assert state is not None  # noqa: S101 - decide refuses before a fact of an unknown case is made
    worker = said.actor.id if said.actor.role == "caseworker" else state.caseworker
    known = replace(
        state,
        caseworker=worker,
        last_at=max(state.last_at, said.at),
        status=NEXT.get((state.status, fact.name), state.status),
    )
    return with_turn(_changed(known, fact, said), said)


def _changed(state: State, fact: Any, said: Said) -> State:
    match fact:
        case e.DiagnosisPlanned():
            return clocks.when_planned(state, fact.due_on, said)
        case e.DiagnosisStarted():
            return _started(state, fact, said)
        case e.LifeAreaMapped():
            area = _mapped(state.life_areas.get(fact.life_area), fact, said)
            return replace(state, life_areas={**state.life_areas, fact.life_area: area})
        case e.ConsultationRequested():
            return _asked(state, fact, said)
        case e.ConsultationAnswered():
            return _answered(state, fact, said)
        case e.DiagnosisOverdue() | e.ConsultationOverdue():
            return _fired(state, fact)
        case e.ArgumentRefused():
            return state
    return _latest(state, fact, said)


def _latest(state: State, fact: Any, said: Said) -> State:
    """What belongs to the latest diagnosis: its completion, its arguments, its direction."""
    latest = state.diagnoses[-1]
    match fact:
        case e.DiagnosisCompleted():
            factors = tuple(Scored(one.factor, one.score, one.direction, one.source) for one in fact.factors)
            latest = replace(latest, completed_at=said.at, completeness=fact.completeness, factors=factors)
        case e.ArgumentWeighed():
            argument = Weighed(fact.argument, fact.side, fact.weight, fact.factor, fact.by, said.at)
            latest = replace(latest, arguments=(*latest.arguments, argument))
        case e.DirectionDecided():
            view = fact.shared.citizen_view if fact.shared else None
            latest = replace(latest, direction=Decided(fact.direction, said.at, fact.framework_version, view))
        case e.DirectionContested() if latest.direction is not None:
            latest = replace(latest, direction=replace(latest.direction, contested_by=fact.by))
    return replace(state, diagnoses=(*state.diagnoses[:-1], latest))


def _mapped(known: Mapped | None, fact: e.LifeAreaMapped, said: Said) -> Mapped:
    """The area as it was mapped last; what a professional maps later takes nothing from the citizen's own view."""
    own = [said.at] if said.actor.role == "citizen" or fact.own_words is not None else []
    if known is not None and known.own_at is not None:
        own.append(known.own_at)
    own_at = max(own, default=None)
    if known is not None and known.at > said.at:
        return replace(known, own_at=own_at)
    return Mapped(fact.state, said.at, fact.support_wanted, own_at)


def _started(state: State, fact: e.DiagnosisStarted, said: Said) -> State:
    fresh = Diagnosis(fact.diagnosis_id, fact.instrument, fact.instrument_version, said.at)
    return replace(state, diagnoses=(*state.diagnoses, fresh), planned=None)


def _asked(state: State, fact: e.ConsultationRequested, said: Said) -> State:
    about = state.diagnoses[-1].diagnosis_id
    asked = Consultation(fact.consultation_id, about, fact.partner, clocks.when_requested(said))
    return replace(state, consultations={**state.consultations, fact.consultation_id: asked})


def _answered(state: State, fact: e.ConsultationAnswered, said: Said) -> State:
    asked = state.consultations[fact.consultation_id]
    answered = replace(asked, answered_at=said.at, answer_code=fact.answer_code)
    return replace(state, consultations={**state.consultations, fact.consultation_id: answered})


def _fired(state: State, fact: e.DiagnosisOverdue | e.ConsultationOverdue) -> State:
    if isinstance(fact, e.ConsultationOverdue):
        asked = state.consultations[fact.consultation_id]
        silent = replace(asked, clock=replace(asked.clock, fired=True))
        return replace(state, consultations={**state.consultations, fact.consultation_id: silent})
    return replace(state, planned=replace(state.planned, fired=True) if state.planned else None)


def with_turn(state: State, said: Said) -> State:
    """Whose turn it is now; when the turn changes side, the time it took is added to that side."""
    asked = _turn(state)
    now = state.turn
    if asked == ((now.side, now.action) if now else None):
        return state
    waited, since = state.waited, said.at
    if now is not None:
        if asked and asked[0] == now.side:
            since = now.since
        else:
            waited = with_wait(waited, now.side, now.since, said.at)
    return replace(state, turn=Turn(asked[0], asked[1], since) if asked else None, waited=waited)


def _turn(state: State) -> tuple[Side, str] | None:
    """Who is to act. Closing is left out: facts from before it may still come in; `view` looks at it."""
    if not state.benefits or state.refused:
        return None
    if state.status == "new" or (state.planned is not None and state.status != "started"):
        return "municipality", "diagnose"
    if state.status != "decided" and _partner_is_asked(state):
        return "partner", "answer"
    if state.status == "started":
        return "municipality", "complete_diagnosis"
    if state.status == "completed":
        return "municipality", "decide_direction"
    return ("municipality", "second_look") if second_look(state) else None


def _partner_is_asked(state: State) -> bool:
    about = state.diagnoses[-1].diagnosis_id
    return any(one.answered_at is None and one.diagnosis_id == about for one in state.consultations.values())


def second_look(state: State) -> bool:
    """Whether a second look at the direction is offered: the citizen disagrees, or somebody contests it."""
    direction = state.latest.direction if state.latest else None
    return direction is not None and (direction.citizen_view == "disagrees" or direction.contested_by is not None)
