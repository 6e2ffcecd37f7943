"""One database and one login role per service, each role the owner of its own database and of nothing else."""

import asyncio
import time
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from deploy.embedded.parts import Halt

UP_SECONDS = 60.0


async def connect(url: str, within: float = UP_SECONDS) -> "asyncpg.Connection[asyncpg.Record]":
    """A connection, as soon as the server gives one. Raises Halt when it does not in time."""
    until = time.monotonic() + within
    while True:
        try:
            return await asyncpg.connect(url, timeout=5)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as trouble:
            why = type(trouble).__name__
        if time.monotonic() > until:
            raise Halt(
                f"PostgreSQL geeft na {within:.0f} s geen verbinding ({why}): zie het log, of DATABASE_URL.",
                f"PostgreSQL gives no connection after {within:.0f} s ({why}): see postgres's log, or DATABASE_URL.",
            )
        await asyncio.sleep(0.05)


async def create(admin_url: str, passwords: dict[str, str | None], within: float = UP_SECONDS) -> None:
    """Makes what is missing for these services. A password (None on our own socket) is set anew each time."""
    connection = await connect(admin_url, within)
    try:
        for database in ("postgres", "template1"):
            if await connection.fetchval("select 1 from pg_database where datname = $1", database):
                await connection.execute(f"revoke connect on database {database} from public")
        for name, password in passwords.items():
            await _role(connection, name, password)
            await _database(connection, name)
    finally:
        await connection.close()


async def _role(connection: "asyncpg.Connection[asyncpg.Record]", name: str, password: str | None) -> None:
    if not await connection.fetchval("select 1 from pg_roles where rolname = $1", name):
        await connection.execute(f'create role "{name}" login')
    if password is not None:
        sentence = await connection.fetchval(
            "select format('alter role %I password %L', $1::text, $2::text)", name, password
        )
        await connection.execute(sentence)


async def _database(connection: "asyncpg.Connection[asyncpg.Record]", name: str) -> None:
    if not await connection.fetchval("select 1 from pg_database where datname = $1", name):
        # A managed server's admin is no superuser and has to be in the role before it can give it a database.
        await connection.execute(f'grant "{name}" to current_user')
        await connection.execute(f'create database "{name}" owner "{name}"')
    await connection.execute(f'revoke all on database "{name}" from public')


def for_role(admin_url: str, name: str, password: str) -> str:
    """The address of a service's own database on a server given by its admin address."""
    parts = urlsplit(admin_url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{name}:{quote(password, safe='')}@{place}", path=f"/{name}"))


def without_password(url: str) -> str:
    """The same address, to show."""
    parts = urlsplit(url)
    who, at, place = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{who.partition(':')[0]}{at}{place}"))
