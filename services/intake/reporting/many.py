"""Many reports at once, a line each: an answer per line, in order; a wrong line holds up no other."""

from collections.abc import Sequence
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.intake.reporting.doors import AGAIN, REPORTERS, differing, named, teller_of
from services.intake.reporting.items import Teller, item_of
from services.intake.reports import REPORTS, Report
from shared.http.access import may
from shared.http.asking import PLACE
from shared.http.bodies import LineAnswer
from shared.http.commanding import at_once
from shared.http.describing import answers, reads
from shared.http.input import body_bytes, idempotency_key, trace_of
from shared.http.problems import Problem, sentence
from shared.ledger.lines import LineRefused
from shared.ledger.model import Answer, Item
from shared.personal import shown_name
from shared.refusals import Sentences
from shared.service import Service

MAX_LINES = 5_000
_LINES = "application/x-ndjson"


def many_routes(service: Service) -> APIRouter:
    """The door for many reports."""
    router = APIRouter(prefix="/v1")

    @router.post(
        "/benefit-reports",
        openapi_extra=may(REPORTERS) | reads(_LINES, _line_schema()),
        **answers(
            "Meld veel tegelijk",
            f"Many reports, a line each; an answer per line, in order. The schemas are of one line. {AGAIN}",
            LineAnswer,
            kind=_LINES,
        ),
    )
    async def report_many(request: Request, imported: bool = False) -> Response:
        idempotency_key(request)
        raw = await body_bytes(request, _LINES)
        lines = raw.removesuffix(b"\n").split(b"\n") if raw.strip() else []
        if len(lines) > MAX_LINES:
            raise Problem(413, "too_large", possible=[f"{MAX_LINES} lines"])
        said = await _told(service, _read(service, teller_of(request, imported), trace_of(request), lines))
        return Response(b"\n".join(said) + b"\n", 200, media_type=_LINES)

    return router


def _line_schema() -> dict[str, Any]:
    """A line: what is reported, and the report."""
    kinds = [
        {"properties": {"report": {"const": word}, "data": {"$ref": PLACE + kind.__name__}}}
        for word, kind in REPORTS.items()
    ]
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["report", "data"],
        "properties": {"report": {"enum": list(REPORTS)}, "data": {"type": "object"}},
        "oneOf": kinds,
    }


def _read(service: Service, teller: Teller, trace: str, lines: Sequence[bytes]) -> list[Item | LineRefused]:
    language = service.language
    found: list[Item | LineRefused] = []
    for line in lines:
        try:
            kind, body = _parsed(line)
            found.append(item_of(language, kind, body, teller, trace))
        except LineRefused as no:
            found.append(no)
    return found


def _parsed(line: bytes) -> tuple[type[Report], Any]:
    """What a line reports, and the report. Raises LineRefused."""
    try:
        said = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise LineRefused("not_json") from None
    if not isinstance(said, dict):
        raise LineRefused("not_an_object")
    for name in ("report", "data"):
        if name not in said:
            raise LineRefused("field_missing", name)
    for name in said.keys() - {"report", "data"}:
        raise LineRefused("field_unknown", shown_name(name))
    kind = REPORTS.get(said["report"]) if isinstance(said["report"], str) else None
    if kind is None:
        raise LineRefused("field_invalid", "report")
    return kind, said["data"]


async def _told(service: Service, read: Sequence[Item | LineRefused]) -> list[bytes]:
    sentences = service.vocabulary.sentences
    items = [one for one in read if isinstance(one, Item)]
    given = iter(await at_once(service, items) if items else [])
    answered = [next(given) if isinstance(one, Item) else one for one in read]
    return [_line(number, sentences, one) for number, one in enumerate(answered, 1)]


def _line(number: int, sentences: Sentences, what: Answer | LineRefused) -> bytes:
    if isinstance(what, LineRefused):
        return _rejected(number, sentences, what.code, what.field, errors=list(what.errors))
    if what.status == "rejected":
        errors = differing(sentences, what)
        return _rejected(number, sentences, what.code, named(what.field), possible=what.possible, errors=errors)
    body: dict[str, Any] = {"line": number, "status": what.status, "case_id": what.case_id}
    more = {"events": len(what.events), "warnings": list(what.warnings)}
    return orjson.dumps(body | {name: one for name, one in more.items() if one})


def _rejected(number: int, sentences: Sentences, code: str, field: str | None, **more: Any) -> bytes:
    dutch, english = sentence(sentences, code)
    body = {"line": number, "status": "rejected", "code": code, "nl": dutch, "en": english, "field": field}
    return orjson.dumps(body | {name: list(one) for name, one in more.items() if one})
