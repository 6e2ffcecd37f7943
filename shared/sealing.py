"""Texts sealed with the case's own key: anyone who knows the case can seal, only the vault can open.

HPKE (RFC 9180) in base mode: X25519, HKDF-SHA256, AES-256-GCM; the case id is bound in as `info`, so a text moved to
another case does not open. Destroying the private key makes every text of the case unreadable for good.
"""

from base64 import b64decode, b64encode
from typing import Annotated, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from pydantic import Field, StringConstraints

_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
PREFIX = "hpke1."
MAX_TEXT = 8_000

Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=60_000),
    Field(json_schema_extra={"x-sealed": True}),
]
"""Free text of or about a person: sealed before it reaches the ledger, on the log as `hpke1.` + base64.

What people write is held to MAX_TEXT; the limit here leaves room for what sealing adds, within an event's 64 KB.
"""


class Unreadable(Exception):  # noqa: N818 - the state of a text, not a failure of ours
    """The text cannot be opened with this key: another case's, damaged, or its key is gone."""


class KeyGone(Exception):  # noqa: N818 - as above
    """There is no key to seal with: it was destroyed."""


def new_key() -> tuple[bytes, str]:
    """A case's key pair: (private key, 32 bytes, for the vault only; public key as base64 for the log)."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), b64encode(private.public_key().public_bytes_raw()).decode()


def seal(text: str, public_key: str, case_id: str) -> str:
    """The text sealed for the case. Raises KeyGone when the case has no key any more."""
    if not public_key:
        raise KeyGone
    key = X25519PublicKey.from_public_bytes(b64decode(public_key))
    return PREFIX + b64encode(_SUITE.encrypt(text.encode(), key, info=case_id.encode())).decode()


def open_sealed(sealed: str, private_key: bytes, case_id: str) -> str:
    """The text again. Raises Unreadable."""
    if not sealed.startswith(PREFIX):
        raise Unreadable("not a sealed text")
    try:
        key = X25519PrivateKey.from_private_bytes(private_key)
        return _SUITE.decrypt(b64decode(sealed[len(PREFIX) :]), key, info=case_id.encode()).decode()
    except (InvalidTag, ValueError) as failure:
        raise Unreadable("does not open with this key") from failure


def text_paths(schema: dict[str, Any]) -> tuple[tuple[str, ...], ...]:
    """Where the sealed texts stand in data of this JSON Schema: ("narrative",) or ("goals", "words")."""
    return tuple(_walk(schema, schema.get("$defs", {}), ()))


def _walk(node: dict[str, Any], definitions: dict[str, Any], path: tuple[str, ...]) -> list[tuple[str, ...]]:
    if node.get("x-sealed"):
        return [path]
    found: list[tuple[str, ...]] = []
    if "$ref" in node:
        found += _walk(definitions[node["$ref"].rsplit("/", 1)[1]], definitions, path)
    for choice in node.get("anyOf", ()):
        found += _walk(choice, definitions, path)
    if "items" in node:
        found += _walk(node["items"], definitions, path)
    for name, child in node.get("properties", {}).items():
        found += _walk(child, definitions, (*path, name))
    return found


def seal_in_place(data: dict[str, Any], paths: tuple[tuple[str, ...], ...], public_key: str, case_id: str) -> None:
    """Seals every text of the data, in the data. Raises KeyGone when there is a text and no key."""
    for first, *rest in paths:
        value = data.get(first)
        if value is None:
            continue
        if not rest:
            data[first] = seal(value, public_key, case_id)
            continue
        for part in value if isinstance(value, list) else [value]:
            seal_in_place(part, (tuple(rest),), public_key, case_id)
