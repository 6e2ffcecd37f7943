"""What others tell: that a case exists, that a benefit was granted or ended, who is a party, that it is closed."""

from typing import Any

from services.diagnosis import hearing as h
from services.diagnosis.domain.evolve import with_turn
from services.diagnosis.domain.state import Benefit, State
from shared.changing import replace
from shared.facts import Said
from shared.worktime import local_day


def learn(state: State | None, fact: Any, said: Said) -> State | None:
    """The state after another service's fact. None: a fact about a case not heard of yet."""
    if isinstance(fact, h.ApplicationReceived):
        fresh = State(opened_at=said.at, last_at=said.at, key=fact.case_key, municipality=said.municipality)
        return state or fresh
    if state is None:
        return None
    match fact:
        case h.BenefitDecided():
            decision = Benefit(fact.decided_on or local_day(said.at), fact.decision == "granted")
            # sorted by the day it was decided on; of one day, the last heard is the last word
            benefits = tuple(sorted((*state.benefits, decision), key=lambda one: one.on))
            return with_turn(replace(state, benefits=benefits), said)
        case h.ApplicationWithdrawn():
            return replace(state, withdrawn_at=said.at)
        case h.BenefitEnded():
            return replace(state, ended_on=fact.ended_on or local_day(said.at))
        case h.CaseClosed():
            return replace(state, closed_at=said.at)
        case h.CaseKeyDestroyed():
            return replace(state, key="")
        case h.ReferralSent():
            return replace(state, parties={**state.parties, fact.referral_id: fact.to_organisation})
        case h.AboutReferral():
            left = {name: party for name, party in state.parties.items() if name != fact.referral_id}
            return replace(state, parties=left)
    return state
