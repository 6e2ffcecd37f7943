"""Refusals as problem+json (RFC 9457): a stable code, the sentence in Dutch or English, all fields at once."""

from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from shared.personal import shown_name
from shared.refusals import GENERAL, Sentences

_TITLES = {
    400: ("Ongeldige invoer", "Invalid input"),
    401: ("Niet aangemeld", "Not authenticated"),
    403: ("Niet toegestaan voor u", "Not allowed for you"),
    404: ("Niet gevonden", "Not found"),
    405: ("Methode niet toegestaan", "Method not allowed"),
    409: ("Niet toegestaan door een regel", "Not allowed by a rule"),
    412: ("Intussen veranderd", "Changed meanwhile"),
    413: ("Te groot", "Too large"),
    415: ("Verkeerd soort inhoud", "Wrong content type"),
    500: ("Fout bij ons", "Fault on our side"),
    503: ("Tijdelijk niet beschikbaar", "Temporarily unavailable"),
}
_HEADERS = {
    401: {"WWW-Authenticate": 'Bearer realm="overdracht", error="invalid_token"'},
    503: {"Retry-After": "1"},
}
_KINDS = {"missing": "field_missing", "extra_forbidden": "field_unknown"}


class Problem(Exception):  # noqa: N818 - an answer, not a fault
    """An answer other than yes."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        field: str | None = None,
        possible: Any = None,
        errors: list[dict[str, Any]] | None = None,
        sentences: Sentences | None = None,
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.field = status, code, field
        self.possible, self.errors = possible, errors
        self.sentences = {**GENERAL, **_OWN, **(sentences or {})}


_OWN: Sentences = {
    "input_invalid": ("De invoer klopt niet; zie errors.", "The input is not right; see errors."),
    "etag_invalid": (
        "If-Match moet de ETag van het dossier zijn, of *.",
        "If-Match must be the ETag of the case, or *.",
    ),
    "subject_unusable": (
        "De naam in het toegangsbewijs (sub) is geen code die op het log mag.",
        "The name in the token (sub) is no code that may stand on the log.",
    ),
    "token_missing": ("Er is geen toegangsbewijs meegegeven.", "No token was given."),
    "token_invalid": ("Het toegangsbewijs is niet te lezen.", "The token cannot be read."),
    "token_algorithm_refused": (
        "Het toegangsbewijs is op een manier ondertekend die hier niet geldt.",
        "The token is signed in a way that does not count here.",
    ),
    "token_signature_wrong": ("De handtekening van het toegangsbewijs klopt niet.", "The token's signature is wrong."),
    "token_issuer_unknown": ("De uitgever van het toegangsbewijs is onbekend.", "The token's issuer is unknown."),
    "token_audience_wrong": ("Het toegangsbewijs is voor een ander bedoeld.", "The token is meant for another."),
    "token_expired": ("Het toegangsbewijs is verlopen.", "The token has expired."),
    "token_not_yet_valid": (
        "Het toegangsbewijs geldt nog niet; loopt een van de klokken verkeerd?",
        "The token does not hold yet; is one of the clocks wrong?",
    ),
    "token_claims_invalid": (
        "In het toegangsbewijs ontbreken sub of roles, of ze hebben de verkeerde vorm.",
        "The token lacks sub or roles, or they have the wrong shape.",
    ),
    "not_found": ("Dit bestaat hier niet.", "There is no such thing here."),
    "method_not_allowed": ("Deze methode kan hier niet.", "This method is not possible here."),
    "too_large": ("De invoer is te groot.", "The input is too large."),
    "wrong_content_type": (
        "Dit soort inhoud wordt hier niet gelezen.",
        "This content type is not read here.",
    ),
    "encoding_invalid": ("De invoer is geen geldige UTF-8.", "The input is not valid UTF-8."),
    "away": (
        "De database is even niet bereikbaar; er is niets vastgelegd. Stuur hetzelfde verzoek opnieuw.",
        "The database cannot be reached for now; nothing was recorded. Send the same request again.",
    ),
    "key_reused": (
        "Deze sleutel is al gebruikt voor een ander verzoek.",
        "This key was used for another request already.",
    ),
    "key_invalid": ("De Idempotency-Key moet een UUID zijn.", "The Idempotency-Key must be a UUID."),
    "cursor_invalid": ("Deze cursor is niet van hier.", "This cursor is not ours."),
}


def sentence(sentences: Sentences, code: str) -> tuple[str, str]:
    """The Dutch and the English sentence of a code."""
    return sentences.get(code) or GENERAL.get(code) or _OWN.get(code) or (code, code)


def field_errors(wrong: ValidationError | RequestValidationError, prefix: str = "") -> list[dict[str, Any]]:
    """Every wrong field with the rule it breaks; never its value."""
    errors = wrong.errors(include_input=False) if isinstance(wrong, ValidationError) else wrong.errors()
    return [_field_error(error, prefix) for error in errors]


def _field_error(error: Any, prefix: str) -> dict[str, Any]:
    place = [str(part) for part in error["loc"] if part not in ("body", "query", "path", "header")]
    kind = error["type"]
    code = _KINDS.get(kind, "person_number_in_field" if kind == "person_number_in_field" else "field_invalid")
    dutch, english = GENERAL[code]
    field = _safe(".".join([prefix, *place]) if prefix else ".".join(place), kind)
    found = {"field": field, "code": code, "rule": kind, "nl": dutch, "en": english}
    expected = (error.get("ctx") or {}).get("expected") or (error.get("ctx") or {}).get("pattern")
    return {**found, "expected": str(expected)} if expected else found


def _safe(field: str, kind: str) -> str:
    """The name of an unknown field is itself input and may hold anything: only its place is told."""
    if kind == "extra_forbidden":
        before, dot, name = field.rpartition(".")
        return f"{before}{dot}{shown_name(name)}"
    return field


def response(request: Request, problem: Problem) -> Response:
    """The problem in the caller's language; Dutch unless English is asked for first."""
    english = request.headers.get("accept-language", "nl").lower().startswith("en")
    dutch_sentence, english_sentence = sentence(problem.sentences, problem.code)
    title = _TITLES.get(problem.status, ("Fout", "Error"))[1 if english else 0]
    body: dict[str, Any] = {
        "type": f"urn:nld:overdrachten:probleem:{problem.code}",
        "status": problem.status,
        "title": title,
        "detail": english_sentence if english else dutch_sentence,
        "code": problem.code,
        "nl": dutch_sentence,
        "en": english_sentence,
    }
    extra = {"field": problem.field, "possible": problem.possible, "errors": problem.errors}
    body |= {name: value for name, value in extra.items() if value}
    headers = dict(_HEADERS.get(problem.status, {}))
    return Response(orjson.dumps(body), problem.status, headers, "application/problem+json")


def install(app: FastAPI) -> None:
    """Every way an answer can be no, as a problem."""

    @app.exception_handler(Problem)
    async def ours(request: Request, problem: Problem) -> Response:
        return response(request, problem)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, wrong: RequestValidationError) -> Response:
        return response(request, Problem(400, "input_invalid", errors=field_errors(wrong)))

    @app.exception_handler(HTTPException)
    async def http(request: Request, wrong: HTTPException) -> Response:
        codes = {404: "not_found", 405: "method_not_allowed", 400: "encoding_invalid"}
        return response(request, Problem(wrong.status_code, codes.get(wrong.status_code, "internal_error")))

    @app.exception_handler(Exception)
    async def fault(request: Request, _wrong: Exception) -> Response:
        return response(request, Problem(500, "internal_error"))
