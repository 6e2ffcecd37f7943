"""Who is calling: a good token is believed, and each way in which one is not good has its own answer."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, OKPKey, RSAKey

from shared.auth import Caller, Checker, Trust, Unauthenticated
from shared.keyset import Keys

NOW = 1_800_000_000.0
KEY = OKPKey.generate_key("Ed25519", private=True, auto_kid=True)
STRANGER = OKPKey.generate_key("Ed25519", {"kid": KEY.kid}, private=True)
CLAIMS: dict[str, Any] = {
    "iss": "https://issuer.example",
    "aud": "overdracht",
    "sub": "km-1",
    "roles": ["caseworker"],
    "municipality": "GM0546",
    "exp": NOW + 300,
    "iat": NOW - 10,
}


def token(key: Any = KEY, header: dict[str, Any] | None = None, **changes: Any) -> str:
    claims = {name: value for name, value in (CLAIMS | changes).items() if value is not None}
    return jwt.encode({"alg": "Ed25519", "kid": KEY.kid} | (header or {}), claims, key, algorithms=["Ed25519", "HS256"])


def checker(now: Callable[[], float] = lambda: NOW, keys: Any = None) -> Checker:
    return Checker(Trust("https://issuer.example", "overdracht", keys or (lambda fresh: KeySet([KEY]))), now)


def test_a_good_token_says_who_is_calling_and_for_whom() -> None:
    assert checker().caller(f"Bearer {token()}") == Caller("km-1", frozenset({"caseworker"}), "GM0546")


def test_one_audience_of_several_is_enough() -> None:
    assert checker().caller(f"bearer {token(aud=['other', 'overdracht'])}").subject == "km-1"


def _unsigned() -> str:
    parts = [{"alg": "none"}, CLAIMS]
    return ".".join(urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in parts) + "."


def _confused() -> str:
    """Signed with the public key as if it were a shared secret."""
    secret = OctKey.import_key(json.dumps(KEY.as_dict(private=False)))
    return jwt.encode({"alg": "HS256", "kid": KEY.kid}, CLAIMS, secret, algorithms=["HS256"])


def _tampered() -> str:
    head, _, signature = token().split(".")
    claims = json.dumps(CLAIMS | {"roles": ["operator"]}).encode()
    return f"{head}.{urlsafe_b64encode(claims).rstrip(b'=').decode()}.{signature}"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "token_missing"),
        ("", "token_missing"),
        ("Basic YTpi", "token_invalid"),
        ("Bearer", "token_invalid"),
        ("Bearer not.a.token", "token_invalid"),
        (f"Bearer {'x' * 9_000}", "token_invalid"),
        (f"Bearer {_unsigned()}", "token_algorithm_refused"),
        (f"Bearer {_confused()}", "token_algorithm_refused"),
        (f"Bearer {_tampered()}", "token_signature_wrong"),
        (f"Bearer {token(STRANGER)}", "token_signature_wrong"),
        (f"Bearer {token(header={'kid': 'unknown'})}", "token_invalid"),
        (f"Bearer {token(header={'typ': 'logout+jwt'})}", "token_invalid"),
        (f"Bearer {token(iss='https://other.example')}", "token_issuer_unknown"),
        (f"Bearer {token(iss=None)}", "token_issuer_unknown"),
        (f"Bearer {token(aud='other')}", "token_audience_wrong"),
        (f"Bearer {token(aud=None)}", "token_audience_wrong"),
        (f"Bearer {token(exp=NOW - 31)}", "token_expired"),
        (f"Bearer {token(exp=None)}", "token_expired"),
        (f"Bearer {token(exp='tomorrow')}", "token_invalid"),
        (f"Bearer {token(nbf=NOW + 31)}", "token_not_yet_valid"),
        (f"Bearer {token(iat=NOW + 31)}", "token_not_yet_valid"),
        (f"Bearer {token(roles='caseworker')}", "token_claims_invalid"),
        (f"Bearer {token(sub=None)}", "token_claims_invalid"),
        (f"Bearer {token(municipality=['GM0546'])}", "token_claims_invalid"),
    ],
)
def test_a_token_that_breaks_a_rule_is_refused_with_that_rule(header: str | None, code: str) -> None:
    with pytest.raises(Unauthenticated) as no:
        checker().caller(header)
    assert no.value.code == code


@pytest.mark.parametrize("changes", [{"exp": NOW - 29}, {"nbf": NOW + 29}, {"iat": NOW + 29}])
def test_clocks_may_differ_a_little(changes: dict[str, Any]) -> None:
    assert checker().caller(f"Bearer {token(**changes)}").subject == "km-1"


def test_a_token_that_was_good_is_refused_when_it_is_over() -> None:
    moment = [NOW]
    one, header = checker(lambda: moment[0]), f"Bearer {token()}"
    one.caller(header)
    moment[0] = NOW + 331
    with pytest.raises(Unauthenticated, match="token_expired"):
        one.caller(header)


def test_a_renewed_key_is_fetched_once_when_it_is_first_seen() -> None:
    new = OKPKey.generate_key("Ed25519", private=True, auto_kid=True)
    published, asked, moment = [KEY], [0], [0.0]

    def get(url: str) -> bytes:
        asked[0] += 1
        return json.dumps(KeySet(published).as_dict(private=False)).encode()

    one = checker(keys=Keys("https://issuer.example/jwks", get, lambda: moment[0]))
    one.caller(f"Bearer {token()}")
    published.append(new)
    renewed = token(new, {"kid": new.kid})
    with pytest.raises(Unauthenticated):
        one.caller(f"Bearer {renewed}")
    assert asked == [1]
    moment[0] = 31.0
    assert one.caller(f"Bearer {renewed}").subject == "km-1"
    assert asked == [2]


def test_while_the_issuer_is_away_the_keys_that_are_known_hold() -> None:
    answers = [json.dumps(KeySet([KEY]).as_dict(private=False)).encode(), b"<html>", b""]
    moment = [0.0]
    keys = Keys("https://issuer.example/jwks", lambda url: answers.pop(0), lambda: moment[0])
    one = checker(keys=keys)
    one.caller(f"Bearer {token()}")
    moment[0] = 4_000.0
    assert one.caller(f"Bearer {token(sub='km-2')}").subject == "km-2"
    assert len(answers) == 1


def test_other_kinds_of_key_are_believed_too() -> None:
    rsa = RSAKey.generate_key(2048, auto_kid=True)
    signed = jwt.encode({"alg": "RS256", "kid": rsa.kid}, CLAIMS, rsa, algorithms=["RS256"])
    assert checker(keys=lambda fresh: KeySet([rsa])).caller(f"Bearer {signed}").municipality == "GM0546"
