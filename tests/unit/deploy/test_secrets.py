"""Secrets are made once, right, and for nobody else to read; a service finds them where containers put them."""

import os
import subprocess
from pathlib import Path

import pytest

from shared.settings import Settings, from_environment
from tests.builders import ROOT

SCRIPT = ROOT / "deploy" / "make-secrets.sh"
SERVICES = ("intake", "diagnosis", "referral", "outcome")


def made(folder: Path) -> str:
    """What the command says when it makes secrets there."""
    done = subprocess.run(["sh", str(SCRIPT), str(folder)], capture_output=True, text=True, check=True)
    return done.stdout


def test_each_is_made_once_and_none_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    assert "vault_key" in made(folder)
    before = {file.name: file.read_text() for file in folder.iterdir()}
    assert len(before) == len(set(before.values())) == 5 + 5 * len(SERVICES)
    assert "geen" in made(folder)
    (folder / "outcome_signing_key").unlink()
    assert made(folder).split(": ")[-1].split() == ["outcome_signing_key"]
    after = {file.name: file.read_text() for file in folder.iterdir()}
    assert {name: after[name] for name in before if name != "outcome_signing_key"} == {
        name: value for name, value in before.items() if name != "outcome_signing_key"
    }


def test_on_this_machine_only_the_owner_gets_to_them(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    made(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o644}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_them_as_files_and_the_environment_goes_first(
    service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path)
    run = tmp_path / "run"
    run.mkdir()
    names = {"database_url": f"{service}_database_url", "signing_key": f"{service}_signing_key"}
    for target, source in {**names, "id_key": "id_key", "vault_key": "vault_key"}.items():
        (run / target).write_text((tmp_path / source).read_text())
    for name in ("DATABASE_URL", "SIGNING_KEY", "ID_KEY", "VAULT_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORT", "8000")
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092")
    monkeypatch.setenv("AUTH_ISSUER", "https://login.example")
    monkeypatch.setenv("AUTH_JWKS_URL", "https://login.example/jwks")
    password = (tmp_path / f"{service}_password").read_text()
    found = from_environment(Settings, run)
    assert found.database_url == f"postgresql://{service}:{password}@postgres:5432/{service}"
    assert (found.id_key, found.vault_key) == tuple((tmp_path / name).read_text() for name in ("id_key", "vault_key"))
    monkeypatch.setenv("ID_KEY", "ab" * 32)
    assert from_environment(Settings, run).id_key == "ab" * 32


def test_what_is_secret_is_in_no_history_and_in_no_image() -> None:
    asked = [".secrets/vault_key", ".env"]
    ignored = subprocess.run(["git", "check-ignore", *asked], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ignored.stdout.split() == asked
    assert not any(
        ".secrets" in line or ".env" in line for line in (ROOT / ".dockerignore").read_text().splitlines()[1:]
    )
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"
    assert os.access(SCRIPT, os.X_OK)
