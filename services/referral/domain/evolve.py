"""How a fact changes what is known: of our own (`evolve`) and of others (`learn`). Texts are never kept."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.referral import events as e
from services.referral.codes import SIDES, USUAL, WAITS_FOR, Side
from services.referral.domain import clocks
from services.referral.domain.state import NEXT, OPEN, Attempt, Places, State, Status, Turn
from shared.changing import replace
from shared.facts import Fact, Said
from shared.waiting import with_wait

ACTIONS = {
    "sent": "receive",
    "received": "answer",
    "accepted": "start",
    "started": "progress",
    "returned": "review",
}
TO_REFER: tuple[Side, str] = ("municipality", "refer")
"""What is asked in a case where no attempt is open."""
_AWAKE: dict[str, Any] = {"before": None, "suspended_at": None, "suspended_by": None, "suspension": None}
"""What an attempt that does not rest has to say of a rest."""


def evolve(state: State | None, fact: Fact, said: Said) -> State:
    """The state after one of our own facts."""
    if isinstance(fact, e.CapacityStated):
        return _capacity(state, fact, said)
    assert state is not None  # noqa: S101 - decide refuses before a fact of an unknown case is made
    if isinstance(fact, e.PumpingRoundDetected):
        return replace(state, last_at=max(state.last_at, said.at))
    attempt = _attempt(state, fact, said)
    attempts = {**state.attempts, attempt.referral_id: attempt}
    turn, waited = _turned(state, attempts.values(), said)
    return replace(
        state,
        attempts=attempts,
        caseworker=said.actor.id if said.actor.role == "caseworker" else state.caseworker,
        last_at=max(state.last_at, said.at),
        turn=turn,
        waited=waited,
    )


def _attempt(state: State, fact: Any, said: Said) -> Attempt:
    if isinstance(fact, e.ReferralSent):
        return _sent(fact, said)
    attempt = state.attempts[fact.referral_id]
    match fact:
        case e.ReferralResumed():
            return _resumed(attempt, said)
        case e.ReferralSuspended():
            return _suspended(attempt, fact, said)
        case e.Overdue():
            return replace(attempt, clocks=clocks.fired(attempt, _clock_of(fact)))
        case e.TrajectoryStarted():
            return _started(state, attempt, said)
    status = NEXT[attempt.status, fact.name]
    return _moved(attempt if attempt.before is None else replace(attempt, **_AWAKE), status, fact, said)


def _moved(attempt: Attempt, status: Status, fact: Any, said: Said) -> Attempt:
    match fact:
        case e.ReferralReceived():
            return replace(attempt, status=status, clocks=clocks.without(attempt, "receipt"))
        case e.ReferralAccepted():
            return replace(
                attempt,
                status=status,
                accepted_at=said.at,
                coach=fact.coach,
                first_contact_on=fact.first_contact_on,
                clocks=clocks.when_accepted(attempt, said),
            )
        case e.AppointmentMissed():
            return attempt
        case e.ReferralReturned():
            due = clocks.when_returned(attempt, said)
            primary = _primary(fact.reasons)
            return replace(attempt, status=status, returned_at=said.at, primary_reason=primary, clocks=due)
        case e.ReturnReviewed():
            attempt = replace(
                attempt,
                disputed=not fact.agrees,
                primary_reason=_primary(fact.corrected_reasons or ()) or attempt.primary_reason,
            )
    return replace(attempt, status=status, ended_at=said.at, clocks=())


def _primary(reasons: Iterable[e.ReturnReason]) -> str | None:
    return next((one.code for one in reasons if one.primary), None)


def _sent(fact: e.ReferralSent, said: Said) -> Attempt:
    terms = fact.terms or USUAL
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
        terms=terms,
        clocks=clocks.when_sent(fact.respond_by, terms, said),
    )


def _started(state: State, attempt: Attempt, said: Said) -> Attempt:
    """A plan or a word of progress of after the start may have come in before we were told of the start."""
    started = replace(attempt, status="started", started_at=said.at, clocks=clocks.when_started(attempt, said))
    if has_plan(state, started):
        started = replace(started, clocks=clocks.without(started, "plan"))
    if state.progress_at is None or state.progress_at <= said.at:
        return started
    return clocks.when_progress(started, said, state.progress_at)


def has_plan(state: State, attempt: Attempt) -> bool:
    """Whether there is a plan for this attempt: one that names it, or one of after its start that names none."""
    unnamed = state.planned_at.get("")
    after = attempt.started_at is not None and unnamed is not None and unnamed >= attempt.started_at
    return after or attempt.referral_id in state.planned_at


def _suspended(attempt: Attempt, fact: e.ReferralSuspended, said: Said) -> Attempt:
    return replace(
        attempt,
        status="suspended",
        before=attempt.status,
        suspended_at=said.at,
        suspended_by=SIDES.get(said.actor.role),
        suspension=fact.reason,
    )


def _resumed(attempt: Attempt, said: Said) -> Attempt:
    """Back to what it was; the terms that stopped move by the time it rested."""
    assert attempt.before is not None  # noqa: S101 - only a suspended referral is resumed
    return replace(attempt, status=attempt.before, clocks=clocks.when_resumed(attempt, said.at), **_AWAKE)


def _clock_of(fact: e.Overdue) -> Any:
    names = {"progress_silent": "progress"}
    return names.get(fact.name) or fact.name.removesuffix("_overdue")


def _capacity(state: State | None, fact: e.CapacityStated, said: Said) -> State:
    known = state or State(opened_at=said.at, last_at=said.at, organisation=fact.organisation)
    places = {**known.capacity, fact.trajectory: Places(fact.places, fact.from_on)}
    return replace(known, capacity=places, last_at=max(known.last_at, said.at))


def _turned(state: State, attempts: Iterable[Attempt], said: Said) -> tuple[Turn, Mapping[str, float]]:
    """Whose turn it is now; when the turn changes side, the time it took is added to that side."""
    side, action = _asked_of(attempts)
    now = state.turn
    if now is None or side != now.side:
        waited = with_wait(state.waited, now.side, now.since, said.at) if now else state.waited
        return Turn(side, action, said.at), waited
    return (now if action == now.action else replace(now, action=action)), state.waited


def _asked_of(attempts: Iterable[Attempt]) -> tuple[Side, str]:
    """The newest open attempt tells; without one the municipality is to refer.

    Closing is left out: facts from before it may still come in; `view` looks at it.
    """
    going = [attempt for attempt in attempts if attempt.status in OPEN]
    return asked(max(going, key=lambda one: one.sequence)) if going else TO_REFER


def asked(attempt: Attempt) -> tuple[Side, str]:
    """Who is to act in an open attempt, and what is asked."""
    if attempt.status == "suspended":
        return WAITS_FOR[attempt.suspension or "illness"], "resume"
    return ("municipality" if attempt.status == "returned" else "provider"), ACTIONS[attempt.status]
