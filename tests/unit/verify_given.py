"""What the verification tests are given: a small log as a service would have written it, sealed and published."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from overdracht.verify.findings import Finding
from overdracht.verify.ledger import LedgerLog, events_of, take
from overdracht.verify.seals import (
    SealLog,
    not_shown,
    settle_strange_seals,
    take_seal,
    take_seal_on_topic,
)
from overdracht.verify.topic import TopicLog, absent, out_of_order, settle_strangers, take_record
from shared.chain import START, key_id, public_key, roll, sign, statement
from shared.envelope import Event, expected_hash, headers, structured

SEED, OTHER_SEED = bytes([1]) * 32, bytes([2]) * 32
SERVICE = "referral"


def rehashed(events: Sequence[Event]) -> list[Event]:
    """The events with the hashes that belong to their content, case by case."""
    last: dict[str, bytes] = {}
    done = []
    for event in events:
        digest = expected_hash(event, last.get(event.subject, START))
        last[event.subject] = digest
        done.append(replace(event, casehash=digest.hex()))
    return done


def some_events(cases: int = 3, each: int = 4) -> list[Event]:
    """Events of a few cases, interleaved as they were written."""
    return rehashed(
        [
            Event(
                id=f"id-{version}-{case}",
                source="urn:nld:oin:00000001823288444000:systeem:overdracht-referral",
                type="nl.overdrachten.referral_sent.v1",
                subject=f"case-{case}",
                time="2026-01-01T00:00:00.000000Z",
                sequence=(version - 1) * cases + case + 1,
                caseversion=version,
                casehash="",
                causationid="c",
                traceparent="t",
                data=orjson.dumps({"n": version, "case": case, "half": 0.5}),
            )
            for version in range(1, each + 1)
            for case in range(cases)
        ]
    )


def sealed(events: Sequence[Event], every: int = 4, seed: bytes = SEED) -> list[dict[str, Any]]:
    """A seal after every so many events; what is left over is not sealed yet."""
    seals: list[dict[str, Any]] = []
    previous = START
    for count in range(every, len(events) + 1, every):
        part = events[count - every : count]
        root = roll(previous, [bytes.fromhex(event.casehash) for event in part])
        number, position, at = len(seals) + 1, part[-1].sequence, "2026-01-01T00:00:01.000000Z"
        signed = statement(SERVICE, number, position, count, root.hex(), previous.hex(), at)
        seals.append(
            {
                "number": number,
                "position": position,
                "events": count,
                "root": root.hex(),
                "previous": previous.hex(),
                "at": at,
                "key_id": key_id(public_key(seed)),
                "signature": sign(seed, signed),
            }
        )
        previous = root
    return seals


@dataclass
class Log:
    """All four places: the ledger and its seals, and both as the topics show them."""

    ledger: list[Event]
    seals: list[dict[str, Any]]
    topic: list[Event]
    seals_on_topic: list[dict[str, Any]]


def whole() -> Log:
    """A log of which nothing is wrong: 14 events, 12 of them sealed."""
    events = some_events(2, 7)
    return Log(list(events), sealed(events), list(events), sealed(events))


def page(events: Sequence[Event]) -> bytes:
    """A page as the door answers it."""
    return b"[" + b",".join(structured(event) for event in events) + b"]"


def verified(log: Log, change: Callable[[Log], None] | None = None, shorter: bool = False) -> list[Finding]:
    """Everything that is found in the log, after the change."""
    if change:
        change(log)
    ledger, seals = LedgerLog(SERVICE), SealLog(SERVICE)
    findings = list(take(ledger, events_of(page(log.ledger))))
    for seal in log.seals:
        findings += take_seal(seals, ledger, seal, public_key(SEED))
    topic = TopicLog(ledger)
    for event in log.topic:
        findings += take_record(topic, event.subject.encode(), event.data, headers(event))
    for seal in log.seals_on_topic:
        findings += take_seal_on_topic(seals, seal)
    findings += absent(topic, shorter)
    findings += [Finding("seal_not_on_topic", SERVICE, checkpoint=number) for number in not_shown(seals)]
    findings += settle_strangers(topic)
    findings += settle_strange_seals(seals)
    findings += out_of_order(topic)
    return findings


def kinds(findings: Sequence[Finding]) -> set[str]:
    """Which kinds of findings there are."""
    return {finding.kind for finding in findings}
