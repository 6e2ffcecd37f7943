"""How long who was waited for: seconds per side, as every service counts them."""

from collections.abc import Mapping
from datetime import datetime


def with_wait(waited: Mapping[str, float], side: str, since: datetime, until: datetime) -> dict[str, float]:
    """The seconds per side with this wait added; none when it was over before it began."""
    return {**waited, side: waited.get(side, 0.0) + max(0.0, (until - since).total_seconds())}
