"""How far a reader sees: every query of a door runs as the reader's role, within the caller's sight.

Twice over: the query itself asks for rows within sight (`WITHIN`), and row-level security (schema.py) hides the rest
also from a query that forgets to ask.

Readers have connections of their own, which can only read, as the reader's role. A connection keeps the sight that was
said last, and the next reading with the same sight does not say it again. So a service must speak to PostgreSQL itself,
or through a pooler that leaves it its session.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.ledger.model import Ledger

WITHIN = """(:sight = 'all'
    or :sight = 'municipality' and c.municipality = :sight_municipality
    or :sight = 'organisation' and :sight_organisation = any(c.parties)
        and (:sight_municipality = '' or c.municipality = :sight_municipality)
    or :sight = 'cases' and c.case_id = any(cast(:sight_cases as uuid[])))"""
"""The condition on `cases c`; its values are `Sight.values()`."""
_LOOK = text("""
    select set_config('app.sight', :sight, false), set_config('app.municipality', :sight_municipality, false),
        set_config('app.organisation', :sight_organisation, false),
        set_config('app.cases', array_to_string(cast(:sight_cases as text[]), ','), false)
""")
_SAID = "sight"
"""Where a connection's own notes keep the sight that was said on it."""


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
    """A connection that sees what is within sight, and nothing else, and cannot write.

    Each of its statements stands by itself: one reading that takes two may see what was written in between.
    """
    async with ledger.readers.connect() as tx:
        if tx.info.get(_SAID) != sight:
            tx.info.pop(_SAID, None)  # until it was said whole, nobody may go by what was said before
            await tx.execute(_LOOK, sight.values())
            tx.info[_SAID] = sight
        yield tx
