"""States kept as JSON: written by orjson, read back by pydantic, and not read twice while they do not change."""

from collections.abc import Callable
from typing import Any, TypeVar

import orjson
from pydantic import TypeAdapter

State = TypeVar("State")
_KEPT = 4_000


def codec(kind: type[State]) -> tuple[Callable[[State], bytes], Callable[[str], State]]:
    """`dump` and `load` of a state.

    States are immutable, so one that this process wrote (or read) lately is found again by its text: reading is by far
    the dearer half, and a case in the middle of something comes back soon.
    """
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    known: dict[str, State] = {}

    def keep(text: str, state: State) -> State:
        if len(known) >= _KEPT:
            for old in list(known)[: _KEPT // 4]:
                del known[old]
        known[text] = state
        return state

    def dump(state: State) -> bytes:
        raw = orjson.dumps(state)
        keep(raw.decode(), state)
        return raw

    def load(text: str) -> State:
        found = known.get(text)
        return found if found is not None else keep(text, adapter.validate_json(text))

    return dump, load
