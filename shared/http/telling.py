"""Many facts at once, a line each: an answer per line, in order; a wrong line holds up no other."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response

from shared.auth import Caller
from shared.http.access import caller_of, may, within
from shared.http.asking import PLACE
from shared.http.bodies import LineAnswer
from shared.http.commanding import handled
from shared.http.describing import answers, reads
from shared.http.input import body_bytes, idempotency_key, trace_of
from shared.http.problems import Problem, sentence
from shared.http.speaking import why_not
from shared.ledger.lines import LineRefused, read_line
from shared.ledger.model import Answer, Item
from shared.refusals import Sentences
from shared.rights import HISTORY, ROLES, SAY
from shared.service import Service

MAX_LINES = 5_000
_LINES = "application/x-ndjson"


def telling_routes(service: Service) -> APIRouter:
    """The door for many facts."""
    router = APIRouter(prefix="/v1")

    @router.post(
        "/facts",
        openapi_extra=may(SAY) | reads(_LINES, {"$ref": f"{PLACE}Line"}),
        **answers(
            "Veel feiten tegelijk",
            "Many facts, a line each; an answer per line, in order. The schemas are of one line.",
            LineAnswer,
            kind=_LINES,
        ),
    )
    async def put_facts(request: Request, imported: bool = False) -> Response:
        if imported and not caller_of(request).roles & HISTORY:
            raise Problem(403, "role_not_allowed", field="imported", possible=sorted(HISTORY))
        raw = await body_bytes(request, _LINES)
        lines = raw.split(b"\n")
        if lines and not lines[-1].strip():
            lines.pop()
        if len(lines) > MAX_LINES:
            raise Problem(413, "too_large", possible=[f"{MAX_LINES} lines"])
        said = await _put(service, request, lines, imported)
        return Response(b"\n".join(said) + b"\n", 200, media_type=_LINES)

    return router


async def _put(service: Service, request: Request, lines: Sequence[bytes], imported: bool) -> list[bytes]:
    sentences = service.vocabulary.sentences
    said: list[bytes] = [b""] * len(lines)
    read: list[tuple[int, Item]] = []
    for index, one in enumerate(_read(service, request, lines, imported)):
        if isinstance(one, Item):
            read.append((index, one))
        else:
            said[index] = _rejected(index, sentences, one.code, one.field, None)
    ids = {item.case_id for _, item in read if item.body.stream is None}
    seen = await within(service, request, ids)
    hidden = [(index, item) for index, item in read if item.body.stream is None and item.case_id not in seen]
    for index, _ in hidden:
        said[index] = _rejected(index, sentences, "case_unknown", None, None)
    visible = [(index, item) for index, item in read if not said[index]]
    given = await handled(service, [item for _, item in visible]) if visible else []
    for (index, _), answer in zip(visible, given, strict=True):
        said[index] = _line_answer(index, sentences, answer)
    return said


def _read(service: Service, request: Request, lines: Sequence[bytes], imported: bool) -> "Sequence[Item | LineRefused]":
    now, trace, key, caller = datetime.now(UTC), trace_of(request), idempotency_key(request), caller_of(request)
    found: list[Item | LineRefused] = []
    for line in lines:
        try:
            item = read_line(service.language, line, now, imported, trace, key)
        except LineRefused as no:
            found.append(no)
        else:
            found.append(_own(caller, item))
    return found


def _own(caller: Caller, item: Item) -> Item | LineRefused:
    """The line, when it is the caller's to say. For whom the caller works is what the token says."""
    no = why_not(caller, item)
    if no is not None:
        return LineRefused(*no)
    item.told_by = caller.subject
    item.told_as = "+".join(sorted(caller.roles & ROLES)) if item.said.imported else ""
    if not item.said.imported and item.said.organisation is None and caller.organisation is not None:
        item.said = replace(item.said, organisation=caller.organisation)
    return item


def _line_answer(index: int, sentences: Sentences, answer: Answer) -> bytes:
    if answer.status == "rejected":
        return _rejected(index, sentences, answer.code, answer.field, answer.possible)
    body: dict[str, Any] = {"line": index + 1, "status": answer.status, "case_id": answer.case_id}
    if answer.events:
        body["events"] = len(answer.events)
    if answer.warnings:
        body["warnings"] = list(answer.warnings)
    return orjson.dumps(body)


def _rejected(index: int, sentences: Sentences, code: str, field: str | None, possible: Any) -> bytes:
    dutch, english = sentence(sentences, code)
    body = {"line": index + 1, "status": "rejected", "code": code, "nl": dutch, "en": english, "field": field}
    if possible:
        body["possible"] = list(possible)
    return orjson.dumps(body)
