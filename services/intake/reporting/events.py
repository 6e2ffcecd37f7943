"""Reports that come as events: believed from named sources only; a letter of one holds its place and no more."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from services.intake.reporting.items import Teller, item_of
from services.intake.reports import REPORTS, Report, type_of
from shared.consuming import Reader
from shared.envelope import Unusable
from shared.facts import SYSTEM, Actor, Said
from shared.ledger.lines import Language, LineRefused
from shared.ledger.model import Item, Letter
from shared.outside import Sources, foreign, known_source
from shared.personal import Code
from shared.rereading import GONE
from shared.tracing import continued

ROLE = "benefit_administration"
_TYPES: Mapping[str, type[Report]] = {type_of(report): report for report in REPORTS.values()}
_CODE: TypeAdapter[str] = TypeAdapter(Code)


def report_reader(language: Language, sources: Sources) -> Reader:
    """A function that reads a record of the benefit systems' topic as a command; what is wrong becomes its `fault`."""

    def read(letter: Letter) -> Item:
        place = _place(letter)
        if letter.reason == GONE:
            return _unusable(place, GONE)
        try:
            return _read(language, sources, letter, place)
        except Unusable as verdict:
            return _unusable(place, verdict.code)
        except LineRefused as no:
            return _unusable(place, _reason(no))

    return read


def _place(letter: Letter) -> Letter:
    """The letter without what it holds."""
    return replace(letter, key=None, headers=(), value=None, parks=False)


def _read(language: Language, sources: Sources, letter: Letter, place: Letter) -> Item:
    event = foreign(letter.value, letter.headers)
    source = known_source(sources, event.source)
    if source is None:
        raise Unusable("source_not_allowed")
    kind = _TYPES.get(event.type)
    if kind is None:
        raise Unusable("type_unknown")
    try:
        body: Any = orjson.loads(event.data)
    except orjson.JSONDecodeError:
        raise Unusable("not_json") from None
    item = item_of(language, kind, body, Teller(_actor(source), sources[source]), continued(event.traceparent))
    item.service, item.fact, item.letter = source, kind.name, place
    return item


def _actor(source: str) -> Actor:
    """The benefit administration by its system's name, when that may stand on the log."""
    name = source.rpartition(":")[2]
    try:
        return Actor(role=ROLE, id=_CODE.validate_python(name))
    except ValidationError:
        return Actor(role=ROLE, id="benefit-system")


def _reason(no: LineRefused) -> str:
    """Which fields were wrong, and what with the first; names of our own fields only."""
    fields = ",".join(dict.fromkeys(error["field"] for error in no.errors)) or no.field or ""
    code = "body_invalid" if no.errors else no.code
    return f"{code}:{fields}" if fields else code


def _unusable(place: Letter, code: str) -> Item:
    now = datetime.now(UTC)
    said = Said(now, now, SYSTEM, "")
    return Item("command", "", "", "", "", None, said, "", "", letter=place, fault=code)
