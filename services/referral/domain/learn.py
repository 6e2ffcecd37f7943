"""What other services tell: that a case exists, is diagnosed, makes progress, is closed."""

from dataclasses import replace
from typing import Any

from services.referral import hearing as h
from services.referral.domain import clocks
from services.referral.domain.evolve import with_turn
from services.referral.domain.state import State
from shared.facts import Said


def learn(state: State | None, fact: Any, said: Said) -> State | None:
    """The state after another service's fact. None: a fact about a case not heard of yet."""
    if isinstance(fact, h.ApplicationReceived):
        return state or with_turn(State(opened_at=said.at, last_at=said.at, key=fact.case_key), said)
    if state is None:
        return None
    match fact:
        case h.DiagnosisCompleted():
            return replace(state, diagnosed_at=tuple(sorted({*state.diagnosed_at, said.at})))
        case h.CaseClosed():
            return with_turn(replace(state, closed_at=said.at), said)
        case h.Progress():
            planned = isinstance(fact, h.PlanAgreed)
            attempts = {
                referral_id: clocks.when_progress(attempt, said, planned)
                for referral_id, attempt in state.attempts.items()
            }
            return replace(state, attempts=attempts)
    return state
