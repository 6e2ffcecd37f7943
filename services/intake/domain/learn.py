"""What referral tells: which organisations are parties of a case. Nothing that intake decides rests on it."""

from typing import Any

from services.intake import hearing as h
from services.intake.domain.state import State
from shared.changing import replace
from shared.facts import Said


def learn(state: State | None, fact: Any, _said: Said) -> State | None:
    """The state after another service's fact. None: a fact about a case not heard of yet."""
    if state is None:
        return None
    match fact:
        case h.ReferralSent():
            return replace(state, parties={**state.parties, fact.referral_id: fact.to_organisation})
        case h.AboutReferral():
            left = {name: party for name, party in state.parties.items() if name != fact.referral_id}
            return replace(state, parties=left)
    return state
