"""The vault opens only when it is known what was destroyed: a backup that was put back brings no key back.

What was destroyed is told by three: the table `destroyed`, the facts of the own ledger, and the facts on the own topic,
which no restore of a database takes back. At the start, and again while the service runs, the vault is held against
them, and what had come back is destroyed again before anything is read. A mark in the database says how far the topic
was heard; a database of an earlier moment has an earlier mark, and so hears again what it forgot.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import destroying
from services.intake.domain.retention import Table
from services.intake.events import CaseKeyDestroyed
from services.intake.vault.entering import Desk
from services.intake.vault.keys import Keys, key_of, person_of
from shared import logging
from shared.broker import topic_of
from shared.database import engine
from shared.ledger.model import Ledger
from shared.sealing import Unreadable

log = logging.get(__name__)
PART = "vault"
SHUT, OPEN = "shut", "ok"
_EVERY_SECONDS = 5.0
_AGAIN_SECONDS = 60.0
_ANSWER_SECONDS = 10.0
_TYPE = CaseKeyDestroyed.type.encode()
WRONG_KEY = (
    "Settings are not right:\n"
    "  VAULT_KEY: it does not open the vault in this database; put back the key that belongs to it\n"
    "  VAULT_KEY: deze sleutel past niet op de kluis in deze database; zet de sleutel terug die erbij hoort"
)


@dataclass
class Vault:
    """The vault in this process: its keys, its rules, what it knows to be destroyed, and whether it is open."""

    keys: Keys
    retention: Table
    register_url: str
    destroyed: set[str] = field(default_factory=set)
    parts: dict[str, str] = field(default_factory=lambda: {PART: SHUT})
    desk: Desk = field(default_factory=Desk)
    _number: int = 0

    @property
    def is_open(self) -> bool:
        """Whether anything may be read."""
        return self.parts[PART] == OPEN

    def shut(self) -> None:
        """Nothing is read until the vault was held against all that was destroyed."""
        self.parts[PART], self._number = SHUT, 0

    async def catch_up(self, tx: AsyncConnection) -> None:
        """Hears what other processes of this service destroyed since."""
        for number, case_id in await destroying.destroyed_after(tx, self._number):
            self._number = number
            self.destroyed.add(case_id)


async def check_key(database_url: str, keys: Keys) -> None:
    """Exits when the key opens nothing of what is there. A database that is away or empty is no reason to."""
    database = engine(database_url)
    try:
        async with asyncio.timeout(5), database.connect() as tx:
            rows = await destroying.sample(tx)
    except Exception as trouble:  # readiness tells what keeps it away; here is only looked at the key
        log.warning("the vault's key could not be tried", error=type(trouble).__name__)
        return
    finally:
        await database.dispose()
    if rows and not any(_opens(keys, *row) for row in rows):
        raise SystemExit(WRONG_KEY)


def _opens(keys: Keys, kind: str, municipality: str, case_id: str, sealed: bytes) -> bool:
    place = key_of if kind == "key" else person_of
    try:
        keys.open(sealed, place(municipality, case_id))
    except Unreadable:
        return False
    return True


async def watch(vault: Vault, ledger: Ledger, bootstrap_servers: str) -> None:
    """Opens the vault as soon as it may, trying as long as it takes; then keeps looking. Runs until cancelled."""
    looked = 0.0
    while True:
        try:
            if not vault.is_open:
                await hold_against(vault, ledger, await _heard(ledger, bootstrap_servers))
                vault.parts[PART], looked = OPEN, monotonic()
            elif monotonic() - looked > _AGAIN_SECONDS:
                await hold_against(vault, ledger, ({}, set()))
                looked = monotonic()
            else:
                async with ledger.single.connect() as tx:
                    await vault.catch_up(tx)
        except Exception as trouble:  # who was away may come back as of an earlier moment: all is looked up anew
            log.warning("the vault is shut", error=type(trouble).__name__)
            vault.shut()
        await asyncio.sleep(_EVERY_SECONDS if vault.is_open else 0.5)


async def hold_against(vault: Vault, ledger: Ledger, heard: tuple[dict[str, int], set[str]]) -> int:
    """Destroys again what something put back; how many cases. `heard`: how far the topic was read, and its cases."""
    offsets, on_topic = heard
    async with ledger.engine.begin() as tx:
        ids = on_topic | set(await destroying.to_destroy(tx))
        if await destroying.destroyed_count(tx) < len(vault.destroyed | on_topic):
            ids |= vault.destroyed  # the table knows less than this process: it is of an earlier moment
        back = await destroy_again(tx, sorted(ids)) if ids else 0
        if offsets:
            await destroying.set_heard(tx, offsets)
        await vault.catch_up(tx)
    vault.destroyed |= ids
    return back


async def destroy_again(tx: AsyncConnection, ids: Iterable[str]) -> int:
    """Destroys these; how many had come back."""
    await destroying.wait_for_turn(tx)
    back = await destroying.destroy(tx, list(ids), datetime.now(UTC))
    for case_id, _, _ in back:
        log.warning("a destroyed key had come back, and was destroyed again", case_id=case_id)
    return len(back)


async def _heard(ledger: Ledger, bootstrap_servers: str) -> tuple[dict[str, int], set[str]]:
    """(offset after the last record, per partition; cases) of what the own topic says was destroyed since the mark."""
    async with ledger.single.connect() as tx:
        mark = await destroying.heard_up_to(tx)
    consumer = AIOKafkaConsumer(
        topic_of(ledger.service),
        bootstrap_servers=bootstrap_servers,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            await consumer.start()
            ends = await consumer.end_offsets(list(consumer.assignment()))
        if not ends:
            raise LookupError("the topic is not there")
        found = await _read(consumer, mark, ends)
    finally:
        await consumer.stop()
    return {str(place.partition): end for place, end in ends.items()}, found


async def _read(consumer: AIOKafkaConsumer, mark: dict[str, int], ends: dict[TopicPartition, int]) -> set[str]:
    """The cases of which a record between the mark and these ends says that they were erased."""
    found: set[str] = set()
    for place, end in ends.items():
        begun = mark.get(str(place.partition), 0)
        consumer.seek(place, begun if begun <= end else 0)  # shorter than the mark: another topic, all of it new
    while any([await consumer.position(place) < end for place, end in ends.items()]):
        for records in (await consumer.getmany(timeout_ms=500, max_records=10_000)).values():
            found |= {record.key.decode() for record in records if _says_destroyed(record)}
    return found


def _says_destroyed(record: Any) -> bool:
    return record.key is not None and dict(record.headers).get("ce_type") == _TYPE
