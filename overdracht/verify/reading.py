"""Feeds the checks: the ledger and its seals through the doors, the topics from the broker."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from aiokafka import AIOKafkaConsumer

from overdracht import topics
from overdracht.doors import Door, Doors, Json, event_pages, get, listed
from overdracht.output import Meter
from overdracht.verify.findings import Finding
from overdracht.verify.ledger import LedgerLog, events_of, take
from overdracht.verify.seals import SealLog, not_shown, settle_strange_seals, take_seal, take_seal_on_topic
from overdracht.verify.topic import TopicLog, absent, missing_on_topic, out_of_order, settle_strangers, take_record

_SENT_WITHIN_SECONDS = 10
_KEPT_FINDINGS = 1_000


@dataclass
class Outcome:
    """What the verification of one service saw. Findings beyond a thousand are counted, not kept."""

    ledger: LedgerLog
    seals: SealLog
    topic: TopicLog
    findings: list[Finding] = field(default_factory=list)
    found: int = 0
    unsent: int = 0
    next_page: str = ""

    def add(self, findings: Iterator[Finding]) -> None:
        """Keeps the findings."""
        for finding in findings:
            self.found += 1
            if len(self.findings) < _KEPT_FINDINGS:
                self.findings.append(finding)


def outcome_of(service: str) -> Outcome:
    """Nothing seen yet."""
    ledger = LedgerLog(service)
    return Outcome(ledger, SealLog(service), TopicLog(ledger))


def public_key(keys: Path, service: str) -> bytes | None:
    """The service's public key: 64 hex characters in a file; None when there is none."""
    try:
        return bytes.fromhex((keys / f"{service}.pub").read_text().strip())
    except (OSError, ValueError):
        return None


async def read_ledger(door: Door, outcome: Outcome, public: bytes | None, meter: Meter) -> None:
    """Reads the ledger and its seals from where the last reading ended; what comes after the last seal is its tail."""
    pages = event_pages(door, outcome.next_page)

    async def another() -> bool:
        async for page, outcome.next_page in pages:
            fresh = events_of(page)
            outcome.add(take(outcome.ledger, fresh))
            meter.add(len(fresh), f"{door.service}: chain and seals")
            return True
        return False

    async for seal in listed(door, "/v1/checkpoints", "after", outcome.seals.number, limit=1_000):
        while outcome.ledger.position < seal["position"] and await another():
            pass
        outcome.add(take_seal(outcome.seals, outcome.ledger, seal, public))
    while await another():
        pass


async def read_topics(
    consumer: AIOKafkaConsumer, doors: Doors, outcomes: dict[str, Outcome], keys: Path, meter: Meter
) -> None:
    """Reads all topics against what the ledgers say; waits a little for what is still on its way."""
    shorter = await topics.cut_at_the_front(consumer)
    for _ in range(_SENT_WITHIN_SECONDS):
        async for records in topics.to_the_end(consumer):
            _take(records, outcomes, meter)
        for service, door in doors.items():
            outcomes[service].unsent = (await get(door, "/v1/status"))["unsent"] or 0
        if not any(_still_coming(outcome) for outcome in outcomes.values()):
            break
        await asyncio.sleep(1)
    for service, outcome in outcomes.items():
        if missing_on_topic(outcome.topic) > outcome.unsent:
            outcome.add(absent(outcome.topic, topics.topic_of(service) in shorter))
        outcome.add(_seals_not_on_topic(outcome, topics.CHECKPOINTS in shorter))
        if outcome.topic.strangers or outcome.seals.strangers:
            await read_ledger(doors[service], outcome, public_key(keys, service), meter)
        outcome.add(settle_strangers(outcome.topic))
        outcome.add(settle_strange_seals(outcome.seals))
        outcome.add(out_of_order(outcome.topic))


def _still_coming(outcome: Outcome) -> bool:
    late_seals = not_shown(outcome.seals)
    last = bool(late_seals) and late_seals[-1] == outcome.seals.number
    return last or (outcome.unsent > 0 and missing_on_topic(outcome.topic) > 0)


def _take(records: list[topics.Record], outcomes: dict[str, Outcome], meter: Meter) -> None:
    for record in records:
        if record.topic == topics.CHECKPOINTS:
            _take_seal(record.value, outcomes)
            continue
        outcome = outcomes[topics.service_of(record.topic)]
        outcome.add(take_record(outcome.topic, record.key, record.value, record.headers))
    meter.add(len(records), f"{records[0].topic}: the same as the ledger" if records else "")


def _take_seal(value: bytes | None, outcomes: dict[str, Outcome]) -> None:
    try:
        seal: Json = orjson.loads(value or b"")
        outcome = outcomes[seal["service"]]
        outcome.add(take_seal_on_topic(outcome.seals, seal))
    except (orjson.JSONDecodeError, KeyError, TypeError):
        next(iter(outcomes.values())).add(iter([Finding("no_event", "checkpoints")]))


def _seals_not_on_topic(outcome: Outcome, shorter: bool) -> Iterator[Finding]:
    unseen = not_shown(outcome.seals)
    if unseen and shorter:
        yield Finding("topic_shorter", outcome.ledger.service, count=len(unseen))
        return
    for number in unseen:
        yield Finding("seal_not_on_topic", outcome.ledger.service, checkpoint=number)
