"""The records on Kafka that are no facts: dead letters and checkpoints."""

from datetime import UTC, datetime

from schemas.making.data import Json
from shared.ledger.letters import MEANINGS
from shared.ledger.pages import checkpoint

_HEX = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_SAID: dict[str, Json] = {
    "service": {"type": "string", "description": "Whose ledger."},
    "number": {"type": "integer", "minimum": 1, "description": "1, 2, 3 … without a gap."},
    "position": {"type": "integer", "minimum": 1, "description": "The last position of the ledger that is covered."},
    "events": {"type": "integer", "minimum": 1, "description": "How many events the ledger holds up to there."},
    "root": _HEX | {"description": "The hash over all case hashes up to there, in order."},
    "previous": _HEX | {"description": "The root of the checkpoint before."},
    "at": {"type": "string", "format": "date-time", "description": "When it was made."},
    "key_id": {"type": "string", "pattern": "^[0-9a-f]{16}$", "description": "Which key signed."},
    "signature": {
        "type": "string",
        "pattern": "^[0-9a-f]{128}$",
        "description": "Ed25519 over service|number|position|events|root|previous|at.",
    },
}
_ITEM = ["service", *checkpoint(1, 1, 1, b"", b"", datetime.now(UTC), "", "")]
CHECKPOINT: Json = {
    "type": "object",
    "additionalProperties": False,
    "required": _ITEM,
    "properties": {name: _SAID[name] for name in _ITEM},
}
"""What is published of a checkpoint: the fields that the code gives it, each explained."""

DEAD_HEADERS: Json = {
    "type": "object",
    "required": ["x-reason", "x-origin"],
    "properties": {
        "x-reason": {
            "type": "string",
            "description": f"Why: {', '.join(MEANINGS)} (some with `:` and what exactly), or the code of a refusal.",
        },
        "x-origin": {
            "type": "string",
            "pattern": r"^[a-zA-Z0-9._-]+/\d+/\d+$",
            "description": "topic/partition/offset where it came from.",
        },
    },
}
