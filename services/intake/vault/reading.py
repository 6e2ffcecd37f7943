"""Reading the vault: what identifies, what was sealed, what a person is called elsewhere; each leaves a line."""

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import store
from services.intake.vault.applicants import bsn_index_of
from services.intake.vault.keys import Keys, key_of, person_of
from shared import logging
from shared.ledger.seeing import Sight
from shared.sealing import Unreadable, open_sealed

log = logging.get(__name__)
DESTROYED = "key_destroyed"
FOREIGN = "not_of_this_case"


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads, and how far the reader sees."""

    who: str
    sight: Sight


def read_logged(case_id: str, what: str, who: str) -> None:
    """The line that every reading of personal data leaves: about which case, what was read, by whom."""
    log.info("personal data read", case_id=case_id, read=what, who=who)


async def person_read(tx: AsyncConnection, keys: Keys, case_id: str, by: Reading) -> dict[str, Any] | None:
    """What identifies the citizen; empty when nothing was said, None when there is no such case."""
    row = await store.person(tx, case_id, by.sight)
    if row is None:
        return None
    municipality, sealed = row
    if sealed is None:
        return {}
    read_logged(case_id, "person", by.who)
    found: dict[str, Any] = orjson.loads(keys.open(sealed, person_of(municipality, case_id)))
    return found


async def texts_read(
    tx: AsyncConnection, keys: Keys, case_id: str, texts: list[str], by: Reading
) -> list[dict[str, Any]] | None:
    """Each text, or null with the reason; None when there is no such case."""
    row = await store.case_key(tx, case_id, by.sight)
    if row is None:
        return None
    municipality, sealed, _ = row
    if sealed is None:
        return [{"text": None, "reason": DESTROYED} for _ in texts]
    read_logged(case_id, "texts", by.who)
    private = keys.open(sealed, key_of(municipality, case_id))
    return [_opened(text, private, case_id) for text in texts]


def _opened(text: str, private: bytes, case_id: str) -> dict[str, Any]:
    try:
        return {"text": open_sealed(text, private, case_id)}
    except Unreadable:
        return {"text": None, "reason": FOREIGN}


async def pseudonym_made(
    tx: AsyncConnection, keys: Keys, case_id: str, organisation: str, by: Reading
) -> tuple[str, str] | None:
    """(pseudonym, what it names: `person` or `case`); None when there is no such case.

    A person has one name per organisation, over all cases that hold the number; organisations cannot compare names.
    """
    row = await store.person(tx, case_id, by.sight)
    if row is None:
        return None
    municipality, sealed = row
    person = {} if sealed is None else orjson.loads(keys.open(sealed, person_of(municipality, case_id)))
    read_logged(case_id, "pseudonym", by.who)
    if "bsn" in person:
        return keys.pseudonym(organisation, "bsn", person["bsn"]), "person"
    return keys.pseudonym(organisation, "case", case_id), "case"


async def cases_of(tx: AsyncConnection, keys: Keys, municipality: str, number: str, by: Reading) -> list[Any]:
    """(case, status, opened at) of every case of the person with this number in this municipality, the newest first."""
    rows = await store.found_by_number(tx, bsn_index_of(keys, municipality, number), by.sight)
    for row in rows:
        read_logged(row[0], "found by number", by.who)
    return rows
