"""Intake's own routes besides the doors every service has: finding a case, and reading the vault."""

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError

from services.intake import store
from services.intake.bodies import ForOrganisation, Found, OpenedTexts, PersonBody, PseudonymBody, SealedTexts, Search
from services.intake.domain.view import view
from services.intake.refusals import SENTENCES
from services.intake.reporting.doors import report_routes
from services.intake.reporting.many import many_routes
from services.intake.vault.applicants import sound_bsn
from services.intake.vault.keys import Keys, keys_of
from services.intake.vault.reading import Reading, cases_of, person_read, pseudonym_made, texts_read
from shared.facts import Municipality
from shared.http.access import caller_of, may, sight_at, tell_hidden
from shared.http.cases import case_routes
from shared.http.describing import answers, reads
from shared.http.input import body_json, uuid_of
from shared.http.problems import Problem
from shared.ledger.seeing import seen
from shared.personal import Code
from shared.service import Service

FINDERS = frozenset({"caseworker", "benefit_administration", "operator"})
"""Who may find a case by its number; by the person's number only who works with people."""
KNOWERS = frozenset({"caseworker", "benefit_administration", "coach", "citizen"})
"""Who may know whom a case is about."""
NUMBERED = KNOWERS - {"coach"}
"""Who gets the number with it: a provider only where it is necessary (Participatiewet 68(2)); here it is not."""
READERS = frozenset({"caseworker", "coach", "citizen"})
"""Who may read what people wrote."""
NAMERS = frozenset({"caseworker", "coach"})
"""Who may ask what the citizen is called at an organisation."""
MOST_TEXTS = 500
_MOST_DIGITS = 100
_MUNICIPALITY: TypeAdapter[str] = TypeAdapter(Municipality)
_CODE: TypeAdapter[str] = TypeAdapter(Code)


def routes(service: Service) -> list[APIRouter]:
    """Cases and lists, the search, and the doors of the vault."""
    keys = keys_of(service.settings.vault_key)
    router = APIRouter(prefix="/v1")
    _add_search(router, service, keys)
    _add_person(router, service, keys)
    _add_texts(router, service, keys)
    return [case_routes(service, view), report_routes(service), many_routes(service), router]


def _reading(request: Request) -> Reading:
    return Reading(caller_of(request).subject, sight_at(request))


async def _hidden(service: Service, request: Request, case_id: str) -> Problem:
    """The answer to who does not see the case, or asks for one that is not there: the same."""
    await tell_hidden(service, request, case_id)
    return Problem(404, "case_unknown")


def _json(body: Any) -> Response:
    return Response(orjson.dumps(body), media_type="application/json")


def _add_search(router: APIRouter, service: Service, keys: Keys) -> None:
    @router.post(
        "/cases/search",
        openapi_extra=may(FINDERS) | reads("application/json", Search.model_json_schema()),
        **answers("Zoek een dossier", "A case by municipality and dossier, or a person's cases by number.", Found),
    )
    async def search(request: Request) -> Response:
        asked = _fields(await body_json(request), "municipality", "dossier", "bsn")
        municipality = _checked(_MUNICIPALITY, asked, "municipality")
        if ("dossier" in asked) == ("bsn" in asked):
            raise Problem(400, "input_invalid", possible=["dossier", "bsn"])
        by = _reading(request)
        if by.sight.municipality not in ("", municipality):
            raise Problem(403, "out_of_sight", field="municipality")
        if "bsn" in asked and not caller_of(request).roles & KNOWERS:
            raise Problem(403, "role_not_allowed", field="bsn", possible=sorted(FINDERS & KNOWERS))
        async with seen(service.ledger, by.sight) as tx:
            if "dossier" in asked:
                case_id = service.language.case_of(municipality, _short(asked, "dossier"))
                rows = await store.found_by_id(tx, case_id, by.sight)
            else:
                rows = await cases_of(tx, keys, municipality, _number(asked), by)
        if not rows:
            raise Problem(404, "case_unknown")
        items = [{"case_id": row[0], "status": row[1], "opened_at": row[2]} for row in rows]
        return _json({"case_id": items[0]["case_id"], "items": items})


def _add_person(router: APIRouter, service: Service, keys: Keys) -> None:
    @router.get(
        "/cases/{case_id}/person",
        openapi_extra=may(KNOWERS),
        **answers("Over wie het gaat", "Whom a case is about; each reading is logged.", PersonBody),
    )
    async def read_person(case_id: str, request: Request) -> Response:
        found_id, by = uuid_of(case_id), _reading(request)
        async with seen(service.ledger, by.sight) as tx:
            found = await person_read(tx, keys, found_id, by)
        if found is None:
            raise await _hidden(service, request, found_id)
        if not found:
            raise Problem(404, "person_unknown", sentences=SENTENCES)
        bsn = found.pop("bsn", None)
        return _json(
            {"case_id": found_id, "bsn": bsn if caller_of(request).roles & NUMBERED else None, "person": found}
        )

    @router.post(
        "/cases/{case_id}/pseudonym",
        openapi_extra=may(NAMERS) | reads("application/json", ForOrganisation.model_json_schema()),
        **answers(
            "De naam voor een organisatie",
            "The citizen's name for one organisation; no two have the same.",
            PseudonymBody,
        ),
    )
    async def make_pseudonym(case_id: str, request: Request) -> Response:
        found_id = uuid_of(case_id)
        organisation = _checked(_CODE, _fields(await body_json(request), "organisation"), "organisation")
        by = _reading(request)
        if by.sight.organisation not in ("", organisation):
            raise Problem(403, "out_of_sight", field="organisation")
        async with seen(service.ledger, by.sight) as tx:
            made = await pseudonym_made(tx, keys, found_id, organisation, by)
        if made is None:
            raise await _hidden(service, request, found_id)
        body = {"case_id": found_id, "organisation": organisation, "pseudonym": made[0], "names": made[1]}
        return _json(body)


def _add_texts(router: APIRouter, service: Service, keys: Keys) -> None:
    @router.post(
        "/cases/{case_id}/texts/open",
        openapi_extra=may(READERS) | reads("application/json", SealedTexts.model_json_schema()),
        **answers("Open teksten", "Opens sealed texts of a case; each reading is logged.", OpenedTexts),
    )
    async def open_texts(case_id: str, request: Request) -> Response:
        found_id = uuid_of(case_id)
        texts = _fields(await body_json(request), "texts").get("texts")
        if not isinstance(texts, list) or len(texts) > MOST_TEXTS or not all(isinstance(one, str) for one in texts):
            raise Problem(400, "texts_invalid", field="texts", sentences=SENTENCES)
        by = _reading(request)
        async with seen(service.ledger, by.sight) as tx:
            opened = await texts_read(tx, keys, found_id, texts, by)
        if opened is None:
            raise await _hidden(service, request, found_id)
        return _json({"case_id": found_id, "texts": opened})


def _fields(body: Any, *names: str) -> dict[str, Any]:
    """The body, with no other fields than these. Raises Problem, without repeating what was sent."""
    if not isinstance(body, dict):
        raise Problem(400, "not_an_object")
    if not body.keys() <= set(names):
        raise Problem(400, "field_unknown", possible=list(names))
    return body


def _checked(kind: TypeAdapter[str], body: Mapping[str, Any], name: str) -> str:
    if body.get(name) is None:
        raise Problem(400, "field_missing", field=name)
    try:
        return kind.validate_python(body[name], strict=True)
    except ValidationError:
        raise Problem(400, "field_invalid", field=name) from None


def _short(body: Mapping[str, Any], name: str) -> str:
    value = body[name]
    if not isinstance(value, str) or not 0 < len(value) <= _MOST_DIGITS:
        raise Problem(400, "field_invalid", field=name)
    return value


def _number(body: Mapping[str, Any]) -> str:
    """The citizen service number asked for. Raises Problem."""
    number = sound_bsn(_short(body, "bsn"))
    if number is None:
        raise Problem(400, "bsn_invalid", field="bsn", sentences=SENTENCES)
    return number
