"""How far a reader sees: every query of a door runs as the reader's role, within the caller's sight.

Twice over: the query itself asks for rows within sight (`WITHIN`), and row-level security (schema.py) hides the rest
also from a query that forgets to ask.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.ledger.model import Ledger

READER = "_reader"
"""A service's reader is named for the role that writes: `bread` and `bread_reader`."""
OWNER = "_owner"
"""And so is the role that owns the tables, which only migrations use."""

WITHIN = """(:sight = 'all'
    or :sight = 'municipality' and c.municipality = :sight_municipality
    or :sight = 'organisation' and :sight_organisation = any(c.parties)
        and (:sight_municipality = '' or c.municipality = :sight_municipality)
    or :sight = 'cases' and c.case_id = any(cast(:sight_cases as uuid[])))"""
"""The condition on `cases c`; its values are `Sight.values()`."""
_LOOK = text("""
    select set_config('role', cast(:reader as text), true), set_config('app.sight', :sight, true),
        set_config('app.municipality', :sight_municipality, true),
        set_config('app.organisation', :sight_organisation, true),
        set_config('app.cases', array_to_string(cast(:sight_cases as text[]), ','), true)
""")
_AS_WRITER = text("select set_config('role', 'none', true)")


@dataclass(frozen=True, slots=True)
class Sight:
    """Which cases: all, of a municipality, of an organisation (within a municipality, when one is said), or these."""

    kind: Literal["all", "municipality", "organisation", "cases"]
    municipality: str = ""
    organisation: str = ""
    cases: tuple[str, ...] = ()

    def values(self) -> dict[str, Any]:
        """The values of `WITHIN`."""
        return {
            "sight": self.kind,
            "sight_municipality": self.municipality,
            "sight_organisation": self.organisation,
            "sight_cases": list(self.cases),
        }


@asynccontextmanager
async def seen(ledger: Ledger, sight: Sight) -> AsyncIterator[AsyncConnection]:
    """A read-only connection that sees what is within sight, and nothing else."""
    async with ledger.engine.connect() as tx:
        await tx.execute(_LOOK, sight.values() | {"reader": f"{ledger.engine.url.username}{READER}"})
        yield tx


async def as_writer(tx: AsyncConnection) -> None:
    """From here on the transaction is that of who writes, past any sight: for what a reading has to leave behind."""
    await tx.execute(_AS_WRITER)
