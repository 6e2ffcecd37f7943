"""Checks a service's topic against its ledger: all of it there, in order per case, and byte for byte the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from overdracht.verify.findings import Finding
from overdracht.verify.ledger import CaseLog, LedgerLog, digest_of
from shared.envelope import Event, Unusable, headers, parse

Headers = Sequence[tuple[str, bytes]]


@dataclass
class TopicLog:
    """One service's topic as read so far. `strangers` are events that the ledger did not have when it was read."""

    ledger: LedgerLog
    records: int = 0
    early: list[tuple[str, int, int]] = field(default_factory=list)
    strangers: list[Event] = field(default_factory=list)


def take_record(topic: TopicLog, key: bytes | None, value: bytes | None, given: Headers) -> Iterator[Finding]:
    """Takes the next record; the same event published twice is no fault, another content is."""
    topic.records += 1
    try:
        event = parse(value, given)
    except Unusable as why:
        yield Finding("no_event", topic.ledger.service, detail=why.code)
        return
    case = topic.ledger.cases.get(event.subject)
    known = case.digest(event.caseversion) if case else None
    if case is None or known is None:
        topic.strangers.append(event)
        return
    bit = 1 << event.caseversion
    if known != digest_of(event) or not _carried_well(event, key, given):
        yield Finding("differs_on_topic", topic.ledger.service, event.subject, event.caseversion, event.sequence)
    if event.caseversion > 1 and not case.shown & (bit | bit >> 1):
        topic.early.append((event.subject, event.caseversion, event.sequence))
    case.shown |= bit


def _carried_well(event: Event, key: bytes | None, given: Headers) -> bool:
    """Key and headers are those that belong to the event; structured mode carries no headers to compare."""
    if key != event.subject.encode():
        return False
    return dict(given).get("content-type") != b"application/json" or list(given) == headers(event)


def settle_strangers(topic: TopicLog) -> Iterator[Finding]:
    """Looks at the strangers again, now that the ledger has been read on."""
    again, topic.strangers = topic.strangers, []
    for event in again:
        case = topic.ledger.cases.get(event.subject)
        known = case.digest(event.caseversion) if case else None
        if case is None or known is None:
            yield _about("not_in_ledger", topic, event)
        elif known != digest_of(event):
            yield _about("differs_on_topic", topic, event)
        else:
            case.shown |= 1 << event.caseversion


def absent(topic: TopicLog, shorter: bool) -> Iterator[Finding]:
    """Events of the ledger that the topic never showed. `shorter`: its oldest records are gone."""
    service = topic.ledger.service
    count = missing_on_topic(topic)
    if count and (shorter or not topic.records):
        yield Finding("topic_shorter", service, count=count)
        return
    for case_id, case in topic.ledger.cases.items():
        for number in _absent(case):
            yield Finding("not_on_topic", service, case_id, number)


def out_of_order(topic: TopicLog) -> Iterator[Finding]:
    """Events that the topic showed before the one that comes before them in the case."""
    for case_id, version, position in topic.early:
        if topic.ledger.cases[case_id].shown >> (version - 1) & 1:
            yield Finding("order_on_topic", topic.ledger.service, case_id, version, position)


def missing_on_topic(topic: TopicLog) -> int:
    """How many events of the ledger the topic has not shown."""
    return sum(len(_absent(case)) for case in topic.ledger.cases.values())


def _absent(case: CaseLog) -> list[int]:
    if case.shown == (1 << (case.version + 1)) - 2:
        return []
    return [number for number in range(1, case.version + 1) if not case.shown >> number & 1 and case.digest(number)]


def _about(kind: str, topic: TopicLog, event: Event) -> Finding:
    return Finding(kind, topic.ledger.service, event.subject, event.caseversion, event.sequence)
