"""What the doors say of cases, for who reads the OpenAPI document; a service adds its own terms and detail."""

from datetime import date, datetime
from typing import Any

from shared.facts import Actor
from shared.http.bodies import Body


class TurnBody(Body):
    """Who is to act, what is asked, since when."""

    side: str
    action: str
    since: datetime


class ClockBody(Body):
    """A term that runs until the end of `due_on`; not armed: it had passed when it was heard of, and is not told."""

    clock: str
    due_on: date
    waiting_for: str
    overdue: bool
    armed: bool


class TimelineItem(Body):
    """A fact of the case; `data` are the fact's own fields, texts still sealed."""

    id: str
    fact: str
    caseversion: int
    occurred_at: datetime
    recorded_at: datetime
    actor: Actor
    hand_off: bool
    data: dict[str, Any]


class CaseBody(Body):
    """A case as every service tells it; to it come the service's own `clocks` and `detail`."""

    case_id: str
    service: str
    municipality: str
    status: str
    caseversion: int
    turn: TurnBody | None
    waited_days: dict[str, float]
    timeline: list[TimelineItem]
