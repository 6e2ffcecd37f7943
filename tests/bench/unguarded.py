"""`python -m tests.bench.unguarded intake`: a service that asks nobody who they are and logs no reading.

For the bench alone, to know what it costs to ask: the product has no such switch. What is left out is put aside before
the service is imported, so that it goes without in all its parts: no token is looked at, no sight is said to PostgreSQL
or stands in a query, its own role reads, past row-level security, and a reading leaves no line.
"""

from __future__ import annotations

import runpy
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    from fastapi import Request
    from sqlalchemy.ext.asyncio import AsyncConnection


def put_aside() -> None:
    """Takes rights and the log of readings out of everything that is imported from here on."""
    for what, instead in (
        ("shared.database.READER", ""),  # the reader is the service's own role
        ("shared.ledger.seeing.WITHIN", "true"),
        ("shared.ledger.seeing.seen", _seen),
        ("shared.http.access.doorkeeper", _open_to_all),
        ("services.intake.vault.reading._entered", _nothing),
    ):
        patch(what, instead).start()


@asynccontextmanager
async def _seen(ledger: Any, _sight: Any) -> AsyncIterator[AsyncConnection]:
    """A connection that reads as the service's own role."""
    async with ledger.readers.connect() as tx:
        yield tx


async def _nothing(*_: Any) -> None:
    """Leaves no line."""


def _open_to_all(_checker: Any) -> Callable[[Request], Awaitable[None]]:
    """What comes instead of the doorkeeper: everybody is a caseworker."""
    caller = import_module("shared.auth").Caller("km-b", frozenset({"caseworker"}), "GM0546")
    sight = import_module("shared.ledger.seeing").Sight("municipality", "GM0546")

    async def check(request: Request) -> None:
        request.state.caller, request.state.sight = caller, sight

    # the annotation is read where the function is used
    check.__annotations__["request"] = import_module("fastapi").Request
    return check


if __name__ == "__main__":
    put_aside()
    name = sys.argv.pop()
    runpy.run_module(f"services.{name}", run_name="__main__")
