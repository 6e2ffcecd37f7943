"""Erasing a case takes two people: one asks, another approves within a term; neither alone destroys anything.

What is destroyed is the key of the case's texts and whom it was about. Facts, codes and chain stay as they are, so
every figure and every proof stands. These facts happen when they are recorded: nobody says them of the past.
"""

from datetime import datetime

from services.intake import commands as c
from services.intake import events as e
from services.intake.codes import ERASURE_REASONS
from services.intake.domain.state import KEEPING, RUNNING, Erasure, State
from shared.changing import replace
from shared.facts import SYSTEM, Fact, Happened, Said
from shared.refusals import Refused
from shared.worktime import end_of

FACTS = (e.ErasureRequested, e.ErasureApproved, e.ErasureRefused, e.ErasureLapsed, e.CaseKeyDestroyed)


def decide(state: State, command: c.KnownErasure | c.ApproveErasure | c.RefuseErasure, said: Said) -> list[Happened]:
    """The facts that follow. Raises Refused."""
    if said.imported:
        raise Refused("erasure_not_history", "fact")
    if state.keeping == "erased":
        raise Refused("case_erased", "fact")
    match command:
        case c.KnownErasure():
            return _ask(state, command, said)
        case c.ApproveErasure():
            return _approve(state, said)
    _asked(state, said)
    return [Happened(e.ErasureRefused(reason=command.reason), at=said.now)]


def _ask(state: State, command: c.KnownErasure, said: Said) -> list[Happened]:
    """The request, when there is a ground for it now. Asked again by the same person it is one request."""
    ground = ERASURE_REASONS[command.reason]
    open_request = state.erasure
    if open_request is not None and not _over(open_request, said.now):
        if (open_request.reason, open_request.asked_by) == (command.reason, said.actor.id):
            return []
        raise Refused("erasure_open", "fact")
    if state.status in RUNNING and not ground.while_running:
        raise Refused("case_running", "data.reason", _possible(state))
    if command.reason == "retention_passed" and command.kept_by:
        raise Refused("retention_runs", "data.reason", [command.kept_by])
    source = command.legal_source or ground.legal_source
    fact = e.ErasureRequested(
        reason=command.reason, legal_source=source, until_on=command.until_on, run_id=command.run_id
    )
    return [*lapsed(state, said.now), Happened(fact, at=said.now)]


def _possible(state: State) -> list[str]:
    running = state.status in RUNNING
    return [code for code, ground in ERASURE_REASONS.items() if ground.while_running or not running]


def _approve(state: State, said: Said) -> list[Happened]:
    """The approval, and what it leads to in the same breath."""
    asked = _asked(state, said)
    if asked.asked_by == said.actor.id:
        raise Refused("same_person", "actor.id")
    gone = e.CaseKeyDestroyed(reason=asked.reason, legal_source=asked.legal_source)
    return [
        Happened(e.ErasureApproved(requested_by=asked.asked_by), at=said.now),
        Happened(gone, implied=True, at=said.now, actor=SYSTEM),
    ]


def _asked(state: State, said: Said) -> Erasure:
    """The request that is open now. Raises Refused."""
    if state.erasure is None:
        raise Refused("erasure_not_requested", "fact")
    if _over(state.erasure, said.now):
        raise Refused("erasure_lapsed", "fact")
    return state.erasure


def _over(asked: Erasure, now: datetime) -> bool:
    return end_of(asked.until_on) <= now


def lapses_at(state: State) -> datetime | None:
    """When the open request has had its time."""
    return None if state.erasure is None else end_of(state.erasure.until_on)


def lapsed(state: State, now: datetime) -> list[Happened]:
    """A request that nobody approved in time."""
    asked = state.erasure
    if asked is None or not _over(asked, now):
        return []
    return [Happened(e.ErasureLapsed(until_on=asked.until_on), at=end_of(asked.until_on), actor=SYSTEM)]


def evolve(state: State, fact: Fact, said: Said) -> State:
    """The state after one of these facts. Without its key a case takes no text any more."""
    known = replace(
        state, last_at=max(state.last_at, said.at), keeping=KEEPING.get((state.keeping, fact.name), state.keeping)
    )
    match fact:
        case e.ErasureRequested():
            asked = Erasure(fact.reason, fact.legal_source, said.actor.id, said.at, fact.until_on, fact.run_id)
            return replace(known, erasure=asked)
        case e.ErasureApproved():
            return known
        case e.CaseKeyDestroyed():
            return replace(known, erasure=None, erased_at=said.at, key="")
    return replace(known, erasure=None)
