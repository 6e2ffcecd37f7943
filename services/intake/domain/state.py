"""What intake knows of a case: how far the application is, its terms, whose turn it is. Not whom it is about."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from services.intake.codes import ErasureReason, Side
from shared.changing import replace
from shared.worktime import local_day

Status = Literal[
    "received", "supplement", "granted", "denied", "not_taken_up", "withdrawn", "ended", "closed",
]  # fmt: skip
OVER: frozenset[Status] = frozenset({"denied", "not_taken_up", "withdrawn", "closed"})
"""Nothing more is to come: lists show these as closed."""
RUNNING: frozenset[Status] = frozenset({"received", "supplement", "granted"})
"""A second application of the same kind has no place beside these."""
Keeping = Literal["kept", "erasure_asked", "erasure_approved", "erased"]
"""How the file stands, beside how the application does."""
ClockName = Literal["decision", "search"]


@dataclass(frozen=True)
class Clock:
    """A term that runs: due at the end of `due_on`; `armed` is false for what was past when we heard of it."""

    name: ClockName
    due_on: date
    due_at: datetime
    waiting_for: Side
    armed: bool
    fired: bool = False


@dataclass(frozen=True)
class Supplement:
    """A question that is open: since when, until when, and the municipality's term as it stood."""

    since: datetime
    until_on: date | None
    decision: Clock | None


@dataclass(frozen=True)
class Turn:
    """Who is to act, what is asked, since when."""

    side: Side
    action: str
    since: datetime


@dataclass(frozen=True)
class Erasure:
    """A request to erase that waits for a second person, until the end of `until_on`."""

    reason: ErasureReason
    legal_source: str
    asked_by: str
    asked_at: datetime
    until_on: date
    run_id: str | None = None


@dataclass(frozen=True)
class State:
    """A case as intake knows it. `before` is what the application was when the case was closed."""

    opened_at: datetime
    last_at: datetime
    key: str
    application_id: str
    kind: str
    channel: str
    received_on: date
    case_mix: dict[str, str] = field(default_factory=dict)
    status: Status = "received"
    before: Status | None = None
    caseworker: str = ""
    over_at: datetime | None = None
    """Since when nothing of this application runs: from then on there is room for another of its kind."""
    earlier_case_id: str | None = None
    possible_duplicates: tuple[str, ...] = ()
    joined: bool = False
    search_until: date | None = None
    search_ended_at: datetime | None = None
    supplement: Supplement | None = None
    decision: str | None = None
    decided_on: date | None = None
    decided_at: datetime | None = None
    end_reason: str | None = None
    ended_on: date | None = None
    closed_at: datetime | None = None
    close_reason: str | None = None
    clocks: tuple[Clock, ...] = ()
    turn: Turn | None = None
    waited: dict[str, float] = field(default_factory=dict)
    parties: dict[str, str] = field(default_factory=dict)
    """Referral -> the organisation that was asked, and did not say no."""
    keeping: Keeping = "kept"
    erasure: Erasure | None = None
    erased_at: datetime | None = None

    def with_clock(self, one: Clock) -> "State":
        """The state with this term, instead of the one of its name."""
        return replace(self, clocks=(*(other for other in self.clocks if other.name != one.name), one))

    def without_clock(self, name: ClockName) -> "State":
        """The state without this term."""
        return replace(self, clocks=tuple(one for one in self.clocks if one.name != name))

    def searches_on(self, day: date) -> bool:
        """Whether the citizen is still to search on this day: up to the last day, or the day before an early end."""
        if self.search_until is None or day > self.search_until:
            return False
        return self.search_ended_at is None or day < local_day(self.search_ended_at)


STEPS: dict[tuple[Status, str], Status] = {
    ("received", "search_period_started"): "received",
    ("received", "search_period_ended"): "received",
    ("received", "supplement_requested"): "supplement",
    ("received", "application_withdrawn"): "withdrawn",
    ("received", "benefit_decided"): "granted",
    ("received", "case_joined"): "received",
    ("received", "case_closed"): "closed",
    ("supplement", "search_period_started"): "supplement",
    ("supplement", "search_period_ended"): "supplement",
    ("supplement", "supplement_received"): "received",
    ("supplement", "application_withdrawn"): "withdrawn",
    ("supplement", "benefit_decided"): "granted",
    ("supplement", "case_joined"): "supplement",
    ("supplement", "case_closed"): "closed",
    ("granted", "benefit_ended"): "ended",
    ("granted", "case_joined"): "granted",
    ("granted", "case_closed"): "closed",
    ("denied", "case_joined"): "denied",
    ("denied", "case_closed"): "closed",
    ("not_taken_up", "case_joined"): "not_taken_up",
    ("not_taken_up", "case_closed"): "closed",
    ("withdrawn", "case_joined"): "withdrawn",
    ("withdrawn", "case_closed"): "closed",
    ("ended", "case_joined"): "ended",
    ("ended", "case_closed"): "closed",
    ("closed", "benefit_ended"): "closed",
    ("closed", "case_joined"): "closed",
}
"""What may follow what in the application. `benefit_decided` leads to what was decided: granted, denied or
not_taken_up. The end of a benefit may be heard after the closing, when it was granted before."""

KEEPING: dict[tuple[Keeping, str], Keeping] = {
    ("kept", "erasure_requested"): "erasure_asked",
    ("erasure_asked", "erasure_approved"): "erasure_approved",
    ("erasure_asked", "erasure_refused"): "kept",
    ("erasure_asked", "erasure_lapsed"): "kept",
    ("erasure_approved", "case_key_destroyed"): "erased",
}
"""What may follow what in keeping the file; it goes its own way, whatever the application does."""
NEXT: dict[tuple[Any, str], Any] = {**STEPS, **KEEPING}
