"""Ids: new ones that sort by time, and keyed ones that a source system's own number always leads to."""

from hashlib import blake2b
from uuid import UUID

import uuid_utils

_VERSION_8 = 0x8000
_VARIANT = 0x8000000000000000


def new_id() -> str:
    """A new UUIDv7 as text."""
    return str(uuid_utils.uuid7())


def from_number(key: bytes, *parts: str) -> str:
    """The id that belongs to a source system's number: the same parts always give the same id.

    Keyed (BLAKE2b) so that nobody without the key can go from an id back to a guessable number. The result is a
    UUID of version 8 (RFC 9562, free form).
    """
    return _as_uuid(blake2b("\x1f".join(parts).encode(), digest_size=16, key=key).digest())


def fingerprint(key: bytes, content: bytes) -> str:
    """A keyed id of any content: equal content, equal id. Keyed because the content may be guessable."""
    return _as_uuid(blake2b(content, digest_size=16, key=key, person=b"fingerprint").digest())


def _as_uuid(digest: bytes) -> str:
    value = int.from_bytes(digest)
    high, low = value >> 64, value & 0xFFFFFFFFFFFFFFFF
    high = (high & 0xFFFFFFFFFFFF0FFF) | _VERSION_8
    low = (low & 0x3FFFFFFFFFFFFFFF) | _VARIANT
    return str(UUID(int=(high << 64) | low))
