"""`overdracht log verify`: the whole proof, and how it is told."""

from time import monotonic

from rich.text import Text

from overdracht import topics
from overdracht.doors import Away, Json, opened
from overdracht.output import FINDINGS, OK, Meter, decimal, number, out, table, write_json
from overdracht.patience import gone
from overdracht.product import Product
from overdracht.verify.findings import Finding
from overdracht.verify.reading import Outcome, outcome_of, public_key, read_ledger, read_topics

_SHOWN = 40


async def verify(product: Product, as_json: bool, quiet: bool) -> int:
    """Verifies everything; exit code 1 when there is any finding."""
    began = monotonic()
    outcomes = {service: outcome_of(service) for service in product.services}
    names = [*map(topics.topic_of, outcomes), topics.CHECKPOINTS]
    try:
        async with (
            opened(product) as doors,
            topics.opened(product.bootstrap_servers, names) as consumer,
        ):
            with Meter("events", quiet) as meter:
                meter.begin(2 * await topics.how_many(consumer))
                for service, outcome in outcomes.items():
                    public = public_key(product.keys, service)
                    if public is None:
                        outcome.add(iter([Finding("key_missing", service)]))
                    await read_ledger(doors[service], outcome, public, meter)
                await read_topics(consumer, doors, outcomes, product.keys, meter)
    except Away as away:
        raise gone(str(away), 0) from None
    result = _result(outcomes, monotonic() - began)
    if as_json:
        write_json(result)
    else:
        _tell(result, [finding for outcome in outcomes.values() for finding in outcome.findings])
    return OK if result["ok"] else FINDINGS


def _result(outcomes: dict[str, Outcome], seconds: float) -> Json:
    events = sum(outcome.ledger.events for outcome in outcomes.values())
    records = sum(outcome.topic.records for outcome in outcomes.values())
    found = sum(outcome.found for outcome in outcomes.values())
    return {
        "ok": not found,
        "events": events,
        "records": records,
        "checkpoints": sum(outcome.seals.number for outcome in outcomes.values()),
        "not_yet_sealed": sum(len(outcome.ledger.tail) for outcome in outcomes.values()),
        "seconds": round(seconds, 3),
        "events_per_second": round((events + records) / seconds, 1) if seconds else 0.0,
        "findings_total": found,
        "services": [_service(outcome) for outcome in outcomes.values()],
        "findings": [_shown(finding) for outcome in outcomes.values() for finding in outcome.findings],
    }


def _service(outcome: Outcome) -> Json:
    return {
        "service": outcome.ledger.service,
        "events": outcome.ledger.events,
        "cases": len(outcome.ledger.cases),
        "checkpoints": outcome.seals.number,
        "not_yet_sealed": len(outcome.ledger.tail),
        "not_yet_sent": outcome.unsent,
        "records": outcome.topic.records,
        "findings": outcome.found,
    }


def _shown(finding: Finding) -> Json:
    return {
        "kind": finding.kind,
        "service": finding.service,
        "case_id": finding.case_id,
        "caseversion": finding.caseversion,
        "position": finding.position,
        "checkpoint": finding.checkpoint,
        "count": finding.count,
        "detail": finding.detail,
        "nl": finding.nl,
        "en": finding.en,
    }


def _tell(result: Json, findings: list[Finding]) -> None:
    heads = ("Feiten", "Dossiers", "Zegels", "Nog niet verzegeld", "Op het topic", "Bevindingen")
    rows = table("Dienst", *heads, right=heads)
    for each in result["services"]:
        keys = ("events", "cases", "checkpoints", "not_yet_sealed", "records", "findings")
        rows.add_row(each["service"], *(number(each[key]) for key in keys))
    out.print(rows)
    for finding in findings[:_SHOWN]:
        out.print(Text(f"✗ {_where(finding)}", style="bold"), soft_wrap=True)
        out.print(Text(f"  {finding.nl} · {finding.en}"), soft_wrap=True)
    if result["findings_total"] > _SHOWN:
        out.print(f"… en nog {number(result['findings_total'] - _SHOWN)} (alles met --json)")
    out.print(_verdict(result), soft_wrap=True)


def _where(finding: Finding) -> str:
    parts = [finding.service]
    if finding.case_id:
        parts.append(f"dossier {finding.case_id}")
    if finding.caseversion is not None:
        parts.append(f"feit {finding.caseversion}")
    if finding.checkpoint is not None:
        parts.append(f"zegel {finding.checkpoint}")
    if finding.position is not None:
        parts.append(f"plaats {finding.position}")
    if finding.count > 1:
        parts.append(f"{number(finding.count)} stuks")
    return ", ".join(filter(None, [*parts, finding.detail]))


def _verdict(result: Json) -> str:
    speed = f"{decimal(result['seconds'])} s, {number(round(result['events_per_second']))} feiten per seconde"
    if result["ok"]:
        return f"Het log is heel en onveranderd · the log is whole and unaltered ({speed})"
    found = number(result["findings_total"])
    return f"Het log is niet in orde: {found} bevindingen · the log is not in order ({speed})"
