"""Who is calling: a bearer token (JWT) to a caller, or a refusal that says which rule it breaks; never a guess.

RFC 9068 and OWASP ASVS 5.0 (9.1, 9.2): algorithms from a short list, keys only from the trusted set, issuer, audience
and times checked. The key that a token names in its own header (jku, jwk, x5u) is never looked at.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import BadSignatureError, JoseError, UnsupportedAlgorithmError
from joserfc.jwk import KeySet

ALGORITHMS = ["Ed25519", "ES256", "PS256", "RS256"]
EMBEDDED_ISSUER = "urn:overdracht:embedded"
"""The issuer of a product that runs on one machine; believed only there."""
LEEWAY_SECONDS = 30
"""How far clocks of issuer and service may differ."""
_KEPT = 2_000
_MOST_BYTES = 8_192


class Unauthenticated(Exception):  # noqa: N818 - an answer, not a fault
    """The token is not believed; `code` says which rule it breaks, and nothing of it is repeated."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling: a pseudonym, roles, and for whom; a citizen also has the cases that are the citizen's own."""

    subject: str
    roles: frozenset[str]
    municipality: str | None = None
    organisation: str | None = None
    cases: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Trust:
    """Whom we believe. `keys(fresh)` gives the issuer's public keys; `fresh` asks for them anew."""

    issuer: str
    audience: str
    keys: Callable[[bool], KeySet]


class Checker:
    """Checks tokens; one that was checked is not checked again until it is over."""

    def __init__(self, trust: Trust, now: Callable[[], float] = time.time) -> None:
        self._trust, self._now = trust, now
        self._known: dict[str, tuple[float, Caller]] = {}

    def known(self, authorization: str | None) -> Caller | None:
        """The caller of a header whose token was checked before and is not over; None: it has to be checked."""
        found = self._known.get(authorization or "")
        return found[1] if found is not None and self._now() < found[0] else None

    def caller(self, authorization: str | None) -> Caller:
        """The caller of an Authorization header. Raises Unauthenticated."""
        if not authorization:
            raise Unauthenticated("token_missing")
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > _MOST_BYTES:
            raise Unauthenticated("token_invalid")
        claims = self._claims(token)
        caller = _caller(claims)
        if len(self._known) >= _KEPT:
            self._known.clear()
        self._known[authorization] = (float(claims["exp"]) + LEEWAY_SECONDS, caller)
        return caller

    def _claims(self, token: str) -> Mapping[str, Any]:
        claims = self._signed(token)
        if claims.get("iss") != self._trust.issuer:
            raise Unauthenticated("token_issuer_unknown")
        audience = claims.get("aud")
        if self._trust.audience not in (audience if isinstance(audience, list) else [audience]):
            raise Unauthenticated("token_audience_wrong")
        _check_times(claims, self._now())
        return claims

    def _signed(self, token: str) -> Mapping[str, Any]:
        """The claims of a token that a trusted key signed. An unknown key is asked for once more: keys are renewed."""
        for fresh in (False, True):
            try:
                found = jwt.decode(token, self._trust.keys(fresh), algorithms=ALGORITHMS)
            except UnsupportedAlgorithmError:
                raise Unauthenticated("token_algorithm_refused") from None
            except BadSignatureError:
                raise Unauthenticated("token_signature_wrong") from None
            except (JoseError, ValueError):
                if fresh:
                    raise Unauthenticated("token_invalid") from None
                continue
            if str(found.header.get("typ", "JWT")).lower() not in ("jwt", "at+jwt"):
                raise Unauthenticated("token_invalid")
            return found.claims
        raise AssertionError("unreachable")  # pragma: no cover


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    times = {name: claims.get(name) for name in ("exp", "nbf", "iat")}
    if any(value is not None and type(value) not in (int, float) for value in times.values()):
        raise Unauthenticated("token_invalid")
    if times["exp"] is None or times["exp"] + LEEWAY_SECONDS <= now:
        raise Unauthenticated("token_expired")
    if max(times["nbf"] or 0, times["iat"] or 0) - LEEWAY_SECONDS > now:
        raise Unauthenticated("token_not_yet_valid")


def _caller(claims: Mapping[str, Any]) -> Caller:
    """The caller of claims that are believed. A claim of the wrong shape is no claim: the token is refused."""
    subject, roles, cases = claims.get("sub"), claims.get("roles"), claims.get("cases", [])
    places = claims.get("municipality"), claims.get("organisation")
    right = isinstance(subject, str) and bool(subject) and _words(roles) and _words(cases)
    if not right or not all(place is None or isinstance(place, str) for place in places):
        raise Unauthenticated("token_claims_invalid")
    return Caller(str(subject), frozenset(roles or ()), *places, cases=frozenset(cases))


def _words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
