"""Pseudonyms: ids become numbers that only who has the key can make: the lake cannot be joined with the doors."""

import hashlib
import re
from collections.abc import Iterable

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_KEPT = 200_000


class Pseudonyms:
    """Ids to 63-bit numbers: HMAC-SHA256 (RFC 2104), cut off. One id has one number, wherever it stands."""

    def __init__(self, key: bytes) -> None:
        if len(key) != 32:
            raise ValueError("the key of the pseudonyms must be 32 bytes")
        block = key.ljust(hashlib.sha256().block_size, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))
        self._known: dict[str | None, int] = {}

    def number(self, name: str) -> int:
        """The number of an id or a professional's pseudonym."""
        found = self._known.get(name)
        return self._new(name) if found is None else found

    def numbers(self, names: Iterable[str | None]) -> list[int | None]:
        """The numbers of many, in their order; nothing stays nothing."""
        known, new = self._known.get, self._new
        return [found if (found := known(name)) is not None or name is None else new(name) for name in names]

    def _new(self, name: str) -> int:
        if len(self._known) >= _KEPT:
            self._known.clear()
        # what `hmac.digest` does; with the key's part done once it takes a third of the time, and every id passes here
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(name.encode("utf-8", "surrogatepass"))
        outer.update(inner.digest())
        found = self._known[name] = int.from_bytes(outer.digest()[:8], "big") >> 1
        return found


def is_id(name: str, value: str) -> bool:
    """Whether a field holds an id, by its name or by how it looks."""
    return name == "id" or name.endswith("_id") or _UUID.fullmatch(value) is not None
