"""What other services tell: that a case exists, is diagnosed, makes progress, is closed."""

from typing import Any

from services.referral import hearing as h
from services.referral.domain import clocks
from services.referral.domain.evolve import TO_REFER, has_plan
from services.referral.domain.state import State, Turn
from shared.changing import replace
from shared.facts import Said


def learn(state: State | None, fact: Any, said: Said) -> State | None:
    """The state after another service's fact. None: a fact about a case not heard of yet."""
    if isinstance(fact, h.ApplicationReceived):
        return state or State(said.at, said.at, fact.case_key, turn=Turn(*TO_REFER, said.at))
    if state is None:
        return None
    match fact:
        case h.DiagnosisCompleted():
            return replace(state, diagnosed_at=tuple(sorted({*state.diagnosed_at, said.at})))
        case h.CaseClosed():
            return replace(state, closed_at=said.at)
        case h.CaseKeyDestroyed():
            return replace(state, key="")
        case h.PlanAgreed():
            return _progressed(_planned(state, fact, said), said)
        case h.Progress():
            return _progressed(state, said)
    return state


def _planned(state: State, plan: h.PlanAgreed, said: Said) -> State:
    """A plan ends the wait for one: of the referral it names, or of all that ran then when it names none."""
    number = plan.referral_id or ""
    last = max(said.at, state.planned_at.get(number, said.at))
    known = replace(state, planned_at={**state.planned_at, number: last})
    awaited = {
        referral_id: replace(attempt, clocks=clocks.without(attempt, "plan")) if has_plan(known, attempt) else attempt
        for referral_id, attempt in state.attempts.items()
    }
    return replace(known, attempts=awaited)


def _progressed(state: State, said: Said) -> State:
    heard = {number: clocks.when_progress(attempt, said, said.at) for number, attempt in state.attempts.items()}
    return replace(state, attempts=heard, progress_at=max(said.at, state.progress_at or said.at))
