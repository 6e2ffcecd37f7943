"""Cursors of lists in the order of a moment: the moment and the case of the last item, as a text of our own."""

import base64
import binascii
from datetime import UTC, datetime
from uuid import UUID

from shared.http.problems import Problem


def cursor_at(moment: datetime, case_id: str) -> str:
    """The cursor after an item."""
    return base64.urlsafe_b64encode(f"{moment.isoformat()} {case_id}".encode()).decode()


def place_of(cursor: str) -> tuple[datetime, str] | None:
    """The place a cursor stands for; None for the beginning. Raises Problem when it is none of ours."""
    if not cursor:
        return None
    try:
        said, case_id = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
        moment = datetime.fromisoformat(said)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC), str(UUID(case_id))
    except (ValueError, binascii.Error, OverflowError):
        pass
    raise Problem(400, "cursor_invalid", field="cursor")
