"""The records on Kafka: the key that all have, and what dead letters and checkpoints look like, which are no facts."""

from datetime import UTC, datetime

from schemas.making.data import Json
from schemas.sources import SERVICES
from shared.ledger.letters import MEANINGS
from shared.ledger.pages import checkpoint

BINDING = "0.5.0"
"""The version of AsyncAPI's Kafka binding."""
KEY: Json = {"type": "string", "format": "uuid", "description": "The event's subject, the case: its order holds."}
_HEX = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_EXPLAINED: dict[str, Json] = {
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
_SENT = ["service", *checkpoint(1, 1, 1, b"", b"", datetime.now(UTC), "", "")]
"""The fields that the code gives a checkpoint."""

CHECKPOINT: Json = {
    "name": "checkpoint",
    "title": "Controlepunt",
    "summary": "A signed statement about a service's whole ledger so far.",
    "contentType": "application/json",
    "payload": {
        "type": "object",
        "additionalProperties": False,
        "required": _SENT,
        "properties": {name: _EXPLAINED[name] for name in _SENT},
    },
    "bindings": {"kafka": {"key": {"type": "string", "enum": list(SERVICES)}, "bindingVersion": BINDING}},
}
DEAD_LETTER: Json = {
    "name": "dead-letter",
    "title": "Onverwerkbaar bericht",
    "summary": "The record as it came, with its own headers and key, and why it could not be handled.",
    "headers": {
        "type": "object",
        "required": ["x-reason", "x-origin"],
        "properties": {
            "x-reason": {
                "type": "string",
                "description": f"{', '.join(MEANINGS)} (some with `:` and what exactly), or the code of a refusal.",
            },
            "x-origin": {
                "type": "string",
                "pattern": r"^[a-zA-Z0-9._-]+/\d+/\d+$",
                "description": "topic/partition/offset where it came from.",
            },
        },
    },
    "payload": {
        "description": "The bytes of the record as they came; that they are JSON is not sure. Empty for what a system "
        "outside reported: it may say who somebody is, and is read again at x-origin."
    },
    "bindings": {"kafka": {"key": {"type": "string", "description": "As it came."}, "bindingVersion": BINDING}},
}
