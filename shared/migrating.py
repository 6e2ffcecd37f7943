"""Migrations: alembic, run by the service on its own database, one process at a time."""

import asyncio
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, make_url, text

from shared.database import READER, engine

_LOCK = 7_310_002


def upgrade(owner_url: str, service_folder: Path, database_url: str, version: str = "head") -> None:
    """Brings the database to a version, as its owner; the role of `database_url` gets its rights there."""
    config = Config()
    config.set_main_option("script_location", str(service_folder / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes |= {"url": owner_url, "writer": make_url(database_url).username}
    command.upgrade(config, version)


def run(context: Any) -> None:
    """What a service's `migrations/env.py` calls."""
    asyncio.run(_run(context))


async def _run(context: Any) -> None:
    database = engine(context.config.attributes["url"])
    try:
        async with database.begin() as connection:
            await connection.run_sync(_migrate, context)
    finally:
        await database.dispose()


def _migrate(connection: Connection, context: Any) -> None:
    connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    context.configure(connection=connection, transaction_per_migration=False)
    with context.begin_transaction():
        context.run_migrations()


def roles(config: Any) -> dict[str, str]:
    """The roles that get rights, by what they do, quoted; `config` is alembic's."""
    writer = config.attributes["writer"]
    return {"writer": f'"{writer}"', "reader": f'"{writer}{READER}"'}


def statements(script: str) -> list[str]:
    """The statements of an SQL text, one by one, as the driver wants them."""
    return [statement.strip() for statement in script.split(";\n") if statement.strip()]
