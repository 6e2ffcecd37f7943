"""Tokens of an issuer that services under test believe, and the header with which a caller sends one along."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from overdracht import issuing
from overdracht.running.keys import ISSUER, ISSUER_PUBLIC

_SEED = "1f" * 32


@cache
def keys() -> Path:
    """The folder with the issuer's keys, for as long as this process lives."""
    folder = Path(tempfile.mkdtemp(prefix="overdracht-issuer-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / ISSUER).write_text(_SEED)
    (folder / ISSUER_PUBLIC).write_text(issuing.public_keys(_SEED))
    return folder


def jwks_url() -> str:
    """Where the issuer's public keys are."""
    return (keys() / ISSUER_PUBLIC).as_uri()


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
) -> dict[str, str]:
    """The header of a caller with these roles."""
    subject = name or f"{roles[0]}-1"
    return bearing(
        issuing.issued(
            keys(), roles, subject=subject, municipality=municipality, organisation=organisation, cases=cases
        )
    )


def operator() -> dict[str, str]:
    """Who runs the product, and sees how it is doing."""
    return called_by("operator", "analyst")


def caseworker(name: str = "km-1", municipality: str = "GM0546") -> dict[str, str]:
    """A caseworker of a municipality."""
    return called_by("caseworker", name=name, municipality=municipality)


def coach(name: str = "coach-1", organisation: str = "org-rw") -> dict[str, str]:
    """A coach of a provider."""
    return called_by("coach", name=name, organisation=organisation)
