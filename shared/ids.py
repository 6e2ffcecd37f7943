"""Ids: new ones that sort by time, and keyed ones that a source system's own number always leads to."""

from hashlib import blake2b

import uuid_utils


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
    """Sixteen bytes in the UUID's spelling; made by hand, for this runs for every number of every line."""
    digits = digest.hex()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
