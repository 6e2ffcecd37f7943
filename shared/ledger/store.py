"""The ledger's SQL: load many, save many; wide statements, few of them, in the caller's transaction."""

from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.ledger.again import kept
from shared.ledger.model import Case, Item, Ledger, Letter, Work

_CASES = text("""
    select case_id::text, municipality, version, casehash, state::text, heard::text
    from cases where case_id = any(cast(:ids as uuid[])) order by case_id for update
""")
_KNOWN = text("""
    select source, id::text, request::text, answer::text from inbox
    where (source, id) in (select * from unnest(cast(:sources as text[]), cast(:ids as uuid[])))
""")
_LETTERS = text("""
    select position, status, reason, parks, case_id::text, topic, partition, record_offset, key, headers::text, value
    from letter where case_id = any(cast(:ids as uuid[])) and status <> 'put_back' order by position
""")
_INSERT_INBOX = text("""
    insert into inbox (source, id, request, answer)
    select a, b, c, d::json from unnest(cast(:sources as text[]), cast(:ids as uuid[]), cast(:requests as uuid[]),
        cast(:answers as text[])) u (a, b, c, d)
""")
_COLUMNS = """municipality, version, casehash, state, heard, status, turn, caseworker, due_at, overdue_since, opened_at,
    parties"""
_UNNEST = """unnest(cast(:ids as uuid[]), cast(:municipalities as text[]), cast(:versions as int[]),
    cast(:hashes as bytea[]), cast(:states as text[]), cast(:heards as text[]), cast(:statuses as text[]),
    cast(:turns as text[]), cast(:caseworkers as text[]), cast(:dues as timestamptz[]),
    cast(:overdues as timestamptz[]), cast(:openeds as timestamptz[]), cast(:parties as text[]))
    u (id, municipality, version, casehash, state, heard, status, turn, caseworker, due_at, overdue_since, opened_at,
        parties)"""
_INSERT_CASES = text(f"""
    insert into cases (case_id, {_COLUMNS})
    select id, municipality, version, casehash, state::json, heard::json, status, turn, caseworker, due_at,
        overdue_since, opened_at, string_to_array(parties, ',') from {_UNNEST}
""")  # noqa: S608 - the parts are constants of this file
_UPDATE_CASES = text(f"""
    update cases c set municipality = u.municipality, version = u.version, casehash = u.casehash,
        state = u.state::json, heard = u.heard::json, status = u.status, turn = u.turn, caseworker = u.caseworker,
        due_at = u.due_at, overdue_since = u.overdue_since, opened_at = u.opened_at,
        parties = string_to_array(u.parties, ',')
    from {_UNNEST} where c.case_id = u.id
""")  # noqa: S608 - as above
_UPDATE_HEARD = text("""
    update cases c set heard = u.heard::json
    from unnest(cast(:ids as uuid[]), cast(:heards as text[])) u (id, heard) where c.case_id = u.id
""")
_INSERT_PARTY = text("""
    insert into party (organisation, opened_at, case_id, municipality)
    select * from unnest(cast(:organisations as text[]), cast(:openeds as timestamptz[]), cast(:ids as uuid[]),
        cast(:municipalities as text[]))
    on conflict do nothing
""")
_SET_CLOCK = text("""
    insert into clock (case_id, due_at) select * from unnest(cast(:ids as uuid[]), cast(:dues as timestamptz[]))
    on conflict (case_id) do update set due_at = excluded.due_at
""")
_STOP_CLOCK = text("delete from clock where case_id = any(cast(:ids as uuid[]))")
_INSERT_EVENTS = text("""
    with added as (
        insert into event (id, case_id, caseversion, type, data, occurred_at, recorded_at, casehash, causation,
            traceparent, municipality)
        select a, b, c, d, e::json, f, g, h, i, j, k from unnest(cast(:ids as uuid[]), cast(:cases as uuid[]),
            cast(:versions as int[]), cast(:types as text[]), cast(:datas as text[]), cast(:ats as timestamptz[]),
            cast(:nows as timestamptz[]), cast(:hashes as bytea[]), cast(:causes as text[]), cast(:traces as text[]),
            cast(:places as text[])) u (a, b, c, d, e, f, g, h, i, j, k)
        returning 1)
    select pg_notify('ledger', ''), count(*) from added
""")
_INSERT_LETTER = text("""
    insert into letter (status, reason, parks, source, event_id, case_id, fact, caseversion, topic, partition,
        record_offset, key, headers, value)
    values (:status, :reason, :parks, :source, :event_id, cast(:case_id as uuid), :fact, :caseversion, :topic,
        :partition, :offset, :key, cast(:headers as json), :value)
    on conflict do nothing
""")
_RELEASE = text("""
    with released as (
        delete from letter where position = any(cast(:positions as bigint[])) and status = 'waiting' returning 1)
    update letter set status = 'put_back' where position = any(cast(:positions as bigint[])) and status = 'dead'
""")
_TRIED = text("""
    update letter set caseversion = :version, reason = :reason, tries = tries + 1 where position = :position
""")
_DEAD_AGAIN = text("update letter set status = 'dead', reason = :reason, tries = tries + 1 where position = :position")


async def load(tx: AsyncConnection, ledger: Ledger, items: list[Item]) -> Work:
    """Locks and loads the cases of these items, and what is known of the items already."""
    ids = sorted({item.case_id for item in items if item.case_id})
    work = Work(cases={case_id: Case(case_id) for case_id in ids}, known={})
    for row in await tx.execute(_CASES, {"ids": ids}):
        state = ledger.rules.load(row[4])
        work.cases[row[0]] = Case(
            row[0], row[1], row[2], row[3], state, orjson.loads(row[5]), True, row=ledger.rules.row(state)
        )
    commands = [item for item in items if item.kind == "command" and item.id]
    if commands:
        known = await tx.execute(_KNOWN, {"sources": [i.source for i in commands], "ids": [i.id for i in commands]})
        work.known = {(r[0], r[1]): (r[2], orjson.loads(r[3]) if r[3] else None) for r in known}
    return work


async def load_letters(tx: AsyncConnection, ledger: Ledger, work: Work, items: list[Item], read: Any) -> None:
    """Adds to the cases in hand what waits for them; a dead letter parks its case.

    What waits and parks nobody came from outside: only its place is here, and it is taken up from there (taking_up.py).
    """
    back = {item.letter.position for item in items if item.letter and item.letter.position}
    for row in await tx.execute(_LETTERS, {"ids": list(work.cases)}):
        if row[0] in back:
            continue
        case = work.cases[row[4]]
        if row[1] == "dead":
            case.parked = case.parked or row[3]
        elif row[3]:
            case.waiting.append(read(stored_letter(row)))


def stored_letter(row: Any) -> Letter:
    """The letter of a row: position, status, reason, parks, case, topic, partition, offset, key, headers, value."""
    return Letter(
        topic=row[5],
        partition=row[6],
        offset=row[7],
        key=row[8],
        headers=tuple((name, value.encode("latin-1")) for name, value in orjson.loads(row[9])),
        value=row[10],
        position=row[0],
        status=row[1],
        reason=row[2],
        parks=row[3],
    )


async def save(tx: AsyncConnection, ledger: Ledger, work: Work) -> None:
    """Writes all that was gathered. Events come last: who adds them holds up others that do, until the commit."""
    if work.inbox:
        await tx.execute(_INSERT_INBOX, _inbox_values(work.inbox))
    await _save_cases(tx, ledger, [case for case in work.cases.values() if case.touched])
    await _save_heard(tx, [case for case in work.cases.values() if case.heard_more and not case.touched])
    for item, letter in work.letters:
        await tx.execute(_INSERT_LETTER, _letter_values(item, letter))
    if work.put_back:
        await tx.execute(_RELEASE, {"positions": work.put_back})
    for position, reason in work.dead_again:
        await tx.execute(_DEAD_AGAIN, {"position": position, "reason": reason})
    for position, version, reason in work.tried:
        await tx.execute(_TRIED, {"position": position, "version": version, "reason": reason})
    if work.events:
        await tx.execute(_INSERT_EVENTS, _event_values(work))


async def _save_cases(tx: AsyncConnection, ledger: Ledger, cases: list[Case]) -> None:
    rows = [(case, ledger.rules.row(case.state)) for case in cases]
    for stored, statement in ((True, _UPDATE_CASES), (False, _INSERT_CASES)):
        some = [(case, row) for case, row in rows if case.stored is stored]
        if some:
            await tx.execute(statement, _case_values(ledger, some))
    joined = [
        (organisation, row.opened_at, case.case_id, case.municipality)
        for case, row in rows
        for organisation in row.providers
        if case.row is None or organisation not in case.row.providers
    ]
    if joined:
        names = ("organisations", "openeds", "ids", "municipalities")
        columns = map(list, zip(*joined, strict=True))
        await tx.execute(_INSERT_PARTY, dict(zip(names, columns, strict=True)))
    await _save_clocks(tx, rows)


async def _save_heard(tx: AsyncConnection, cases: list[Case]) -> None:
    """Cases of which only was heard what changes nothing: how far, and no more."""
    if cases:
        heards = [orjson.dumps(case.heard).decode() for case in cases]
        await tx.execute(_UPDATE_HEARD, {"ids": [case.case_id for case in cases], "heards": heards})


async def _save_clocks(tx: AsyncConnection, rows: list[tuple[Case, Any]]) -> None:
    before = {case.case_id: case.row.alarm_at if case.row else None for case, _ in rows}
    changed = [(case.case_id, row.alarm_at) for case, row in rows if before[case.case_id] != row.alarm_at]
    running = [(case_id, due) for case_id, due in changed if due is not None]
    if running:
        await tx.execute(_SET_CLOCK, {"ids": [c for c, _ in running], "dues": [d for _, d in running]})
    stopped = [case_id for case_id, due in changed if due is None]
    if stopped:
        await tx.execute(_STOP_CLOCK, {"ids": stopped})


def _case_values(ledger: Ledger, rows: list[tuple[Case, Any]]) -> dict[str, list[Any]]:
    return {
        "ids": [case.case_id for case, _ in rows],
        "municipalities": [case.municipality for case, _ in rows],
        "versions": [case.version for case, _ in rows],
        "hashes": [case.casehash for case, _ in rows],
        "states": [ledger.rules.dump(case.state).decode() for case, _ in rows],
        "heards": [orjson.dumps(case.heard).decode() for case, _ in rows],
        "statuses": [row.status for _, row in rows],
        "turns": [row.turn for _, row in rows],
        "caseworkers": [row.caseworker for _, row in rows],
        "dues": [row.due_at for _, row in rows],
        "overdues": [row.overdue_since for _, row in rows],
        "openeds": [row.opened_at for _, row in rows],
        "parties": [",".join(row.providers) for _, row in rows],
    }


def _inbox_values(items: list[Item]) -> dict[str, list[Any]]:
    return {
        "sources": [item.source for item in items],
        "ids": [item.id for item in items],
        "requests": [item.request for item in items],
        "answers": [_kept_answer(item) for item in items],
    }


def _kept_answer(item: Item) -> str | None:
    answer = kept(item)
    return orjson.dumps(answer).decode() if answer else None


def _event_values(work: Work) -> dict[str, list[Any]]:
    events = [one.event for one in work.events]
    return {
        "ids": [event.id for event in events],
        "cases": [event.subject for event in events],
        "versions": [event.caseversion for event in events],
        "types": [event.type for event in events],
        "datas": [event.data.decode() for event in events],
        "ats": [one.occurred_at for one in work.events],
        "nows": [one.recorded_at for one in work.events],
        "hashes": [bytes.fromhex(event.casehash) for event in events],
        "causes": [event.causationid for event in events],
        "traces": [event.traceparent for event in events],
        "places": [work.cases[event.subject].municipality for event in events],
    }


def _letter_values(item: Item, letter: Letter) -> dict[str, Any]:
    headers = orjson.dumps([[name, value.decode("latin-1")] for name, value in letter.headers])
    return {
        "status": letter.status,
        "reason": letter.reason,
        "parks": letter.parks,
        "source": item.service,
        "event_id": item.id,
        "case_id": item.case_id or None,
        "fact": item.fact,
        "caseversion": item.caseversion,
        "topic": letter.topic,
        "partition": letter.partition,
        "offset": letter.offset,
        "key": letter.key,
        "headers": headers.decode(),
        "value": letter.value,
    }
