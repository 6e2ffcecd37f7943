"""Tokens of an issuer that services under test believe, and the header with which a caller sends one along."""

import atexit
import shutil
import tempfile
from collections.abc import Generator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import orjson

from overdracht import issuing
from overdracht.running.keys import ISSUER, ISSUER_PUBLIC
from shared.auth import EMBEDDED_ISSUER
from shared.rights import ROLES

_SEED = "1f" * 32


@cache
def keys() -> Path:
    """The folder with the issuer's keys, for as long as this process lives."""
    folder = Path(tempfile.mkdtemp(prefix="overdracht-issuer-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / ISSUER).write_text(_SEED)
    (folder / ISSUER_PUBLIC).write_text(issuing.public_keys(_SEED))
    return folder


def believing() -> dict[str, Any]:
    """The settings of a service that believes these tokens."""
    return {
        "auth_issuer": EMBEDDED_ISSUER,
        "auth_jwks_url": (keys() / ISSUER_PUBLIC).as_uri(),
        "auth_audience": issuing.AUDIENCE,
        "embedded": True,
    }


def bearing(token: str) -> dict[str, str]:
    """The header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


@cache
def called_by(
    *roles: str,
    name: str = "",
    municipality: str | None = None,
    organisation: str | None = None,
    cases: tuple[str, ...] = (),
    of: Path | None = None,
) -> dict[str, str]:
    """The header of a caller with these roles; `of`: the folder with the issuer's keys of a whole product."""
    subject = name or f"{roles[0]}-1"
    places = {"municipality": municipality, "organisation": organisation}
    return bearing(issuing.issued(of or keys(), roles, subject=subject, cases=cases, **places))


def operator(of: Path | None = None) -> dict[str, str]:
    """Who runs the product, and sees how it is doing."""
    return called_by("operator", "analyst", of=of)


def caseworker(name: str = "km-1", municipality: str = "GM0546", of: Path | None = None) -> dict[str, str]:
    """A caseworker of a municipality."""
    return called_by("caseworker", name=name, municipality=municipality, of=of)


def coach(name: str = "coach-1", organisation: str = "org-rw") -> dict[str, str]:
    """A coach of a provider."""
    return called_by("coach", name=name, organisation=organisation)


def speaking(actor: dict[str, str], municipality: str | None = None, of: Path | None = None) -> dict[str, str]:
    """The header of the person whom a body names as its actor."""
    return called_by(
        actor["role"],
        name=actor["id"],
        municipality=actor.get("municipality", municipality),
        organisation=actor.get("organisation"),
        of=of,
    )


class AsNamed(httpx.Auth):
    """Each request is from whom it names: the actor of a command, a caseworker at the vault, else who runs it all.

    For tests that are not about rights. A request that brings its own token keeps it.
    """

    requires_request_body = True

    def __init__(self, of: Path | None = None) -> None:
        self._of = of

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Adds the header."""
        if "authorization" not in request.headers:
            request.headers.update(self._said(request))
        yield request

    def _said(self, request: httpx.Request) -> dict[str, str]:
        body, path = _json(request), request.url.path
        place = body.get("municipality")
        municipality = place if isinstance(place, str) else "GM0546"
        actor = body.get("actor")
        if isinstance(actor, dict) and actor.get("role") in ROLES:
            return speaking(actor, None if actor["role"] == "coach" else municipality, self._of)
        given = (request.method == "POST" and path.startswith("/v1/cases/")) or "imported=false" in str(request.url)
        if given or path.endswith("/person"):
            return caseworker(municipality=municipality, of=self._of)
        return operator(self._of)


def _json(request: httpx.Request) -> dict[str, Any]:
    if request.headers.get("content-type") != "application/json":
        return {}
    try:
        body = orjson.loads(request.content)
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}
