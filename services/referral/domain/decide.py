"""Decides: a command and what is known lead to facts, or to a refusal with its reason."""

from typing import Any, NoReturn

from services.referral import commands as c
from services.referral import events as e
from services.referral.domain import clocks
from services.referral.domain.contracts import Contracts
from services.referral.domain.returns import checked_reason, checked_reasons, consequence_of
from services.referral.domain.sending import send
from services.referral.domain.state import NEXT, PHASES, Attempt, State
from services.referral.domain.who import check_addressed, check_municipality, check_own, check_resuming
from shared.facts import SYSTEM, Command, Fact, Happened, Said
from shared.refusals import Refused

NO_CONTRACTS: Contracts = {}
OVERDUE: dict[str, type[e.Overdue]] = {
    "receipt": e.ReceiptOverdue,
    "response": e.ResponseOverdue,
    "start": e.StartOverdue,
    "plan": e.PlanOverdue,
    "progress": e.ProgressSilent,
    "review": e.ReviewOverdue,
}


def decide(state: State | None, command: Command, said: Said, contracts: Contracts = NO_CONTRACTS) -> list[Happened]:
    """The facts that follow from the command, under what contracts say. Raises Refused."""
    if isinstance(command, c.StateCapacity):
        check_own(command.organisation, said)
        return [Happened(e.CapacityStated(**command.model_dump()))]
    if state is None or state.organisation is not None:
        raise Refused("case_unknown")
    check_municipality(command, said)
    if isinstance(command, c.SendReferral):
        return send(state, command, said, contracts)
    if isinstance(command, c.ReferralCommand):
        return _about(state, command, said)
    return _overdue(state, said)


def _about(state: State, command: c.ReferralCommand, said: Said) -> list[Happened]:
    attempt = state.attempts.get(command.referral_id)
    if attempt is None:
        raise Refused("referral_unknown", "data.referral_id")
    check_addressed(attempt.organisation, said)
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
            checked_reason(command.reason, "data.reason", command.explanation, "data.explanation")
        case c.WithdrawReferral():
            checked_reason(command.reason, "data.reason")
        case c.ResumeReferral():
            check_resuming(attempt, said)
    return [Happened(_plain(command), unknown=_unknown(command))]


def _unknown(command: Command) -> tuple[str, ...]:
    """What had to be said today and history could not tell."""
    return tuple(name for name in command.asked if getattr(command, name) is None)


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


def _accept(attempt: Attempt, command: c.AcceptReferral) -> list[Happened]:
    """Accepting what was only sent implies that it was received: both facts are recorded."""
    accepted = Happened(_plain(command))
    if attempt.status == "sent":
        return [Happened(e.ReferralReceived(referral_id=attempt.referral_id), implied=True), accepted]
    return [accepted]


def _return(state: State, attempt: Attempt, command: c.ReturnReferral, said: Said) -> list[Happened]:
    checked_reasons(command.reasons, "data.reasons", command.narrative, "data.narrative")
    status = attempt.before if attempt.status == "suspended" else attempt.status
    fact = e.ReferralReturned(phase=PHASES[status or "started"], **_fields(command))
    facts = [Happened(fact, unknown=_unknown(command))]
    returns = sorted([*state.returns, said.at])
    if len(returns) >= 2:
        days = (returns[-1] - returns[0]).days
        round_trip = e.PumpingRoundDetected(returns=len(returns), days_between_first_and_last=days)
        facts.append(Happened(round_trip, actor=SYSTEM))
    return facts


def _fields(command: Command) -> dict[str, Any]:
    return {name: getattr(command, name) for name in type(command).model_fields}


def _review(attempt: Attempt, command: c.ReviewReturn, said: Said) -> list[Happened]:
    """The reason that holds leads to what is next; another choice says why."""
    if command.corrected_reasons is not None:
        checked_reasons(command.corrected_reasons, "data.corrected_reasons", command.lesson, "data.lesson")
    corrected = [one.code for one in command.corrected_reasons or () if one.primary]
    differs = command.next != consequence_of((corrected or [attempt.primary_reason or "other"])[0])
    if differs and command.lesson is None and not said.imported:
        raise Refused("lesson_missing", "data.lesson")
    unknown = ("lesson",) if differs and command.lesson is None else ()
    warnings = ("consequence_differs",) if differs else ()
    return [Happened(_plain(command), warnings=warnings, unknown=unknown)]


def _overdue(state: State, said: Said) -> list[Happened]:
    """What has become overdue and was not said yet."""
    return [
        Happened(_overdue_fact(attempt, one), actor=SYSTEM)
        for attempt in state.attempts.values()
        for one in clocks.overdue(attempt, said.now)
    ]


def _overdue_fact(attempt: Attempt, one: Any) -> e.Overdue:
    return OVERDUE[one.name](referral_id=attempt.referral_id, due_on=one.due_on, waiting_for=one.waiting_for)
