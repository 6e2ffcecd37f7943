"""Decides: a command and what is known lead to facts, or to a refusal with its reason."""

from datetime import timedelta
from typing import Any, NoReturn

from services.referral import commands as c
from services.referral import events as e
from services.referral.domain import clocks
from services.referral.domain.returns import checked_reason, checked_reasons, consequence_of
from services.referral.domain.state import NEXT, OPEN, PHASES, Attempt, State
from shared.facts import SYSTEM, Actor, Command, Fact, Happened, Said
from shared.refusals import Refused
from shared.worktime import add_working_days, local_day

STALE = timedelta(days=365)
OVERDUE: dict[str, type[e.Overdue]] = {
    "receipt": e.ReceiptOverdue,
    "response": e.ResponseOverdue,
    "start": e.StartOverdue,
    "plan": e.PlanOverdue,
    "progress": e.ProgressSilent,
    "review": e.ReviewOverdue,
}


def decide(state: State | None, command: Command, said: Said) -> list[Happened]:
    """The facts that follow from the command. Raises Refused."""
    if isinstance(command, c.StateCapacity):
        return [Happened(e.CapacityStated(**command.model_dump()))]
    if state is None or state.organisation is not None:
        raise Refused("case_unknown")
    if isinstance(command, c.SendReferral):
        return _send(state, command, said)
    if isinstance(command, c.ReferralCommand):
        return _about(state, command, said)
    return _overdue(state, said)


def _about(state: State, command: c.ReferralCommand, said: Said) -> list[Happened]:
    attempt = state.attempts.get(command.referral_id)
    if attempt is None:
        raise Refused("referral_unknown", "data.referral_id")
    _check_provider(attempt, said)
    if (attempt.status, command.fact) not in NEXT and not _resumes(attempt, command):
        _refuse_step(attempt, command)
    match command:
        case c.AcceptReferral():
            return _accept(attempt, command)
        case c.ReturnReferral():
            return _return(state, attempt, command, said)
        case c.ReviewReturn():
            return _review(attempt, command, said)
        case c.DeclineReferral():
            checked_reason(command.reason, "data.reason", command.explanation)
        case c.WithdrawReferral():
            checked_reason(command.reason, "data.reason", None, narrative_asked=False)
    return [Happened(_plain(command))]


def _plain(command: c.ReferralCommand) -> Fact:
    """The fact that says what the command said."""
    return e.FACTS[command.fact](**command.model_dump(by_alias=True))


def _resumes(attempt: Attempt, command: Command) -> bool:
    return isinstance(command, c.ResumeReferral) and attempt.status == "suspended"


def _refuse_step(attempt: Attempt, command: Command) -> NoReturn:
    """Says what would have been possible now."""
    possible = sorted(fact for status, fact in NEXT if status == attempt.status)
    if attempt.status == "suspended":
        possible.append("referral_resumed")
    raise Refused("step_not_possible", "fact", possible)


def _check_provider(attempt: Attempt, said: Said) -> None:
    """Only the organisation addressed may answer; who works for none is not the provider."""
    if said.actor.role not in ("coach", "system") or said.imported or said.actor == SYSTEM:
        return
    if said.organisation is None:
        raise Refused("organisation_missing", "actor.organisation")
    if said.organisation != attempt.organisation:
        raise Refused("not_addressed", "actor.organisation")


def _send(state: State, command: c.SendReferral, said: Said) -> list[Happened]:
    if command.referral_id in state.attempts:
        raise Refused("referral_exists", "data.referral_id")
    if state.closed_at is not None and state.closed_at <= said.at:
        raise Refused("case_closed")
    if command.previous_referral_id is not None and command.previous_referral_id not in state.attempts:
        raise Refused("previous_unknown", "data.previous_referral_id")
    if any(a.trajectory == command.trajectory and a.status in OPEN for a in state.attempts.values()):
        raise Refused("already_referred", "data.trajectory")
    return [Happened(_sent(state, command, said), warnings=_warnings(state, said))]


def _sent(state: State, command: c.SendReferral, said: Said) -> e.ReferralSent:
    respond_by = command.respond_by or add_working_days(local_day(said.at), clocks.RESPONSE_DAYS)
    previous = max(state.attempts.values(), key=lambda one: one.sequence, default=None)
    return e.ReferralSent(
        referral_id=command.referral_id,
        from_organisation=command.from_organisation,
        to_organisation=command.to_organisation,
        trajectory=command.trajectory,
        goal=command.goal,
        factors=command.factors,
        warm=command.warm,
        respond_by=respond_by,
        start_by=command.start_by or add_working_days(respond_by, clocks.START_DAYS),
        previous_referral_id=command.previous_referral_id or (previous.referral_id if previous else None),
        sequence_in_case=len(state.attempts) + 1,
    )


def _warnings(state: State, said: Said) -> tuple[str, ...]:
    """What a person should know before referring; it warns, it never decides."""
    found = []
    diagnosed = [at for at in state.diagnosed_at if at <= said.at]
    returns = [at for at in state.returns if at <= said.at]
    if not diagnosed:
        found.append("diagnosis_missing")
    elif said.at - diagnosed[-1] > STALE or any(at > diagnosed[-1] for at in returns):
        found.append("diagnosis_stale")
    if len(returns) >= 2:
        found.append("pumping_round")
    return tuple(found)


def _accept(attempt: Attempt, command: c.AcceptReferral) -> list[Happened]:
    """Accepting what was only sent implies that it was received: both facts are recorded."""
    accepted = Happened(_plain(command))
    if attempt.status == "sent":
        return [Happened(e.ReferralReceived(referral_id=attempt.referral_id), implied=True), accepted]
    return [accepted]


def _return(state: State, attempt: Attempt, command: c.ReturnReferral, said: Said) -> list[Happened]:
    checked_reasons(command.reasons, "data.reasons", command.narrative)
    status = attempt.before if attempt.status == "suspended" else attempt.status
    fact = e.ReferralReturned(phase=PHASES[status or "started"], **_fields(command))
    unknown = tuple(name for name in command.asked if getattr(command, name) is None)
    facts = [Happened(fact, unknown=unknown)]
    returns = sorted([*state.returns, said.at])
    if len(returns) >= 2:
        days = (returns[-1] - returns[0]).days
        round_trip = e.PumpingRoundDetected(returns=len(returns), days_between_first_and_last=days)
        facts.append(Happened(round_trip, actor=SYSTEM))
    return facts


def _fields(command: Command) -> dict[str, Any]:
    return {name: getattr(command, name) for name in type(command).model_fields}


def _review(attempt: Attempt, command: c.ReviewReturn, said: Said) -> list[Happened]:
    if command.corrected_reasons is not None:
        checked_reasons(command.corrected_reasons, "data.corrected_reasons", command.lesson)
    differs = command.next != consequence_of(attempt.primary_reason or "other")
    if differs and command.lesson is None and not said.imported:
        raise Refused("lesson_missing", "data.lesson")
    unknown = ("lesson",) if differs and command.lesson is None else ()
    warnings = ("consequence_differs",) if differs else ()
    return [Happened(_plain(command), warnings=warnings, unknown=unknown)]


def _overdue(state: State, said: Said) -> list[Happened]:
    """What has become overdue and was not said yet."""
    return [
        Happened(_overdue_fact(attempt, one), actor=Actor(role="system", id="system"))
        for attempt in state.attempts.values()
        for one in clocks.overdue(attempt, said.now)
    ]


def _overdue_fact(attempt: Attempt, one: Any) -> e.Overdue:
    return OVERDUE[one.name](referral_id=attempt.referral_id, due_on=one.due_on, waiting_for=one.waiting_for)
