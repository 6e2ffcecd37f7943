"""Reading the vault: what identifies, what was sealed, what a person is called elsewhere.

Every reading leaves a line in the log of readings: it is there for good before the answer leaves, and when it cannot be
written nothing is read out.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import logbook, store
from services.intake.codes import Activity
from services.intake.vault.applicants import bsn_index_of
from services.intake.vault.entering import enter
from services.intake.vault.keys import Keys, key_of, person_of
from services.intake.vault.leaving import NAMES, subject_of
from services.intake.vault.opening import Vault, destroy_again
from shared.ledger.model import Ledger
from shared.ledger.seeing import Sight, seen
from shared.sealing import Unreadable, open_sealed

DESTROYED = "key_destroyed"
FOREIGN = "not_of_this_case"


class Shut(Exception):  # noqa: N818 - a state of the vault
    """The vault is not open: it is not known yet what was destroyed."""


class Unlogged(Exception):  # noqa: N818 - an answer: nothing was read
    """The log of readings could not be written."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, in which roles and for whom, how far the reader sees, and within which trace."""

    who: str
    role: str
    organisation: str | None
    sight: Sight
    began: datetime
    trace_id: str
    span_id: str
    parent_span_id: str | None = None
    processor: str | None = None


@dataclass
class Session:
    """One reading of the vault, and the lines it is going to leave."""

    tx: AsyncConnection
    vault: Vault
    ledger: Ledger
    by: Reader
    lines: list[logbook.Line] = field(default_factory=list)
    came_back: list[str] = field(default_factory=list)

    @property
    def keys(self) -> Keys:
        """The vault's keys."""
        return self.vault.keys

    async def held(self, case_id: str) -> store.Held | None:
        """What the vault holds of a case within sight; of a destroyed one nothing, whatever is in the table."""
        found = await store.held(self.tx, case_id, self.by.sight)
        if found is None or not (found.came_back or found.destroyed_at or case_id in self.vault.destroyed):
            return found
        if found.key is not None or found.person is not None:
            self.came_back.append(case_id)
        return store.Held(found.municipality, None, None, None, found.destroyed_at or self.by.began, found.came_back)

    def leaves(
        self, activity: Activity, municipality: str, subject: str, case_id: str | None, recipient: str | None = None
    ) -> None:
        """A line about this person. `recipient`: the organisation that gets to know something by it."""
        by = self.by
        self.lines.append(
            logbook.Line(
                activity, subject, municipality, case_id, NAMES[activity], by.began, by.trace_id, by.span_id,
                by.parent_span_id, by.who, by.role, recipient or by.organisation, by.processor,
            )
        )  # fmt: skip


@asynccontextmanager
async def reading(vault: Vault, ledger: Ledger, by: Reader) -> AsyncIterator[Session]:
    """A reading within sight; its lines are there for good when it ends. Raises Shut, Unlogged."""
    if not vault.is_open:
        raise Shut
    async with seen(ledger, by.sight) as tx:
        session = Session(tx, vault, ledger, by)
        yield session
    # the connection is given back first: who waits for what has to be written holds none
    if session.came_back:
        await _destroyed(session)
    if session.lines:
        await _entered(session)


async def _destroyed(session: Session) -> None:
    """Destroys again what the reading met."""
    try:
        async with session.ledger.engine.begin() as tx:
            await destroy_again(tx, session.came_back)
    except (DBAPIError, OSError) as trouble:
        raise Unlogged from trouble


async def _entered(session: Session) -> None:
    try:
        await enter(session.vault.desk, session.ledger, session.lines)
    except (DBAPIError, OSError) as trouble:
        raise Unlogged from trouble


def opened_person(keys: Keys, case_id: str, held: store.Held) -> dict[str, Any]:
    """What identifies the citizen; empty when nothing was said."""
    if held.person is None:
        return {}
    found: dict[str, Any] = orjson.loads(keys.open(held.person, person_of(held.municipality, case_id)))
    return found


def opened_texts(keys: Keys, case_id: str, held: store.Held, texts: list[str]) -> list[dict[str, Any]]:
    """Each text, or null with the reason."""
    if held.key is None:
        return [{"text": None, "reason": DESTROYED} for _ in texts]
    private = keys.open(held.key, key_of(held.municipality, case_id))
    return [_opened(text, private, case_id) for text in texts]


def _opened(sealed: str, private: bytes, case_id: str) -> dict[str, Any]:
    try:
        return {"text": open_sealed(sealed, private, case_id)}
    except Unreadable:
        return {"text": None, "reason": FOREIGN}


async def person_read(
    at: Session, case_id: str, activity: Activity = "person"
) -> tuple[store.Held, dict[str, Any]] | None:
    """What identifies the citizen, read for this activity; None when there is no such case."""
    held = await at.held(case_id)
    if held is None:
        return None
    if held.person is not None:
        at.leaves(activity, held.municipality, subject_of(at.keys, held.bsn_index, case_id), case_id)
    return held, opened_person(at.keys, case_id, held)


async def texts_read(at: Session, case_id: str, texts: list[str]) -> list[dict[str, Any]] | None:
    """Each text, or null with the reason; None when there is no such case."""
    held = await at.held(case_id)
    if held is None:
        return None
    if held.key is not None:
        at.leaves("texts", held.municipality, subject_of(at.keys, held.bsn_index, case_id), case_id)
    return opened_texts(at.keys, case_id, held, texts)


async def pseudonym_made(at: Session, case_id: str, organisation: str) -> tuple[store.Held, str, str] | None:
    """(what is held, pseudonym, what it names: `person` or `case`); None when there is no such case.

    A person has one name per organisation, over all cases that hold the number; organisations cannot compare names.
    """
    held = await at.held(case_id)
    if held is None:
        return None
    if held.destroyed_at is None:
        subject = subject_of(at.keys, held.bsn_index, case_id)
        at.leaves("pseudonym", held.municipality, subject, case_id, organisation)
    return held, *pseudonym_of(at.keys, case_id, opened_person(at.keys, case_id, held), organisation)


def pseudonym_of(keys: Keys, case_id: str, person: dict[str, Any], organisation: str) -> tuple[str, str]:
    """The citizen's name for an organisation, and what it names."""
    if "bsn" in person:
        return keys.pseudonym(organisation, "bsn", person["bsn"]), "person"
    return keys.pseudonym(organisation, "case", case_id), "case"


async def cases_of(at: Session, municipality: str, number: str) -> list[Any]:
    """(case, status, opened at) of every case of the person with this number in this municipality, the newest first.

    Also of somebody who is not there it is asked, and so it leaves a line: one for the person, not one per case.
    """
    index = bsn_index_of(at.keys, municipality, number)
    rows = await store.found_by_number(at.tx, index, at.by.sight)
    found = [row for row in rows if row[0] not in at.vault.destroyed]
    at.leaves("search", municipality, subject_of(at.keys, index, None), found[0][0] if found else None)
    return found
