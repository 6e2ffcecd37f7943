"""What referral knows of a case: its attempts, whose turn it is, and what other services told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from services.referral.codes import USUAL, Side, Terms

Status = Literal[
    "sent", "received", "accepted", "started", "suspended", "returned",
    "declined", "withdrawn", "completed", "reviewed",
]  # fmt: skip
OPEN: frozenset[Status] = frozenset({"sent", "received", "accepted", "started", "suspended", "returned"})
ClockName = Literal["receipt", "response", "start", "plan", "progress", "review"]


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
class Attempt:
    """One referral to one organisation."""

    referral_id: str
    organisation: str
    trajectory: str
    status: Status
    sequence: int
    warm: bool
    sent_at: datetime
    respond_by: date
    start_by: date
    terms: Terms = USUAL
    accepted_at: datetime | None = None
    started_at: datetime | None = None
    first_contact_on: date | None = None
    coach: str | None = None
    before: Status | None = None
    suspended_at: datetime | None = None
    suspended_by: Side | None = None
    suspension: str | None = None
    returned_at: datetime | None = None
    primary_reason: str | None = None
    disputed: bool = False
    ended_at: datetime | None = None
    clocks: tuple[Clock, ...] = ()


@dataclass(frozen=True)
class Turn:
    """Who is to act, what is asked, since when."""

    side: Side
    action: str
    since: datetime


@dataclass(frozen=True)
class Places:
    """Places an organisation stated for a trajectory."""

    places: int
    from_on: date


@dataclass(frozen=True)
class State:
    """A case as referral knows it. `organisation` is set instead when this is about an organisation's capacity."""

    opened_at: datetime
    last_at: datetime
    key: str = ""
    caseworker: str = ""
    attempts: dict[str, Attempt] = field(default_factory=dict)
    turn: Turn | None = None
    waited: Mapping[str, float] = field(default_factory=dict)
    diagnosed_at: tuple[datetime, ...] = ()
    planned_at: dict[str, datetime] = field(default_factory=dict)
    """The last plan heard of per referral; under "" a plan that names none."""
    progress_at: datetime | None = None
    closed_at: datetime | None = None
    organisation: str | None = None
    capacity: dict[str, Places] = field(default_factory=dict)

    @property
    def returns(self) -> tuple[datetime, ...]:
        """When the case came back, in order."""
        return tuple(sorted(a.returned_at for a in self.attempts.values() if a.returned_at is not None))


NEXT: dict[tuple[Status, str], Status] = {
    ("sent", "referral_received"): "received",
    ("sent", "referral_accepted"): "accepted",
    ("sent", "referral_declined"): "declined",
    ("sent", "referral_withdrawn"): "withdrawn",
    ("sent", "referral_returned"): "returned",
    ("received", "referral_accepted"): "accepted",
    ("received", "referral_declined"): "declined",
    ("received", "referral_withdrawn"): "withdrawn",
    ("received", "referral_returned"): "returned",
    ("accepted", "trajectory_started"): "started",
    ("accepted", "referral_suspended"): "suspended",
    ("accepted", "referral_returned"): "returned",
    ("accepted", "referral_withdrawn"): "withdrawn",
    ("accepted", "trajectory_completed"): "completed",
    ("accepted", "appointment_missed"): "accepted",
    ("started", "referral_suspended"): "suspended",
    ("started", "referral_returned"): "returned",
    ("started", "trajectory_completed"): "completed",
    ("started", "referral_withdrawn"): "withdrawn",
    ("started", "appointment_missed"): "started",
    ("suspended", "referral_returned"): "returned",
    ("suspended", "referral_withdrawn"): "withdrawn",
    ("returned", "return_reviewed"): "reviewed",
}
"""What may follow what. `referral_resumed` leads back to what the attempt was before it was suspended."""

PHASES: dict[Status, Literal["before_acceptance", "before_start", "after_start"]] = {
    "sent": "before_acceptance",
    "received": "before_acceptance",
    "accepted": "before_start",
    "started": "after_start",
}
"""The phase of a return, by the status the attempt had."""
