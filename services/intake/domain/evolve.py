"""How a fact of our own changes what is known."""

from datetime import datetime
from typing import Any

from services.intake import events as e
from services.intake.codes import Side
from services.intake.domain import clocks, erasing
from services.intake.domain.receiving import mix_of
from services.intake.domain.state import RUNNING, STEPS, State, Status, Turn
from shared.changing import replace
from shared.facts import Fact, Said
from shared.waiting import with_wait
from shared.worktime import end_of


def evolve(state: State | None, fact: Fact, said: Said) -> State:
    """The state after one of our own facts."""
    worker = said.actor.id if said.actor.role == "caseworker" else ""
    if isinstance(fact, e.ApplicationReceived):
        return with_turn(_received(fact, said, worker), said)
    assert state is not None  # noqa: S101 - decide refuses before a fact of an unknown case is made
    if isinstance(fact, erasing.FACTS):
        return erasing.evolve(state, fact, said)
    known = replace(
        state,
        caseworker=worker or state.caseworker,
        last_at=max(state.last_at, said.at),
        status=_status(state, fact),
    )
    after = _changed(known, fact, said)
    return with_turn(replace(after, over_at=_over_at(state, after, said)), said)


def _received(fact: e.ApplicationReceived, said: Said, worker: str) -> State:
    return State(
        opened_at=said.at,
        last_at=said.at,
        key=fact.case_key,
        application_id=fact.application_id,
        kind=fact.kind,
        channel=fact.channel,
        received_on=fact.received_on,
        case_mix=mix_of(fact.case_mix),
        caseworker=worker,
        earlier_case_id=fact.earlier_case_id,
        possible_duplicates=tuple(fact.possible_duplicates or ()),
        clocks=clocks.when_received(fact.received_on, said),
    )


def _status(state: State, fact: Fact) -> Status:
    """The decision itself is the status it leads to."""
    if isinstance(fact, e.BenefitDecided):
        return fact.decision
    return STEPS.get((state.status, fact.name), state.status)


def _changed(state: State, fact: Any, said: Said) -> State:
    match fact:
        case e.SearchPeriodStarted():
            return clocks.when_search_starts(state, fact.until_on, said)
        case e.SearchPeriodEnded():
            return clocks.when_search_ends(replace(state, search_ended_at=said.at), said)
        case e.SupplementRequested():
            return clocks.when_requested(state, fact.until_on, said)
        case e.SupplementReceived():
            return clocks.when_answered(state, said)
        case e.DecisionOverdue():
            return clocks.fired(state)
        case e.CaseJoined():
            return replace(state, earlier_case_id=fact.earlier_case_id, joined=True)
    return clocks.when_decided(_ended(state, fact, said))


def _ended(state: State, fact: Any, said: Said) -> State:
    """What ends something: a decision, a withdrawal, the end of the benefit, the closing."""
    match fact:
        case e.BenefitDecided():
            return replace(state, decision=fact.decision, decided_on=fact.decided_on, decided_at=said.at)
        case e.BenefitEnded():
            return replace(state, end_reason=fact.reason, ended_on=fact.ended_on)
        case e.CaseClosed():
            return replace(state, closed_at=said.at, close_reason=fact.reason)
    return state


def _over_at(before: State, after: State, said: Said) -> datetime | None:
    """Since when nothing runs. The end of a benefit counts from its own day, also when it is told later."""
    if after.status in RUNNING:
        return None
    moments = [before.over_at or said.at]
    if after.ended_on is not None:
        moments.append(end_of(after.ended_on))
    return max(min(moments), after.opened_at)


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
    """Who is to act; once the benefit is granted it is diagnosis that tells."""
    if state.status == "supplement":
        return "citizen", "supplement"
    if state.status == "received":
        searches = state.search_until is not None and state.search_ended_at is None
        return ("citizen", "search") if searches else ("municipality", "decide")
    return ("municipality", "close") if state.status == "ended" else None
