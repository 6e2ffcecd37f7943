"""How a case's state is kept: written as JSON, read back as what it was."""

import orjson
from pydantic import TypeAdapter

from services.outcome.domain.state import State

_STATES = TypeAdapter(State)


def dump(state: State) -> bytes:
    """The state as JSON."""
    return orjson.dumps(state)


def load(raw: str) -> State:
    """The state of its JSON."""
    return _STATES.validate_json(raw)
