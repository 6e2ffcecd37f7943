"""What other services tell intake: nothing. Its cases begin here."""

from typing import Any

from services.intake.domain.state import State
from shared.facts import Said


def learn(state: State | None, _fact: Any, _said: Said) -> State | None:
    """The state, as it was."""
    return state
