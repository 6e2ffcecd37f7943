"""The doors of the benefit administration: a report under the source's own number, one at a time."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.intake.reporting.items import Teller, item_of
from services.intake.reports import REPORTS, TITLES, Report
from shared.facts import Actor
from shared.http.access import caller_of, may
from shared.http.asking import PLACE
from shared.http.bodies import Recorded
from shared.http.commanding import at_once, recorded, refusal
from shared.http.describing import reads
from shared.http.input import body_json, idempotency_key, trace_of
from shared.http.problems import Problem, sentence
from shared.http.speaking import speaker
from shared.ledger.lines import LineRefused
from shared.ledger.model import Answer
from shared.refusals import Sentences
from shared.service import Service

ROLE = "benefit_administration"
REPORTERS = frozenset({ROLE})
AGAIN = "The same number again: known already when it says the same, else refused with the fields that differ."
_FIELDS = {"case_id": "dossier", "fact": None}
"""What the rules call a field -> what a report calls it; they say `data.received_on`, a report says `received_on`."""


def report_routes(service: Service) -> APIRouter:
    """A door per kind of report."""
    router = APIRouter(prefix="/v1")
    for word, kind in REPORTS.items():
        router.add_api_route(
            f"/benefit-{word}s",
            _endpoint(service, kind),
            methods=["POST"],
            status_code=201,
            operation_id=f"report_{word}",
            **_described(word, kind),
        )
    return router


def _described(word: str, kind: type[Report]) -> dict[str, Any]:
    dutch, english = TITLES[word]
    return {
        "summary": dutch,
        "description": f"{english}. {kind.__doc__} {AGAIN}",
        "responses": {
            201: {"model": Recorded, "description": "It is recorded."},
            200: {"model": Recorded, "description": "It was so already: nothing was recorded."},
            409: {},
        },
        "openapi_extra": may(REPORTERS) | reads("application/json", {"$ref": PLACE + kind.__name__}),
    }


def _endpoint(service: Service, kind: type[Report]) -> Any:
    async def endpoint(request: Request) -> Response:
        body = await body_json(request)
        idempotency_key(request)  # held to its rule; that a report counts once is its own number's doing
        try:
            item = item_of(service.language, kind, body, teller_of(request), trace_of(request))
        except LineRefused as no:
            raise _unread(service, no) from None
        [answer] = await at_once(service, [item])
        if answer.status == "rejected":
            raise _refused(service, answer)
        return await recorded(service, item, answer, again=False)

    return endpoint


def teller_of(request: Request, imported: bool = False) -> Teller:
    """The caller, who speaks for its own municipality; who has none does not come in. Raises Problem."""
    caller = caller_of(request)
    ours = speaker(caller, ROLE)
    return Teller(Actor(role=ours.role, id=ours.id), frozenset({caller.municipality or ""}), imported)


def _unread(service: Service, no: LineRefused) -> Problem:
    code = "input_invalid" if no.errors else no.code
    status = 403 if no.code == "out_of_sight" else 400
    return Problem(status, code, field=no.field, errors=list(no.errors), sentences=service.vocabulary.sentences)


def _refused(service: Service, answer: Answer) -> Problem:
    problem = refusal(service, answer)
    problem.field = named(answer.field)
    problem.errors = differing(problem.sentences, answer)
    return problem


def named(field: str | None) -> str | None:
    """The field as a report calls it."""
    return None if field is None else _FIELDS.get(field, field.removeprefix("data."))


def differing(sentences: Sentences, answer: Answer) -> list[dict[str, Any]]:
    """The fields that said something else before under this number; never what they said."""
    dutch, english = sentence(sentences, "differs")
    return [
        {"field": name, "code": "differs", "rule": answer.code, "nl": dutch, "en": english} for name in answer.differs
    ]
