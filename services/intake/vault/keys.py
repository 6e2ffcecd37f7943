"""The vault's keys: one from the environment, and from it one per purpose; sealed at rest, found by blind index.

A blind index is an HMAC under a key that the database does not hold: equal people give equal bytes, and nobody with the
tables alone can try all numbers (there are fewer than a hundred million of them, so a plain hash would hide nothing).
"""

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.sealing import Unreadable

CURRENT = 1
"""The key that seals now; it stands in the first byte of what it sealed, so that another can take over beside it."""
_NONCE = 12
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


@dataclass(frozen=True)
class Keys:
    """What the vault seals, finds and names people with."""

    sealing: Mapping[int, AESGCM] = field(repr=False)
    finding: bytes = field(repr=False)
    naming: bytes = field(repr=False)

    def seal(self, plain: bytes, bound_to: str) -> bytes:
        """Sealed for one place: moved to another case or column it does not open."""
        nonce = os.urandom(_NONCE)
        return bytes([CURRENT]) + nonce + self.sealing[CURRENT].encrypt(nonce, plain, bound_to.encode())

    def open(self, sealed: bytes, bound_to: str) -> bytes:
        """What was sealed. Raises Unreadable."""
        key = self.sealing.get(sealed[0]) if sealed else None
        if key is None:
            raise Unreadable("sealed with a key that is not here")
        try:
            return key.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], bound_to.encode())
        except (InvalidTag, ValueError):
            raise Unreadable("does not open with this key") from None

    def index(self, *parts: str) -> bytes:
        """The blind index of these parts."""
        return hmac.digest(self.finding, "\x1f".join(parts).encode(), "sha256")

    def pseudonym(self, organisation: str, *parts: str) -> str:
        """The name of a person for one organisation: letters only, so that it never looks like a number."""
        digest = hmac.digest(self.naming, "\x1f".join((organisation, *parts)).encode(), "sha256")
        return f"p-{digest[:16].hex().translate(_LETTERS)}"


def keys_of(vault_key: str) -> Keys:
    """The keys that follow from the one of the environment. Exits when there is none: intake cannot do without."""
    if not vault_key:
        raise SystemExit("Settings are not right:\n  VAULT_KEY: intake needs a key for its vault")
    master = bytes.fromhex(vault_key)
    return Keys(
        {CURRENT: AESGCM(_derived(master, f"seal {CURRENT}"))}, _derived(master, "find"), _derived(master, "name")
    )


def _derived(master: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"overdracht vault {purpose}".encode()).derive(master)


def person_of(municipality: str, case_id: str) -> str:
    """The place of what identifies the citizen of a case."""
    return f"{municipality}|{case_id}|person"


def key_of(municipality: str, case_id: str) -> str:
    """The place of a case's private key."""
    return f"{municipality}|{case_id}|key"
