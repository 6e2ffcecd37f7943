"""The line of a case in a list."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Row:
    """What lists show of a case's state."""

    status: str
    turn: str
    caseworker: str
    providers: tuple[str, ...]
    opened_at: datetime
    due_at: datetime | None = None
    alarm_at: datetime | None = None
    overdue_since: datetime | None = None
