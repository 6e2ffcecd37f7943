"""The keys of a product on this machine: made once, kept apart from the data, never made anew beside old data."""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from overdracht import issuing
from overdracht.output import AWAY, Stop
from shared.chain import public_key

ID, VAULT, LAKE, ISSUER = "id.key", "vault.key", "lake.key", "issuer.seed"
ISSUER_PUBLIC = "issuer.jwks.json"


def ensure(folder: Path, services: Iterable[str], *, data_exists: bool) -> None:
    """Makes what is missing on a first start. Raises Stop when data is there whose keys are gone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    wanted = [ID, VAULT, LAKE, ISSUER, *(f"{service}.seed" for service in services)]
    lost = [name for name in wanted if not (folder / name).exists()]
    if data_exists and {ID, VAULT} & set(lost):
        raise Stop(
            f"Er zijn gegevens, maar in {folder} ontbreken sleutels ({', '.join(lost)}): zet ze terug uit de "
            "reservekopie. Nieuwe sleutels zouden identiteit en teksten voorgoed onleesbaar maken.",
            f"there is data, but keys are missing in {folder} ({', '.join(lost)}): put them back from the backup",
            AWAY,
        )
    for name in lost:
        _write(folder / name, secrets.token_hex(32), 0o600)
    if not (folder / ISSUER_PUBLIC).exists():
        _write(folder / ISSUER_PUBLIC, issuing.public_keys(read(folder, ISSUER)), 0o644)
    for service in services:
        public = public_key(bytes.fromhex(read(folder, f"{service}.seed"))).hex()
        if not (folder / f"{service}.pub").exists():
            _write(folder / f"{service}.pub", public, 0o644)


def read(folder: Path, name: str) -> str:
    """A key, in hex."""
    return (folder / name).read_text().strip()


def password(folder: Path, service: str) -> str:
    """The password of a service's role on a PostgreSQL that is not our own; made once."""
    file = folder / f"{service}.password"
    if not file.exists():
        _write(file, secrets.token_urlsafe(24), 0o600)
    return file.read_text().strip()


def _write(file: Path, content: str, mode: int) -> None:
    """Whole, on the disk, and from the first moment for nobody else to read."""
    fresh = file.with_name(f"{file.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(content + "\n")
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(file)
