"""What other services tell: that a case exists, to whom it was referred, how that went, and when it is closed."""

from typing import Any

from services.outcome import hearing as h
from services.outcome.domain.state import Referral, State
from shared.changing import replace
from shared.facts import Said


def learn(state: State | None, fact: Any, said: Said) -> State | None:
    """The state after another service's fact. None: a fact about a case not heard of yet."""
    worker = said.actor.id if said.actor.role == "caseworker" else ""
    if isinstance(fact, h.ApplicationReceived):
        return state or State(opened_at=said.at, last_at=said.at, key=fact.case_key, caseworker=worker)
    if state is None:
        return None
    match fact:
        case h.CaseClosed():
            return replace(state, closed_at=said.at)
        case h.CaseKeyDestroyed():
            return replace(state, key="")
        case h.BenefitEnded():
            return replace(state, benefit_ended_at=said.at)
        case h.ReferralSent():
            sent = Referral(fact.referral_id, fact.to_organisation, fact.trajectory, "sent")
            return replace(_with(state, sent), caseworker=worker or state.caseworker)
        case h.AboutReferral():
            known = state.referrals.get(fact.referral_id)
            return _with(state, _moved(known, fact, said)) if known else state
    return state


def _with(state: State, referral: Referral) -> State:
    return replace(state, referrals={**state.referrals, referral.referral_id: referral})


def _moved(known: Referral, fact: h.AboutReferral, said: Said) -> Referral:
    match fact:
        case h.ReferralAccepted():
            return replace(known, status="accepted", coach=fact.coach)
        case h.TrajectoryStarted():
            return replace(known, status="started", started_at=said.at)
        case h.ReferralReturned():
            return replace(known, status="returned", returned_at=said.at, ended_at=said.at)
        case h.ReturnReviewed():
            return replace(known, status="reviewed")
        case h.TrajectoryCompleted():
            return replace(known, status="completed", ended_at=said.at)
        case h.ReferralWithdrawn():
            return replace(known, status="withdrawn", ended_at=said.at)
        case h.ReferralDeclined():
            return replace(known, status="declined", ended_at=said.at)
    return known
