"""The database engine: asyncpg under SQLAlchemy, and what counts as trouble that passes."""

from typing import Any

import asyncpg
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

_PASSING_STATES = ("08", "53", "57", "40", "55")
"""SQLSTATE classes: connection, resources, operator intervention (restart), rollback (deadlock), object in use."""

READER = "_reader"
"""A service's reader is named for the role that writes: `bread` and `bread_reader`."""
KEPT, MORE = 6, 4
"""Connections that an engine keeps, and may open besides when all are in use."""


def engine(url: str) -> AsyncEngine:
    """An engine for `postgresql://…`; opens nothing until it is used."""
    return _engine(url, {})


def readers(beside: AsyncEngine) -> AsyncEngine:
    """An engine for the reader of the role that writes: its connections cannot write, and each statement is a
    transaction of its own."""
    settings = {"role": f"{beside.url.username}{READER}", "default_transaction_read_only": "on"}
    return _engine(beside.url.render_as_string(hide_password=False), settings, isolation_level="AUTOCOMMIT")


def _engine(url: str, settings: dict[str, str], **more: Any) -> AsyncEngine:
    return create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://", 1),
        pool_size=KEPT,
        max_overflow=MORE,
        pool_timeout=10,
        pool_reset_on_return="rollback",
        connect_args={"timeout": 5, "command_timeout": 60, "server_settings": {"jit": "off"} | settings},
        **more,
    )


def sqlstate(trouble: BaseException) -> str:
    """The SQLSTATE of a database error, or empty."""
    original = getattr(trouble, "orig", trouble)
    return str(getattr(original, "sqlstate", "") or getattr(original, "pgcode", "") or "")


def passes(trouble: BaseException) -> bool:
    """Whether trying again later makes sense: the database is away, restarting or out of something."""
    if isinstance(trouble, DBAPIError) and trouble.connection_invalidated:
        return True
    if isinstance(trouble, OSError | TimeoutError | InterfaceError | asyncpg.InterfaceError):
        return True
    return sqlstate(trouble).startswith(_PASSING_STATES) or (
        isinstance(trouble, OperationalError) and not sqlstate(trouble)
    )


def collides(trouble: BaseException) -> bool:
    """Whether another process wrote the same case or item first: loading afresh and trying again is right."""
    return sqlstate(trouble) in ("23505", "40001", "40P01")
