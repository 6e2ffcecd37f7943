"""What becomes of each item: pure over the cases in hand; nothing here touches the database."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import orjson

from shared import logging
from shared.chain import case_hash
from shared.envelope import Event, hashed, timestamp
from shared.facts import Command, Common, Fact, Happened, Said
from shared.ids import new_id
from shared.ledger import aside
from shared.ledger.again import answered, kept, refused
from shared.ledger.model import Answer, Case, Item, Ledger, Work, Written
from shared.refusals import Refused
from shared.sealing import KeyGone, seal_in_place
from shared.tracing import ids

log = logging.get(__name__)
_AHEAD = timedelta(minutes=5)


def settle(ledger: Ledger, work: Work, items: Iterable[Item]) -> list[Answer]:
    """An answer per item, in their order; what has to be written is gathered in `work`. Each item is asked for when
    the one before it is settled."""
    seen: set[tuple[str, str]] = set()
    answers = [
        _command(ledger, work, item, seen) if item.kind == "command" else _event(ledger, work, item) for item in items
    ]
    for case in work.cases.values():
        for item in case.waiting:
            aside.keep_waiting(work, item)
    return answers


def _command(ledger: Ledger, work: Work, item: Item, seen: set[tuple[str, str]]) -> Answer:
    if item.letter is None:
        return _given(ledger, work, item, seen)
    if item.fault is not None:
        return aside.dead(work, item, item.fault, parks=False)
    return aside.of_command(work, item, _given(ledger, work, item, seen))


def _given(ledger: Ledger, work: Work, item: Item, seen: set[tuple[str, str]]) -> Answer:
    key = (item.source, item.id)
    if key in seen:
        return Answer("duplicate", item.case_id)
    if key in work.known:
        return answered(work, item, seen)
    case = work.cases[item.case_id]
    try:
        _check(item, case)
        happened = ledger.rules.decide(case.state, item.body, item.said)
        events, warnings = _append(ledger, work, case, happened, item)
    except Refused as no:
        return refused(item, no)
    except Exception:
        log.exception("a command broke", fact=item.fact, **ids(item.traceparent))
        return Answer("rejected", item.case_id, "internal_error")
    item.refused = next((one.refuses for one in happened if one.refuses is not None), None)
    _handled(work, item, seen, happened)
    if not happened:
        return Answer("duplicate", item.case_id)
    if item.refused is not None:
        return replace(refused(item, item.refused), events=events, state=case.state)
    return Answer("accepted", item.case_id, events=events, warnings=warnings, state=case.state)


def _handled(work: Work, item: Item, seen: set[tuple[str, str]], happened: list[Happened]) -> None:
    """What led to something goes into the inbox, and every number does: it may come again and say something else."""
    if happened or item.content is not None:
        work.inbox.append(item)
    if item.content is None:
        seen.add((item.source, item.id))
    else:
        work.known[(item.source, item.id)] = (item.request, kept(item))


def _check(item: Item, case: Case) -> None:
    """What holds for every command of every service."""
    command: Command = item.body
    said = item.said
    if item.expects is not None and item.expects != case.version:
        raise Refused("version_stale", "If-Match", [str(case.version)])
    if command.by and said.actor.role not in command.by:
        raise Refused("actor_not_allowed", "actor.role", sorted(command.by))
    if said.at > said.now + _AHEAD:
        raise Refused("time_in_future", "occurred_at")
    if case.state is not None and said.municipality and case.municipality and said.municipality != case.municipality:
        raise Refused("other_municipality", "municipality")
    if not said.imported:
        for name in command.asked:
            if getattr(command, name) is None:
                raise Refused("field_missing", f"data.{name}")


def _append(
    ledger: Ledger, work: Work, case: Case, happened: list[Happened], item: Item
) -> tuple[list[Event], tuple[str, ...]]:
    """Adds the facts to the case's chain. All or none: the case changes only when every fact is made."""
    state, version, link = case.state, case.version, case.casehash
    municipality = case.municipality or item.said.municipality
    written: list[Written] = []
    warnings: tuple[str, ...] = ()
    for one in happened:
        said = item.said if one.at is None and one.actor is None else _resaid(item.said, one)
        late = state is not None and said.at < state.last_at
        state = ledger.rules.evolve(state, one.fact, said)
        data = _data(case.case_id, municipality, one, said, late)
        if one.fact.texts:
            _seal(data, one.fact, ledger.rules.key(state), case.case_id)
        version += 1
        event, link = _event_of(ledger, item, one.fact, case.case_id, version, link, orjson.dumps(data))
        written.append(Written(event, said.at, item.said.now))
        warnings += one.warnings
    if written:
        case.state, case.version, case.casehash = state, version, link
        case.municipality, case.touched = municipality, True
        work.events += written
    return [one.event for one in written], warnings


def _seal(data: dict[str, object], fact: Fact, key: str, case_id: str) -> None:
    """Texts are sealed before anything is kept. Raises Refused: what nobody could ever open is not taken."""
    try:
        seal_in_place(data, fact.texts, key, case_id)
    except KeyGone:
        raise Refused("case_erased", "data") from None


def _resaid(said: Said, one: Happened) -> Said:
    return replace(said, at=one.at or said.at, actor=one.actor or said.actor)


def _data(case_id: str, municipality: str, one: Happened, said: Said, late: bool) -> dict[str, object]:
    """The event's data: what every fact says, then its own fields; what is not so is left out."""
    data: dict[str, object] = {}
    if one.fact.about_a_case:
        data["case_id"] = case_id
        data["municipality"] = municipality
    data["occurred_at"] = said.at.isoformat()
    data["actor"] = {"role": said.actor.role, "id": said.actor.id}
    if late:
        data["late"] = True
    if one.implied:
        data["implied"] = True
    if said.imported:
        data["imported"] = True
    if one.warnings:
        data["warnings"] = list(one.warnings)
    if one.unknown:
        data["unknown"] = list(one.unknown)
    data.update(one.fact.model_dump(mode="json", exclude_none=True))
    return data


def _event_of(
    ledger: Ledger, item: Item, fact: Fact, case_id: str, version: int, link: bytes, data: bytes
) -> tuple[Event, bytes]:
    event_id, time = new_id(), timestamp(item.said.now)
    link = case_hash(link, hashed(event_id, ledger.source, fact.type, case_id, time, version, item.cause), data)
    event = Event(
        id=event_id,
        source=ledger.source,
        type=fact.type,
        subject=case_id,
        time=time,
        sequence=0,
        caseversion=version,
        casehash=link.hex(),
        causationid=item.cause,
        traceparent=item.traceparent,
        data=data,
    )
    return event, link


def _event(ledger: Ledger, work: Work, item: Item) -> Answer:
    """Another service's event: learnt in the order of its case, or kept until it can be."""
    letter = item.letter
    assert letter is not None  # noqa: S101 - every event item is made with its letter
    if not item.case_id:
        return aside.dead(work, item, item.fault or "attribute_invalid", parks=False)
    case = work.cases[item.case_id]
    back = letter.status == "dead"
    heard = case.heard.get(item.service, 0)
    if item.caseversion <= heard and not (back and not letter.parks):
        return aside.done(work, item, Answer("duplicate", item.case_id))
    if item.fault is None and back and not letter.parks:
        return _learn(ledger, work, case, item, heard)
    if case.parked and not back:
        return _wait(case, item, "behind")
    if item.caseversion > heard + 1:
        return _wait(case, item, "gap")
    if item.fault is not None:
        return _faulty(work, case, item)
    answer = _learn(ledger, work, case, item, item.caseversion)
    if answer.status in ("accepted", "ignored"):
        _drain(ledger, work, case)
    return answer


def _faulty(work: Work, case: Case, item: Item) -> Answer:
    """An event whose type nobody here knows does not hold up its case; one that is broken does."""
    parks = item.fault != "type_unknown"
    if parks:
        case.parked = True
    elif case.stored or case.state is not None:
        case.heard[item.service] = item.caseversion
        case.heard_more = True
    return aside.dead(work, item, str(item.fault), parks)


def _learn(ledger: Ledger, work: Work, case: Case, item: Item, heard: int) -> Answer:
    try:
        state = case.state if item.body is None else ledger.rules.learn(case.state, item.body, item.said)
    except Refused as no:
        case.parked = True
        return aside.dead(work, item, no.code, parks=True)
    except Exception:
        log.exception("an event broke", fact=item.fact, event_id=item.id, **ids(item.traceparent))
        case.parked = True
        return aside.dead(work, item, "internal_error", parks=True)
    if state is None:
        return _wait(case, item, "case_unknown")
    case.touched = case.touched or state is not case.state
    case.state, case.heard_more = state, True
    case.heard[item.service] = heard
    case.municipality = case.municipality or item.said.municipality
    return aside.done(work, item, Answer("accepted" if item.body is not None else "ignored", item.case_id))


def _drain(ledger: Ledger, work: Work, case: Case) -> None:
    """Takes up what waited for this case, in the order it came, until nothing more fits."""
    moved = True
    while moved and case.waiting:
        moved = False
        waiting, case.waiting = case.waiting, []
        for item in waiting:
            before = len(case.waiting)
            _event(ledger, work, item)
            moved = moved or len(case.waiting) == before


def _wait(case: Case, item: Item, reason: str) -> Answer:
    letter = item.letter
    assert letter is not None  # noqa: S101 - every event item is made with its letter
    if letter.reason != "behind" or reason != "gap":
        letter.reason = reason
    case.waiting.append(item)
    return Answer("waiting", item.case_id, reason)


def common_fields() -> frozenset[str]:
    """The names every fact's data may have besides its own."""
    return frozenset(Common.model_fields)
