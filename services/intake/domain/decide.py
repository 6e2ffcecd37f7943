"""Decides: a command and what is known lead to facts, or to a refusal with its reason."""

from datetime import date

from services.intake import commands as c
from services.intake import events as e
from services.intake.domain import clocks, erasing
from services.intake.domain.receiving import receive
from services.intake.domain.state import RUNNING, STEPS, Clock, State
from shared.facts import SYSTEM, Command, Fact, Happened, Said
from shared.refusals import Refused
from shared.worktime import local_day

TERM_PASSED = "term_passed"


def decide(state: State | None, command: Command, said: Said) -> list[Happened]:
    """The facts that follow from the command. Raises Refused."""
    if isinstance(command, c.KnownApplication):
        return receive(state, command, said)
    if state is None:
        raise Refused("case_unknown", early=True)
    match command:
        case c.StartSearchPeriod():
            return _start_search(state, command)
        case c.EndSearchPeriod():
            return _end_search(state, command)
        case c.RequestSupplement():
            return _request(state, command, said)
        case c.ReceiveSupplement():
            return _answer(state, command)
        case c.DecideBenefit():
            return _decide_benefit(state, command, said)
        case c.EndBenefit():
            return _end_benefit(state, command, said)
        case c.KnownJoin():
            return _join(state, command)
        case c.WithdrawApplication() | c.CloseCase():
            return _stated(state, command)
        case c.KnownErasure() | c.ApproveErasure() | c.RefuseErasure():
            return erasing.decide(state, command, said)
    return _overdue(state, said)


def _stated(state: State, command: Command) -> list[Happened]:
    """The fact that says what the command said, when it is possible now."""
    _check_step(state, command)
    return [Happened(e.FACTS[command.fact](**command.model_dump()))]


def _check_step(state: State, command: Command) -> None:
    """Raises Refused when this may not follow; says what would have been possible."""
    if (state.status, command.fact) in STEPS:
        return
    possible = sorted(fact for status, fact in STEPS if status == state.status)
    if state.status == "closed":
        raise Refused("case_closed", "fact", possible)
    raise Refused("step_not_possible", "fact", possible)


def _start_search(state: State, command: c.StartSearchPeriod) -> list[Happened]:
    _check_step(state, command)
    if state.search_until is not None:
        raise Refused("search_period_exists", "fact")
    if command.until_on < state.received_on:
        raise Refused("until_before_start", "data.until_on")
    return _stated(state, command)


def _end_search(state: State, command: c.EndSearchPeriod) -> list[Happened]:
    _check_step(state, command)
    if state.search_until is None or state.search_ended_at is not None:
        raise Refused("search_period_none", "fact")
    return _stated(state, command)


def _request(state: State, command: c.RequestSupplement, said: Said) -> list[Happened]:
    if state.status == "supplement":
        raise Refused("supplement_open", "fact")
    if command.until_on is not None and command.until_on < local_day(said.at):
        raise Refused("until_before_start", "data.until_on")
    return _stated(state, command)


def _answer(state: State, command: c.ReceiveSupplement) -> list[Happened]:
    if state.status == "received":
        raise Refused("supplement_not_requested", "fact")
    return _stated(state, command)


def _decide_benefit(state: State, command: c.DecideBenefit, said: Said) -> list[Happened]:
    """Decided once; nothing is granted to who is still to search. What is said of history was so."""
    if state.decision is not None:
        if (command.decision, command.decided_on) == (state.decision, state.decided_on):
            return []
        raise Refused("decision_exists", "data.decision", [state.decision])
    _check_step(state, command)
    _check_day(command.decided_on, "data.decided_on", said)
    if command.decision == "granted" and not said.imported:
        return [*_search_over(state, command), *_stated(state, command)]
    return _stated(state, command)


def _search_over(state: State, command: c.DecideBenefit) -> list[Happened]:
    """A search whose last day has passed is over, also when the clock has not said so yet: both facts are recorded."""
    if state.searches_on(command.decided_on):
        raise Refused("search_period_runs", "data.decided_on")
    search = clocks.clock_of(state, "search")
    return [] if search is None else [_term_passed(search, implied=True)]


def _end_benefit(state: State, command: c.EndBenefit, said: Said) -> list[Happened]:
    if state.decision != "granted":
        raise Refused("benefit_not_granted", "fact", early=state.decision is None and state.status in RUNNING)
    if state.end_reason is not None:
        if (command.reason, command.ended_on) == (state.end_reason, state.ended_on):
            return []
        raise Refused("benefit_ended_already", "data.reason", [state.end_reason])
    _check_day(command.ended_on, "data.ended_on", said)
    return _stated(state, command)


def _join(state: State, command: c.KnownJoin) -> list[Happened]:
    """A person decides that two cases are one citizen's; two different numbers are never joined."""
    if state.keeping == "erased":
        raise Refused("case_erased", "fact")
    if not command.earlier_known:
        raise Refused("earlier_unknown", "data.earlier_case_id")
    if command.persons_differ:
        raise Refused("persons_differ", "data.earlier_case_id")
    if command.earlier_began_later:
        raise Refused("earlier_began_later", "data.earlier_case_id")
    if state.joined:
        if command.earlier_case_id == state.earlier_case_id:
            return []
        raise Refused("joined_already", "data.earlier_case_id")
    _check_step(state, command)
    return [Happened(e.CaseJoined(earlier_case_id=command.earlier_case_id))]


def _check_day(day: date, field: str, said: Said) -> None:
    if day > local_day(said.now):
        raise Refused("date_in_future", field)


def _overdue(state: State, said: Said) -> list[Happened]:
    """What has passed and was not said yet: a search is over, a decision is late."""
    return [_passed(one) for one in clocks.overdue(state, said.now)] + erasing.lapsed(state, said.now)


def _passed(one: Clock) -> Happened:
    if one.name == "search":
        return _term_passed(one)
    late: Fact = e.DecisionOverdue(due_on=one.due_on, waiting_for=one.waiting_for)
    return Happened(late, actor=SYSTEM)


def _term_passed(one: Clock, *, implied: bool = False) -> Happened:
    """The search was over at the end of its last day, whenever we look."""
    return Happened(e.SearchPeriodEnded(result=TERM_PASSED), implied=implied, at=one.due_at, actor=SYSTEM)
