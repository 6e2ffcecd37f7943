"""How a fact changes what is known: of our own (`evolve`) and of others (`learn`). Texts are never kept."""

from dataclasses import replace
from typing import Any

from services.referral import events as e
from services.referral.codes import WAITS_FOR
from services.referral.domain import clocks
from services.referral.domain.state import NEXT, OPEN, Attempt, Places, State, Turn
from shared.facts import Fact, Said

ACTIONS = {
    "sent": "receive",
    "received": "answer",
    "accepted": "start",
    "started": "progress",
    "returned": "review",
}


def evolve(state: State | None, fact: Fact, said: Said) -> State:
    """The state after one of our own facts."""
    if isinstance(fact, e.CapacityStated):
        return _capacity(state, fact, said)
    assert state is not None  # noqa: S101 - decide refuses before a fact of an unknown case is made
    if isinstance(fact, e.PumpingRoundDetected):
        return replace(state, last_at=max(state.last_at, said.at))
    attempt = _attempt(state, fact, said)
    worker = said.actor.id if said.actor.role == "caseworker" else state.caseworker
    after = replace(
        state,
        attempts={**state.attempts, attempt.referral_id: attempt},
        caseworker=worker,
        last_at=max(state.last_at, said.at),
    )
    return with_turn(after, said)


def _attempt(state: State, fact: Any, said: Said) -> Attempt:
    if isinstance(fact, e.ReferralSent):
        return clocks.when_sent(_sent(fact, said), said)
    attempt = state.attempts[fact.referral_id]
    match fact:
        case e.ReferralResumed():
            return _resumed(attempt, said)
        case e.ReferralSuspended():
            return _suspended(attempt, fact, said)
        case e.Overdue():
            return clocks.fired(attempt, _clock_of(fact))
    return _moved(replace(attempt, status=NEXT[attempt.status, fact.name]), fact, said)


def _moved(attempt: Attempt, fact: Any, said: Said) -> Attempt:
    match fact:
        case e.ReferralReceived():
            return clocks.without(attempt, "receipt")
        case e.ReferralAccepted():
            accepted = replace(attempt, accepted_at=said.at, coach=fact.coach, first_contact_on=fact.first_contact_on)
            return clocks.when_accepted(accepted, said)
        case e.TrajectoryStarted():
            return clocks.when_started(replace(attempt, started_at=said.at), said)
        case e.AppointmentMissed():
            return attempt
        case e.ReferralReturned():
            primary = next(one.code for one in fact.reasons if one.primary)
            returned = replace(attempt, returned_at=said.at, primary_reason=primary)
            return clocks.when_returned(returned, said)
        case e.ReturnReviewed():
            corrected: list[str | None] = [one.code for one in fact.corrected_reasons or () if one.primary]
            reviewed = replace(
                attempt, disputed=not fact.agrees, primary_reason=(corrected or [attempt.primary_reason])[0]
            )
            return replace(reviewed, ended_at=said.at, clocks=())
    return replace(attempt, ended_at=said.at, clocks=())


def _sent(fact: e.ReferralSent, said: Said) -> Attempt:
    return Attempt(
        referral_id=fact.referral_id,
        organisation=fact.to_organisation,
        trajectory=fact.trajectory,
        status="sent",
        sequence=fact.sequence_in_case,
        warm=fact.warm,
        sent_at=said.at,
        respond_by=fact.respond_by,
        start_by=fact.start_by,
    )


def _suspended(attempt: Attempt, fact: e.ReferralSuspended, said: Said) -> Attempt:
    return replace(attempt, status="suspended", before=attempt.status, suspended_at=said.at, suspension=fact.reason)


def _resumed(attempt: Attempt, said: Said) -> Attempt:
    """Back to what it was; the terms move by the time it rested."""
    assert attempt.before is not None  # noqa: S101 - only a suspended referral is resumed
    assert attempt.suspended_at is not None  # noqa: S101 - as above
    back = replace(attempt, status=attempt.before, before=None, suspended_at=None, suspension=None)
    return clocks.shifted(back, max(said.at - attempt.suspended_at, said.at - said.at))


def _clock_of(fact: e.Overdue) -> Any:
    names = {"progress_silent": "progress"}
    return names.get(fact.name) or fact.name.removesuffix("_overdue")


def _capacity(state: State | None, fact: e.CapacityStated, said: Said) -> State:
    known = state or State(opened_at=said.at, last_at=said.at, organisation=fact.organisation)
    places = {**known.capacity, fact.trajectory: Places(fact.places, fact.from_on)}
    return replace(known, capacity=places, last_at=max(known.last_at, said.at))


def with_turn(state: State, said: Said) -> State:
    """Whose turn it is now; when the turn changes side, the time it took is added to that side."""
    side_and_action = _turn(state)
    now = state.turn
    if side_and_action == ((now.side, now.action) if now else None):
        return state
    waited = state.waited
    since = said.at
    if now is not None:
        if side_and_action and side_and_action[0] == now.side:
            since = now.since
        else:
            spent = max(0.0, (said.at - now.since).total_seconds())
            waited = {**waited, now.side: waited.get(now.side, 0.0) + spent}
    turn = Turn(side_and_action[0], side_and_action[1], since) if side_and_action else None
    return replace(state, turn=turn, waited=waited)


def _turn(state: State) -> tuple[Any, str] | None:
    """The newest open attempt tells; without one the municipality is to refer, until the case is closed."""
    going = [attempt for attempt in state.attempts.values() if attempt.status in OPEN]
    if not going:
        return None if state.closed_at else ("municipality", "refer")
    attempt = max(going, key=lambda one: one.sequence)
    if attempt.status == "suspended":
        return WAITS_FOR[attempt.suspension or "illness"], "resume"
    return ("municipality" if attempt.status == "returned" else "provider"), ACTIONS[attempt.status]
