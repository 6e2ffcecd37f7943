"""What intake's own doors have in common: who reads, bodies held to their rules, and the answers that are a no."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
from fastapi import Request
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError

from services.intake.refusals import SENTENCES
from services.intake.vault.applicants import sound_bsn
from services.intake.vault.opening import Vault
from services.intake.vault.reading import Reader, Session, Shut, Unlogged, reading
from shared.facts import Municipality
from shared.http.access import caller_of, roles_of, sight_at, tell_hidden
from shared.http.input import trace_of
from shared.http.problems import Problem
from shared.personal import Code
from shared.service import Service
from shared.tracing import ids, processor_of

MUNICIPALITY: TypeAdapter[str] = TypeAdapter(Municipality)
CODE: TypeAdapter[str] = TypeAdapter(Code)
MOST_TEXTS = 500
_MOST_DIGITS = 100


def vault_of(service: Service) -> Vault:
    """The vault of this process."""
    vault: Vault = service.besides.things
    return vault


def reader_of(request: Request) -> Reader:
    """Who reads: the caller, with the roles that opened the door, and the trace it came in."""
    caller, span = caller_of(request), ids(trace_of(request))
    roles = caller.roles & roles_of(request.scope["route"])
    return Reader(
        caller.subject,
        "+".join(sorted(roles)),
        caller.organisation,
        sight_at(request),
        datetime.now(UTC),
        span["trace_id"],
        span["span_id"],
        ids(request.headers.get("traceparent", "").lower()).get("span_id"),
        processor_of(request.headers.get("baggage", "")),
    )


@asynccontextmanager
async def read_by(service: Service, request: Request) -> AsyncIterator[Session]:
    """A reading of the vault. Raises Problem 503 when it is shut, or its line cannot be written."""
    try:
        async with reading(vault_of(service), service.ledger, reader_of(request)) as at:
            yield at
    except Shut:
        raise Problem(503, "vault_shut", sentences=SENTENCES) from None
    except Unlogged:
        raise Problem(503, "reading_not_logged", sentences=SENTENCES) from None


async def hidden(service: Service, request: Request, case_id: str) -> Problem:
    """The answer to who does not see the case, or asks for one that is not there: the same."""
    await tell_hidden(service, request, case_id)
    return Problem(404, "case_unknown")


def as_json(body: Any) -> Response:
    """The answer."""
    return Response(orjson.dumps(body), media_type="application/json")


def fields(body: Any, *names: str) -> dict[str, Any]:
    """The body, with no other fields than these. Raises Problem, without repeating what was sent."""
    if not isinstance(body, dict):
        raise Problem(400, "not_an_object")
    if not body.keys() <= set(names):
        raise Problem(400, "field_unknown", possible=list(names))
    return body


def checked(kind: TypeAdapter[str], body: Mapping[str, Any], name: str) -> str:
    """A field of this kind. Raises Problem."""
    if body.get(name) is None:
        raise Problem(400, "field_missing", field=name)
    try:
        return kind.validate_python(body[name], strict=True)
    except ValidationError:
        raise Problem(400, "field_invalid", field=name) from None


def short(body: Mapping[str, Any], name: str) -> str:
    """A number of a source, or of a person. Raises Problem."""
    value = body[name]
    if not isinstance(value, str) or not 0 < len(value) <= _MOST_DIGITS:
        raise Problem(400, "field_invalid", field=name)
    return value


def number(body: Mapping[str, Any]) -> str:
    """The citizen service number asked for. Raises Problem."""
    found = sound_bsn(short(body, "bsn"))
    if found is None:
        raise Problem(400, "bsn_invalid", field="bsn", sentences=SENTENCES)
    return found


def sealed_texts(body: Mapping[str, Any]) -> list[str]:
    """The texts to open. Raises Problem."""
    texts = body.get("texts")
    if not isinstance(texts, list) or len(texts) > MOST_TEXTS or not all(isinstance(one, str) for one in texts):
        raise Problem(400, "texts_invalid", field="texts", sentences=SENTENCES)
    return texts
