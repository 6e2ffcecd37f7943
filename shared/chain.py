"""The chain that makes a case's log provable, and the signed checkpoints that make its end provable.

A chain alone does not show a cut-off tail or a rebuilt whole; a checkpoint signed with a key that the database does
not hold, and published on a topic of its own, does (Schneier and Kelsey, "Secure audit logs", 1999).
"""

from collections.abc import Iterable
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

START = bytes(32)


def case_hash(previous: bytes, attributes: Iterable[str], data: bytes) -> bytes:
    """SHA-256 over the previous hash and each attribute and the data, each led by its length (4 bytes)."""
    parts = [previous]
    for attribute in attributes:
        raw = attribute.encode()
        parts += (len(raw).to_bytes(4), raw)
    parts += (len(data).to_bytes(4), data)
    return sha256(b"".join(parts)).digest()


def roll(root: bytes, hashes: Iterable[bytes]) -> bytes:
    """The root after these case hashes, in the order of the ledger's positions."""
    for value in hashes:
        root = sha256(root + value).digest()
    return root


def statement(service: str, number: int, position: int, events: int, root: str, previous: str, at: str) -> bytes:
    """What a checkpoint signs."""
    return f"{service}|{number}|{position}|{events}|{root}|{previous}|{at}".encode()


def key_id(public: bytes) -> str:
    """A short name for a signing key: the first 16 hex characters of its SHA-256."""
    return sha256(public).hexdigest()[:16]


def public_key(seed: bytes) -> bytes:
    """The public key (32 bytes) that belongs to a signing seed (32 bytes)."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign(seed: bytes, message: bytes) -> str:
    """Ed25519 signature, hex."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message).hex()


def is_signed(public: bytes, message: bytes, signature: str) -> bool:
    """Whether the signature (hex) is this key's on this message."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True
