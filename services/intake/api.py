"""Intake's own routes besides the doors every service has: finding a case, and reading the vault."""

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError

from services.intake import store
from services.intake.domain.view import view
from services.intake.refusals import SENTENCES
from services.intake.vault.applicants import sound_bsn
from services.intake.vault.keys import Keys, keys_of
from services.intake.vault.reading import cases_of, person_read, pseudonym_made, texts_read
from shared.facts import Municipality
from shared.http.cases import case_routes
from shared.http.input import body_json, uuid_of
from shared.http.problems import Problem
from shared.personal import Code
from shared.service import Service

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
    return [case_routes(service, view), router]


def _json(body: Any) -> Response:
    return Response(orjson.dumps(body), media_type="application/json")


def _add_search(router: APIRouter, service: Service, keys: Keys) -> None:
    @router.post("/cases/search", summary="Finds a case by municipality and dossier, or a person's cases by number")
    async def search(request: Request) -> Response:
        asked = _fields(await body_json(request), "municipality", "dossier", "bsn")
        municipality = _checked(_MUNICIPALITY, asked, "municipality")
        if ("dossier" in asked) == ("bsn" in asked):
            raise Problem(400, "input_invalid", possible=["dossier", "bsn"])
        async with service.ledger.engine.connect() as tx:
            if "dossier" in asked:
                case_id = service.language.case_of(municipality, _short(asked, "dossier"))
                rows = await store.found_by_id(tx, case_id)
            else:
                rows = await cases_of(tx, keys, municipality, _number(asked))
        if not rows:
            raise Problem(404, "case_unknown")
        items = [{"case_id": row[0], "status": row[1], "opened_at": row[2]} for row in rows]
        return _json({"case_id": items[0]["case_id"], "items": items})


def _add_person(router: APIRouter, service: Service, keys: Keys) -> None:
    @router.get("/cases/{case_id}/person", summary="Whom a case is about; each reading is logged")
    async def read_person(case_id: str) -> Response:
        found_id = uuid_of(case_id)
        async with service.ledger.engine.connect() as tx:
            found = await person_read(tx, keys, found_id)
        if not found:
            code = "case_unknown" if found is None else "person_unknown"
            raise Problem(404, code, sentences=SENTENCES)
        bsn = found.pop("bsn", None)
        return _json({"case_id": found_id, "bsn": bsn, "person": found})

    @router.post("/cases/{case_id}/pseudonym", summary="The citizen's name for one organisation; no two have the same")
    async def make_pseudonym(case_id: str, request: Request) -> Response:
        found_id = uuid_of(case_id)
        organisation = _checked(_CODE, _fields(await body_json(request), "organisation"), "organisation")
        async with service.ledger.engine.connect() as tx:
            made = await pseudonym_made(tx, keys, found_id, organisation)
        if made is None:
            raise Problem(404, "case_unknown")
        body = {"case_id": found_id, "organisation": organisation, "pseudonym": made[0], "names": made[1]}
        return _json(body)


def _add_texts(router: APIRouter, service: Service, keys: Keys) -> None:
    @router.post("/cases/{case_id}/texts/open", summary="Opens sealed texts of a case; each reading is logged")
    async def open_texts(case_id: str, request: Request) -> Response:
        found_id = uuid_of(case_id)
        texts = _fields(await body_json(request), "texts").get("texts")
        if not isinstance(texts, list) or len(texts) > MOST_TEXTS or not all(isinstance(one, str) for one in texts):
            raise Problem(400, "texts_invalid", field="texts", sentences=SENTENCES)
        async with service.ledger.engine.connect() as tx:
            opened = await texts_read(tx, keys, found_id, texts)
        if opened is None:
            raise Problem(404, "case_unknown")
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
