"""Tokens of the product on this machine: its own issuer, whose key stands beside the data and holds nowhere else."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from shared.auth import EMBEDDED_ISSUER
from shared.ids import new_id

AUDIENCE = "overdracht"
HOURS = 12.0
OURSELVES = ("operator", "analyst")
"""The roles in which the command itself asks."""
_ALGORITHM = "Ed25519"


def public_keys(seed: str) -> str:
    """The issuer's public keys (JWKS) of a seed in hex."""
    return orjson.dumps(KeySet([_key(seed)]).as_dict(private=False)).decode()


def issued(
    keys: Path,
    roles: Sequence[str],
    *,
    subject: str = "overdracht-command",
    municipality: str | None = None,
    organisation: str | None = None,
    cases: Sequence[str] = (),
    hours: float = HOURS,
) -> str:
    """A bearer token. Raises OSError when the issuer's key cannot be read."""
    now = int(time.time())
    said: dict[str, Any] = {
        "iss": EMBEDDED_ISSUER,
        "aud": AUDIENCE,
        "sub": subject,
        "iat": now,
        "exp": now + int(hours * 3_600),
        "jti": new_id(),
        "roles": list(roles),
        "municipality": municipality,
        "organisation": organisation,
        "cases": list(cases) or None,
    }
    key = _key((keys / "issuer.seed").read_text().strip())
    claims = {name: value for name, value in said.items() if value is not None}
    return jwt.encode({"alg": _ALGORITHM, "kid": key.kid, "typ": "at+jwt"}, claims, key, algorithms=[_ALGORITHM])


def _key(seed: str) -> OKPKey:
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
    return OKPKey.import_key(private, {"kid": OKPKey.import_key(private).thumbprint()})
