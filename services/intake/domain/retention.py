"""How long a case is kept: what became of it, when it ended, and the term that follows; a table, not code, sets terms.

A term counts from the end of the process (Selectielijst 2020). Cases that a person joined are one process: none of
them is due before the last of them is. A case that only names an earlier one is a process of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.intake.domain.state import RUNNING, Erasure, State
from shared.worktime import local_day

Result = Literal["provided", "denied", "not_taken_up", "broken_off"]
_DECIDED: Mapping[str, Result] = {"granted": "provided", "denied": "denied", "not_taken_up": "not_taken_up"}


@dataclass(frozen=True)
class Rule:
    """How long something is kept (an ISO 8601 duration), what says so, and what is done then."""

    keep: str
    legal_source: str
    then: str
    nl: str
    en: str


@dataclass(frozen=True)
class Table:
    """The terms: usual ones by result, those of a municipality's own, of the log of readings, and days to approve."""

    approval_days: int
    cases: Mapping[Result, Rule]
    readings: Rule
    municipalities: Mapping[str, Mapping[Result, str]]

    def of(self, municipality: str) -> dict[Result, Rule]:
        """The rules that hold in this municipality."""
        own = self.municipalities.get(municipality, {})
        return {
            result: Rule(own.get(result, rule.keep), rule.legal_source, rule.then, rule.nl, rule.en)
            for result, rule in self.cases.items()
        }


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping has to know of a case: result and end (none while it runs), and an open request to erase it."""

    municipality: str
    result: Result | None
    ended_on: date | None
    joined_to: str | None
    erasure: Erasure | None


def kept(municipality: str, state: State | None) -> Kept | None:
    """None: nothing to remember, for it runs and is joined to nothing; or nothing left, for it was erased."""
    if state is None or state.keeping == "erased":
        return None
    joined_to = state.earlier_case_id if state.joined else None
    ended_on = None if state.status in RUNNING else _ended_on(state)
    if ended_on is None and joined_to is None and state.erasure is None:
        return None
    result = None if ended_on is None else _DECIDED.get(state.decision or "", "broken_off")
    return Kept(municipality, result, ended_on, joined_to, state.erasure)


def _ended_on(state: State) -> date | None:
    """The end of the benefit; else the day since when nothing of the application runs."""
    return state.ended_on or (None if state.over_at is None else local_day(state.over_at))
