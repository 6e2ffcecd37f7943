"""The script that the official image runs on an empty volume: each role gets into its own database and no other, and
who writes owns nothing."""

import os
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from deploy.embedded import postgres
from tests.builders import ROOT

SERVICES = ("intake", "diagnosis", "referral", "outcome")
SCRIPT = ROOT / "deploy" / "postgres" / "10-services.sh"


def address(postgres_url: str, name: str, database: str) -> str:
    """The same server, as this role, this database."""
    return postgres_url.replace("postgresql://postgres@/postgres?", f"postgresql://{name}@/{database}?", 1)


async def test_each_role_gets_into_its_own_database_only_and_owns_nothing(postgres_url: str, tmp_path: Path) -> None:
    for service in SERVICES:
        for role in (service, f"{service}_owner"):
            (tmp_path / f"{role}_password").write_text("it's a secret \\ \" $x")
    place = parse_qs(urlsplit(postgres_url).query)
    path = f"{postgres.program('psql').parent}:{os.environ['PATH']}"
    given = {"PATH": path, "SECRETS": str(tmp_path), "PGHOST": place["host"][0], "PGPORT": place["port"][0]}
    owner = await asyncpg.connect(postgres_url)
    try:
        done = subprocess.run(["sh", str(SCRIPT)], env=given, capture_output=True, text=True, check=False)  # noqa: ASYNC221
        assert done.returncode == 0, done.stderr
        for service in SERVICES:
            own = await asyncpg.connect(address(postgres_url, service, service))
            assert (
                await own.fetchval("select pg_get_userbyid(datdba) from pg_database where datname = $1", service)
                == f"{service}_owner"
            )
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await own.execute("create table t (x int)")
            await own.execute(f"set role {service}_reader")
            await own.close()
            migrating = await asyncpg.connect(address(postgres_url, f"{service}_owner", service))
            await migrating.execute("create table t (x int)")
            await migrating.close()
            for other in {*SERVICES, "postgres"} - {service}:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await asyncpg.connect(address(postgres_url, service, other))
            kept = await owner.fetchval("select rolpassword from pg_authid where rolname = $1", service)
            assert kept.startswith("SCRAM-SHA-256$")
    finally:
        for service in SERVICES:
            await owner.execute(f"drop database if exists {service} with (force)")
            for role in (service, f"{service}_owner", f"{service}_reader"):
                await owner.execute(f"drop role if exists {role}")
        await owner.close()
