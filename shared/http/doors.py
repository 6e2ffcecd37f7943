"""The doors that every service has: commands one by one and in bulk, status, catalogue."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import text

from shared.facts import Command
from shared.http.asking import PLACE
from shared.http.bodies import (
    CatalogueBody,
    LineAnswer,
)
from shared.http.describing import answers, commanded, reads
from shared.http.input import body_bytes, body_json, idempotency_key, json_answer, trace_of, uuid_of
from shared.http.problems import Problem, sentence
from shared.http.status import StatusBody, status
from shared.ledger.insist import Away, insist
from shared.ledger.lines import LineRefused, read_command, read_line
from shared.ledger.model import Answer, Item
from shared.service import Service
from shared.vocabulary import catalogue

MAX_LINES = 5_000
_WAIT_STEP = 0.05
_LINES = "application/x-ndjson"
_OF_COMMAND = text("""
    select id::text, type, caseversion, (data -> 'warnings')::text from event
    where case_id = cast(:case_id as uuid) and causation = :cause order by caseversion
""")


def doors(service: Service) -> APIRouter:
    """The routes, all under /v1."""
    router = APIRouter(prefix="/v1")
    _add_commands(router, service)
    _add_facts(router, service)

    @router.get("/status", **answers("Wat er onderweg is", "What is under way in this service.", StatusBody))
    async def read_status() -> Response:
        return json_answer(await status(service))

    @router.get("/catalogue", **answers("De woordenlijst", "The vocabulary of this service.", CatalogueBody))
    async def read_catalogue() -> Response:
        return json_answer(catalogue(service.name, service.vocabulary))

    return router


async def handled(service: Service, items: list[Item]) -> list[Answer]:
    """The answers. A command for a case that is still on its way waits for it a little while."""
    service.progress.busy += 1
    try:
        answers = await insist(service.handle, service.ledger, items)
        until = time.monotonic() + service.settings.case_wait_seconds
        while (late := _unknown(answers)) and time.monotonic() < until:
            await asyncio.sleep(_WAIT_STEP)
            again = await insist(service.handle, service.ledger, [items[index] for index in late])
            for index, answer in zip(late, again, strict=True):
                answers[index] = answer
    except Away:
        raise Problem(503, "away") from None
    else:
        return answers
    finally:
        service.progress.busy -= 1


def _unknown(answers: list[Answer]) -> list[int]:
    return [index for index, answer in enumerate(answers) if answer.code == "case_unknown"]


def _add_commands(router: APIRouter, service: Service) -> None:
    for command in service.vocabulary.commands.values():
        router.add_api_route(
            f"/cases/{{case_id}}/{command.name}",
            _command_endpoint(service, command),
            methods=["POST"],
            status_code=201,
            operation_id=command.name.replace("-", "_"),
            **commanded(command),
        )


def _command_endpoint(service: Service, command: type[Command]) -> Any:
    async def endpoint(case_id: str, request: Request) -> Response:
        return await give_command(service, command, uuid_of(case_id), request)

    return endpoint


async def give_command(service: Service, command: type[Command], case_id: str, request: Request) -> Response:
    """Handles one command and tells what it led to. Raises Problem."""
    body = await body_json(request)
    now, key = datetime.now(UTC), idempotency_key(request)
    try:
        item = read_command(service.language, command, case_id, body, now, trace_of(request), key)
    except LineRefused as no:
        raise Problem(
            400,
            no.code if not no.errors else "input_invalid",
            field=no.field,
            errors=list(no.errors),
            sentences=service.vocabulary.sentences,
        ) from None
    [answer] = await handled(service, [item])
    if answer.status == "rejected":
        raise _refusal(service, answer)
    return await _accepted(service, item, answer)


def _refusal(service: Service, answer: Answer) -> Problem:
    code = {"case_unknown": 404, "internal_error": 500, "field_missing": 400, "key_reused": 409}.get(answer.code, 409)
    return Problem(
        code,
        answer.code,
        field=answer.field,
        possible=list(answer.possible) if answer.possible else None,
        sentences=service.vocabulary.sentences,
    )


async def _accepted(service: Service, item: Item, answer: Answer) -> Response:
    """What the command led to, read from the ledger: the same key and body get the same answer, however often."""
    async with service.ledger.engine.connect() as tx:
        rows = (await tx.execute(_OF_COMMAND, {"case_id": answer.case_id, "cause": item.cause})).all()
    events = [{"id": row[0], "fact": row[1].split(".")[-2], "caseversion": row[2]} for row in rows]
    body = {
        "case_id": answer.case_id,
        "caseversion": events[-1]["caseversion"] if events else None,
        "events": events,
        "warnings": [code for row in rows if row[3] for code in orjson.loads(row[3])],
    }
    return json_answer(body, 201 if events else 200)


def _add_facts(router: APIRouter, service: Service) -> None:
    @router.post(
        "/facts",
        openapi_extra=reads(_LINES, {"$ref": f"{PLACE}Line"}),
        **answers(
            "Veel feiten tegelijk",
            "Many facts, a line each; an answer per line, in order. The schemas are of one line.",
            LineAnswer,
            kind=_LINES,
        ),
    )
    async def put_facts(request: Request, imported: bool = False) -> Response:
        raw = await body_bytes(request, _LINES)
        lines = raw.split(b"\n")
        if lines and not lines[-1].strip():
            lines.pop()
        if len(lines) > MAX_LINES:
            raise Problem(413, "too_large", possible=[f"{MAX_LINES} lines"])
        said = await _put(service, lines, imported, trace_of(request), idempotency_key(request))
        return Response(b"\n".join(said) + b"\n", 200, media_type=_LINES)


async def _put(service: Service, lines: list[bytes], imported: bool, trace: str, request: str) -> list[bytes]:
    now, language, sentences = datetime.now(UTC), service.language, service.vocabulary.sentences
    items: list[Item] = []
    places: list[int] = []
    said: list[bytes] = [b""] * len(lines)
    for index, line in enumerate(lines):
        try:
            items.append(read_line(language, line, now, imported, trace, request))
            places.append(index)
        except LineRefused as no:
            said[index] = _rejected(index, sentences, no.code, no.field, None)
    for index, answer in zip(places, await handled(service, items) if items else [], strict=True):
        said[index] = _line_answer(index, sentences, answer)
    return said


def _line_answer(index: int, sentences: Any, answer: Answer) -> bytes:
    if answer.status == "rejected":
        return _rejected(index, sentences, answer.code, answer.field, answer.possible)
    body: dict[str, Any] = {"line": index + 1, "status": answer.status, "case_id": answer.case_id}
    if answer.events:
        body["events"] = len(answer.events)
    if answer.warnings:
        body["warnings"] = list(answer.warnings)
    return orjson.dumps(body)


def _rejected(index: int, sentences: Any, code: str, field: str | None, possible: Any) -> bytes:
    dutch, english = sentence(sentences, code)
    body = {"line": index + 1, "status": "rejected", "code": code, "nl": dutch, "en": english, "field": field}
    if possible:
        body["possible"] = list(possible)
    return orjson.dumps(body)
