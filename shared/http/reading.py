"""What every service lets be read and put back: the log for who has no Kafka, its seals, and its dead letters."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from shared.envelope import structured
from shared.http.access import may, sight_at
from shared.http.bodies import CheckpointPage, CloudEvent, LetterChoice, LetterPage, PutBack
from shared.http.describing import answers, reads
from shared.http.input import body_json, json_answer, uuid_of
from shared.http.problems import Problem
from shared.ledger.insist import Away
from shared.ledger.letters import listed, put_back
from shared.ledger.pages import checkpoints_after, events_after
from shared.ledger.seeing import seen
from shared.personal import shown_name
from shared.refusals import GENERAL
from shared.rights import LOG, OPERATE, WATCH
from shared.service import Service

_NUMBERS = range(2**63)
"""What a place in a table can be."""
Number = Annotated[int, Query(ge=_NUMBERS.start, lt=_NUMBERS.stop)]
_BATCH = "application/cloudevents-batch+json"


def log_routes(service: Service) -> APIRouter:
    """Events, checkpoints, letters; all under /v1."""
    router = APIRouter(prefix="/v1")
    _add_events(router, service)
    _add_letters(router, service)
    return router


def _add_events(router: APIRouter, service: Service) -> None:
    @router.get(
        "/events",
        openapi_extra=may(LOG),
        **answers(
            "De gebeurtenissen op volgorde",
            "The facts of this service in order, for who has no Kafka or was away. `Link` leads to what follows.",
            CloudEvent,
            kind=_BATCH,
            many=True,
            headers={"Link": "What follows: `rel=next`."},
        ),
    )
    async def read_events(request: Request, after: str = "", limit: int = 500) -> Response:
        position, sight = cursor(after), sight_at(request)
        async with seen(service.ledger, sight) as tx:
            events = await events_after(tx, service.ledger.source, position, max(1, min(limit, 2_000)), sight)
        last = events[-1].sequence if events else position
        return Response(
            b"[" + b",".join(structured(event) for event in events) + b"]",
            headers={"Link": f'</v1/events?after={last:020d}&limit={limit}>; rel="next"'},
            media_type=_BATCH,
        )

    @router.get(
        "/checkpoints",
        openapi_extra=may(WATCH),
        **answers("De controlepunten", "The signed checkpoints of this service's ledger.", CheckpointPage),
    )
    async def read_checkpoints(after: Number = 0, limit: int = 1_000) -> Response:
        items = await checkpoints_after(service.ledger.single, after, max(1, min(limit, 5_000)))
        return json_answer({"items": items, "next": items[-1]["number"] if len(items) == limit else None})


def cursor(text_of_it: str) -> int:
    """The place a cursor stands for. Raises Problem."""
    if not text_of_it:
        return 0
    if not text_of_it.isdecimal() or len(text_of_it) > 20 or int(text_of_it) not in _NUMBERS:
        raise Problem(400, "cursor_invalid", field="after")
    return int(text_of_it)


def _add_letters(router: APIRouter, service: Service) -> None:
    refusals = {**GENERAL, **service.vocabulary.sentences}

    @router.get(
        "/dead-letters",
        openapi_extra=may(OPERATE),
        **answers("Wat niet verwerkt kon worden", "What could not be handled (yet), by meaning.", LetterPage),
    )
    async def read_letters(status: str = "dead", cursor: Number = 0, limit: int = 100) -> Response:
        if status not in ("dead", "waiting"):
            raise Problem(400, "field_invalid", field="status", possible=["dead", "waiting"])
        items = await listed(service.ledger.single, status, cursor, max(1, min(limit, 1_000)), refusals)
        return json_answer({"items": items, "next": items[-1]["position"] if len(items) == limit else None})

    @router.post(
        "/dead-letters/put-back",
        openapi_extra=may(OPERATE) | reads("application/json", LetterChoice.model_json_schema()),
        **answers("Zet terug", "Handles dead letters again, in the order they came.", PutBack),
    )
    async def put_letters_back(request: Request) -> Response:
        chosen = _choice(await body_json(request))
        try:
            results = await put_back(service.handle, service.ledger, service.read, service.whole, **chosen)
        except Away:
            raise Problem(503, "away") from None
        done = sum(result["put_back"] for result in results)
        return json_answer({"put_back": done, "still_dead": len(results) - done, "items": results})


def _choice(body: Any) -> dict[str, Any]:
    """Which letters: exactly one of positions, reason, case_id, all. Raises Problem."""
    if not isinstance(body, dict) or len(body) != 1:
        raise Problem(400, "input_invalid", possible=["positions", "reason", "case_id", "all"])
    [(name, value)] = body.items()
    if name == "positions" and isinstance(value, list) and all(type(one) is int and one in _NUMBERS for one in value):
        return {"positions": value}
    if name == "reason" and isinstance(value, str) and "\x00" not in value:
        return {"reason": value}
    if name == "case_id" and isinstance(value, str):
        return {"case_id": uuid_of(value)}
    if name == "all" and value is True:
        return {"everything": True}
    raise Problem(400, "field_invalid", field=shown_name(name))
