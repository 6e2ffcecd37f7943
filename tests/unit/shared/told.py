"""Events as another service tells them, ready to be settled without a database."""

from dataclasses import replace

import orjson

from services.referral.app import RULES
from services.referral.hearing import HEARING
from shared.consuming import reader
from shared.envelope import Event, headers, source_urn, timestamp
from shared.ids import from_number, new_id
from shared.ledger.model import Answer, Case, Item, Ledger, Letter, Work
from shared.ledger.settle import settle
from shared.sealing import new_key
from tests.builders import ID_KEY, NOON

OIN = "00000001823288444000"
CASE = from_number(ID_KEY, "GM0546", "dossier", "L-1")
PRIVATE_KEY, PUBLIC_KEY = new_key()
READ = reader(HEARING)
# a ledger without a database: settling never touches it
LEDGER = Ledger(None, "referral", source_urn(OIN, "referral"), RULES)  # type: ignore[arg-type]


def told(fact: str, version: int, case_id: str = CASE, by: str = "intake", **data: object) -> Item:
    """One event of `by` about a case, as it comes off the topic."""
    whole = {
        "case_id": case_id,
        "municipality": "GM0546",
        "occurred_at": NOON.isoformat(),
        "actor": {"role": "caseworker", "id": "km-1"},
        **data,
    }
    if fact == "application_received":
        whole["case_key"] = PUBLIC_KEY
    event = Event(
        id=new_id(),
        source=source_urn(OIN, by),
        type=f"nl.overdrachten.{fact}.v1",
        subject=case_id,
        time=timestamp(NOON),
        sequence=version,
        caseversion=version,
        casehash="00",
        causationid=new_id(),
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        data=orjson.dumps(whole),
    )
    return READ(letter(event))


def letter(event: Event) -> Letter:
    """The raw record of an event."""
    return Letter("overdracht.intake", 0, 0, event.subject.encode(), headers(event), event.data)


def opening(case_id: str = CASE) -> Item:
    """Intake tells of a case."""
    return told("application_received", 1, case_id)


def again(item: Item) -> Item:
    """The same record delivered once more."""
    assert item.letter is not None
    return READ(replace(item.letter, position=None, status="waiting"))


def settled(items: list[Item], cases: dict[str, Case] | None = None) -> tuple[list[Answer], Work]:
    """What becomes of these items, for cases nobody knows or those given."""
    known = cases if cases is not None else {}
    work = Work(cases={i.case_id: known.setdefault(i.case_id, Case(i.case_id)) for i in items if i.case_id}, known={})
    return settle(LEDGER, work, items), work


def statuses(answers: list[Answer]) -> list[str]:
    """What became of each."""
    return [answer.status for answer in answers]
