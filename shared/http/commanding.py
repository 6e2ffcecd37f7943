"""Commands one by one: who gives it, whether the case is within sight, and what it led to, however often it is sent."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import text

from shared.envelope import fact_of
from shared.facts import Command
from shared.http.access import caller_of, check_within
from shared.http.describing import commanded
from shared.http.input import body_json, expected_version, idempotency_key, json_answer, trace_of, uuid_of
from shared.http.problems import Problem
from shared.http.speaking import spoken
from shared.ledger.insist import Away, insist
from shared.ledger.lines import LineRefused, check_fields, read_command
from shared.ledger.model import Answer, Item
from shared.service import Service

_WAIT_STEP = 0.05
_STATUS = {"case_unknown": 404, "internal_error": 500, "field_missing": 400, "version_stale": 412}
_OF_COMMAND = text("""
    select id::text, type, caseversion, (data -> 'warnings')::text from event
    where case_id = cast(:case_id as uuid) and causation = :cause order by caseversion
""")


async def at_once(service: Service, items: list[Item]) -> list[Answer]:
    """The answers, by what is known now. Raises Problem when the database is away."""
    return await handled(service, items, wait_seconds=0.0)


async def handled(service: Service, items: list[Item], wait_seconds: float | None = None) -> list[Answer]:
    """The answers. A command for a case that is still on its way waits for it a little while."""
    service.progress.busy += 1
    wait = service.settings.case_wait_seconds if wait_seconds is None else wait_seconds
    try:
        answers = await insist(service.handle, service.ledger, items)
        until = time.monotonic() + wait
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


def command_routes(service: Service) -> APIRouter:
    """A route per command of the service."""
    router = APIRouter(prefix="/v1")
    for command in service.vocabulary.commands.values():
        router.add_api_route(
            f"/cases/{{case_id}}/{command.name}",
            _command_endpoint(service, command),
            methods=["POST"],
            status_code=201,
            operation_id=command.name.replace("-", "_"),
            **commanded(command),
        )
    return router


def _command_endpoint(service: Service, command: type[Command]) -> Any:
    async def endpoint(case_id: str, request: Request) -> Response:
        return await give_command(service, command, uuid_of(case_id), request)

    return endpoint


async def give_command(service: Service, command: type[Command], case_id: str, request: Request) -> Response:
    """Handles one command and tells what it led to. Raises Problem."""
    body = await body_json(request)
    now, key, expects = datetime.now(UTC), idempotency_key(request), expected_version(request)
    try:
        check_fields(body)
        speaker = spoken(caller_of(request), command, body)
        item = read_command(service.language, command, case_id, body, speaker, now, trace_of(request), key)
    except LineRefused as no:
        raise Problem(
            400,
            no.code if not no.errors else "input_invalid",
            field=no.field,
            errors=list(no.errors),
            sentences=service.vocabulary.sentences,
        ) from None
    item.expects, item.told_by = expects, caller_of(request).subject
    if not command.opens and command.stream is None:
        await check_within(service, request, item.case_id)
    [answer] = await handled(service, [item])
    if answer.status == "rejected":
        raise refusal(service, answer)
    return await recorded(service, item, answer)


def refusal(service: Service, answer: Answer) -> Problem:
    """The answer of a rule that says no."""
    code = _STATUS.get(answer.code, 409)
    return Problem(
        code,
        answer.code,
        field=answer.field,
        possible=list(answer.possible) if answer.possible else None,
        sentences=service.vocabulary.sentences,
    )


async def recorded(service: Service, item: Item, answer: Answer, *, again: bool = True) -> Response:
    """What the command led to, read from the ledger: the same key and body get the same answer, however often.

    `again`: also the code 201 is given again; else 200 says that it was there already.
    """
    async with service.ledger.single.connect() as tx:
        rows = (await tx.execute(_OF_COMMAND, {"case_id": answer.case_id, "cause": item.cause})).all()
    events = [{"id": row[0], "fact": fact_of(row[1]), "caseversion": row[2]} for row in rows]
    body = {
        "case_id": answer.case_id,
        "caseversion": events[-1]["caseversion"] if events else None,
        "events": events,
        "warnings": [code for row in rows if row[3] for code in orjson.loads(row[3])],
    }
    return json_answer(body, 201 if events and (again or answer.status == "accepted") else 200)
