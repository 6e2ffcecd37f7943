"""A report becomes a command under the source's own number: the same number by any door is one fact."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import orjson
from pydantic import ValidationError

from services.intake.commands import DecideBenefit, EndBenefit, ReceiveApplication
from services.intake.events import CaseMix
from services.intake.refusals import SENTENCES
from services.intake.reports import ApplicationReported, BenefitDecisionReported, BenefitEndingReported, Report
from services.intake.vault.applicants import sound_bsn
from shared.facts import Actor, Command, Said
from shared.http.problems import field_errors
from shared.ids import from_number
from shared.ledger.lines import Language, LineRefused
from shared.ledger.model import Item
from shared.worktime import AMSTERDAM

SOURCE = "number"
"""What the inbox calls items that are known by a source's own number."""
_APART = {"municipality", "dossier", "bsn", "person", "occurred_at"}
"""Not in `content` as they came: numbers are hashed, and whom it is about is the vault's to compare."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Who reports: the actor on the log, and the municipalities that it may speak for."""

    actor: Actor
    municipalities: Set[str]
    imported: bool = False
    """What is told is history: it starts no terms that are over, and no search."""


def item_of(language: Language, kind: type[Report], body: Any, by: Teller, trace: str) -> Item:
    """The command of a report. Raises LineRefused, with every wrong field."""
    report = read(kind, body)
    municipality = _municipality(report, by)
    number = str(getattr(report, report.own))
    key = from_number(language.id_key, municipality, report.name, number)
    case_id = language.case_of(municipality, getattr(report, "dossier", None) or number)
    command, day = _command(language, report, municipality)
    now = datetime.now(UTC)
    said = Said(_moment(report.occurred_at, day, now), now, by.actor, municipality, by.imported)
    item = Item("command", SOURCE, key, case_id, command.fact, command, said, key, trace)
    item.content = _content(report, case_id)
    return item


def read(kind: type[Report], body: Any) -> Report:
    """The report. Raises LineRefused; nothing of what was sent is repeated."""
    if not isinstance(body, dict):
        raise LineRefused("not_an_object")
    errors = []
    report = None
    try:
        report = kind.model_validate_json(orjson.dumps(body), strict=True)
    except ValidationError as wrong:
        errors = field_errors(wrong)
    number = body.get("bsn")
    if isinstance(number, str) and "bsn" in kind.model_fields and sound_bsn(number) is None:
        dutch, english = SENTENCES["bsn_invalid"]
        errors = [one for one in errors if one["field"] != "bsn"]
        errors.append({"field": "bsn", "code": "bsn_invalid", "rule": "eleven_test", "nl": dutch, "en": english})
    if errors or report is None:
        raise LineRefused(errors[0]["code"], errors[0]["field"], tuple(errors))
    return report


def _municipality(report: Report, by: Teller) -> str:
    """Whose it is. Raises LineRefused when it is not said, or not for the teller to say."""
    if report.municipality is None:
        if len(by.municipalities) != 1:
            raise LineRefused("field_missing", "municipality")
        return next(iter(by.municipalities))
    if report.municipality not in by.municipalities:
        raise LineRefused("out_of_sight", "municipality")
    return report.municipality


def _command(language: Language, report: Report, municipality: str) -> tuple[Command, date]:
    """The command, and the day that it is about."""
    match report:
        case ApplicationReported():
            command = ReceiveApplication.model_construct(
                application_id=from_number(language.id_key, municipality, "application", report.application_number),
                kind=report.kind,
                channel=report.channel,
                received_on=report.received_on,
                case_mix=report.case_mix or CaseMix(),
                bsn=report.bsn,
                person=report.person,
            )
            return command, report.received_on
        case BenefitDecisionReported():
            return DecideBenefit(decision=report.decision, decided_on=report.decided_on), report.decided_on
        case BenefitEndingReported():
            return EndBenefit(reason=report.reason, ended_on=report.ended_on), report.ended_on
    raise AssertionError(report.name)  # pragma: no cover - every report has its command


def _moment(occurred_at: datetime | None, day: date, now: datetime) -> datetime:
    """When it happened: as was said, else noon of its day, so that it is the same whenever and however it is told."""
    if occurred_at is not None:
        return occurred_at.astimezone(UTC)
    return min(datetime.combine(day, time(12), AMSTERDAM).astimezone(UTC), now)


def _content(report: Report, case_id: str) -> dict[str, str]:
    """What the number stands for, without who it is about: codes and days as they are on the log."""
    said = report.model_dump(mode="json", exclude_none=True, exclude=_APART | {report.own})
    found = _flat(said) | {"dossier": case_id}
    if report.occurred_at is not None:
        found["occurred_at"] = report.occurred_at.astimezone(UTC).isoformat()
    return found


def _flat(said: Mapping[str, Any], before: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in said.items():
        found |= _flat(value, f"{before}{name}.") if isinstance(value, dict) else {f"{before}{name}": str(value)}
    return found
