"""One database and three roles per service: who owns it (migrations only), who writes (owns nothing), who reads."""

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


OWNER, READER = "_owner", "_reader"


async def create(admin_url: str, passwords: dict[str, str | None], within: float = UP_SECONDS) -> None:
    """Makes what is missing for these services: role -> password, two per service (`bread` and `bread_owner`).

    A password (None on our own socket) is set anew each time.
    """
    connection = await connect(admin_url, within)
    try:
        for database in ("postgres", "template1"):
            if await connection.fetchval("select 1 from pg_database where datname = $1", database):
                await connection.execute(f"revoke connect on database {database} from public")
        for name, password in passwords.items():
            await _role(connection, name, password)
        services = [name for name in passwords if not name.endswith(OWNER)]
        for name in services:
            await _reader(connection, name)
            await _database(connection, name)
    finally:
        await connection.close()
    for name in services:
        await _hand_over(admin_url, name)


async def _role(connection: "asyncpg.Connection[asyncpg.Record]", name: str, password: str | None) -> None:
    if not await connection.fetchval("select 1 from pg_roles where rolname = $1", name):
        await connection.execute(f'create role "{name}" login')
    if password is not None:
        sentence = await connection.fetchval(
            "select format('alter role %I password %L', $1::text, $2::text)", name, password
        )
        await connection.execute(sentence)


async def _reader(connection: "asyncpg.Connection[asyncpg.Record]", name: str) -> None:
    """Nobody logs in as the reader; who writes steps down to it for a query, and gets no right by it."""
    if not await connection.fetchval("select 1 from pg_roles where rolname = $1", name + READER):
        await connection.execute(f'create role "{name}{READER}" nologin')
    await connection.execute(f'grant "{name}{READER}" to "{name}" with inherit false, set true')


async def _database(connection: "asyncpg.Connection[asyncpg.Record]", name: str) -> None:
    owner = name + OWNER
    # A managed server's admin is no superuser and has to be in the role before it can give it a database.
    await connection.execute(f'grant "{owner}" to current_user')
    if not await connection.fetchval("select 1 from pg_database where datname = $1", name):
        await connection.execute(f'create database "{name}" owner "{owner}"')
    await connection.execute(f'alter database "{name}" owner to "{owner}"')
    await connection.execute(f'revoke all on database "{name}" from public')
    await connection.execute(f'grant connect on database "{name}" to "{name}"')


async def _hand_over(admin_url: str, name: str) -> None:
    """What the writing role owned in its database, from before it owned nothing, goes to the owner."""
    connection = await connect(urlunsplit(urlsplit(admin_url)._replace(path=f"/{name}")))
    try:
        if await connection.fetchval(_OWNS, name):
            await connection.execute(f'grant "{name}" to current_user')
            await connection.execute(f'reassign owned by "{name}" to "{name}{OWNER}"')
    finally:
        await connection.close()


_OWNS = """
    select exists (select 1 from pg_class c join pg_roles r on r.oid = c.relowner
        where r.rolname = $1 and c.relkind in ('r', 'S'))
"""


def for_role(admin_url: str, database: str, name: str, password: str) -> str:
    """The address of a database for a role, on a server given by its admin address."""
    parts = urlsplit(admin_url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{name}:{quote(password, safe='')}@{place}", path=f"/{database}"))


def without_password(url: str) -> str:
    """The same address, to show."""
    parts = urlsplit(url)
    who, at, place = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{who.partition(':')[0]}{at}{place}"))
