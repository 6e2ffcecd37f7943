"""Finding a case, and reading the vault: each reading is in the log of readings before its answer leaves."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.intake import store
from services.intake.bodies import (
    DeliveredPeople,
    ForDelivery,
    ForOrganisation,
    Found,
    OpenedTexts,
    PersonBody,
    PseudonymBody,
    SealedTexts,
    Search,
)
from services.intake.doors.checking import (
    CODE,
    MUNICIPALITY,
    as_json,
    checked,
    fields,
    hidden,
    number,
    read_by,
    sealed_texts,
    short,
)
from services.intake.refusals import SENTENCES
from services.intake.vault.delivering import DELIVERERS, MOST_PEOPLE, people_read
from services.intake.vault.reading import cases_of, person_read, pseudonym_made, texts_read
from shared.http.access import caller_of, may, sight_at
from shared.http.describing import answers, reads
from shared.http.input import body_json, uuid_of
from shared.http.problems import Problem
from shared.ledger.seeing import seen
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


def people_routes(service: Service) -> APIRouter:
    """The search and the doors of the vault."""
    router = APIRouter(prefix="/v1")
    _add_search(router, service)
    _add_person(router, service)
    _add_pseudonym(router, service)
    _add_texts(router, service)
    _add_delivery(router, service)
    return router


def _add_search(router: APIRouter, service: Service) -> None:
    @router.post(
        "/cases/search",
        openapi_extra=may(FINDERS) | reads("application/json", Search.model_json_schema()),
        **answers("Zoek een dossier", "A case by municipality and dossier, or a person's cases by number.", Found),
    )
    async def search(request: Request) -> Response:
        asked = fields(await body_json(request), "municipality", "dossier", "bsn")
        municipality, sight = checked(MUNICIPALITY, asked, "municipality"), sight_at(request)
        if ("dossier" in asked) == ("bsn" in asked):
            raise Problem(400, "input_invalid", possible=["dossier", "bsn"])
        if sight.municipality not in ("", municipality):
            raise Problem(403, "out_of_sight", field="municipality")
        if "bsn" in asked and not caller_of(request).roles & KNOWERS:
            raise Problem(403, "role_not_allowed", field="bsn", possible=sorted(FINDERS & KNOWERS))
        if "dossier" in asked:
            case_id = service.language.case_of(municipality, short(asked, "dossier"))
            async with seen(service.ledger, sight) as tx:
                rows = await store.found_by_id(tx, case_id, sight)
        else:
            wanted = number(asked)
            async with read_by(service, request) as at:
                rows = await cases_of(at, municipality, wanted)
        if not rows:
            raise Problem(404, "case_unknown")
        items = [{"case_id": row[0], "status": row[1], "opened_at": row[2]} for row in rows]
        return as_json({"case_id": items[0]["case_id"], "items": items})


def _add_person(router: APIRouter, service: Service) -> None:
    @router.get(
        "/cases/{case_id}/person",
        openapi_extra=may(KNOWERS),
        **answers("Over wie het gaat", "Whom a case is about; each reading is logged.", PersonBody),
    )
    async def read_person(case_id: str, request: Request) -> Response:
        found_id = uuid_of(case_id)
        async with read_by(service, request) as at:
            found = await person_read(at, found_id)
        if found is None:
            raise await hidden(service, request, found_id)
        held, person = found
        if held.destroyed_at is not None:
            raise Problem(404, "person_erased", sentences=SENTENCES)
        if not person:
            raise Problem(404, "person_unknown", sentences=SENTENCES)
        bsn = person.pop("bsn", None)
        return as_json(
            {"case_id": found_id, "bsn": bsn if caller_of(request).roles & NUMBERED else None, "person": person}
        )


def _add_pseudonym(router: APIRouter, service: Service) -> None:
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
        organisation = checked(CODE, fields(await body_json(request), "organisation"), "organisation")
        if sight_at(request).organisation not in ("", organisation):
            raise Problem(403, "out_of_sight", field="organisation")
        async with read_by(service, request) as at:
            made = await pseudonym_made(at, found_id, organisation)
        if made is None:
            raise await hidden(service, request, found_id)
        held, pseudonym, names = made
        if held.destroyed_at is not None:
            raise Problem(404, "person_erased", sentences=SENTENCES)
        return as_json({"case_id": found_id, "organisation": organisation, "pseudonym": pseudonym, "names": names})


def _add_texts(router: APIRouter, service: Service) -> None:
    @router.post(
        "/cases/{case_id}/texts/open",
        openapi_extra=may(READERS) | reads("application/json", SealedTexts.model_json_schema()),
        **answers("Open teksten", "Opens sealed texts of a case; each reading is logged.", OpenedTexts),
    )
    async def open_texts(case_id: str, request: Request) -> Response:
        found_id = uuid_of(case_id)
        texts = sealed_texts(fields(await body_json(request), "texts"))
        async with read_by(service, request) as at:
            opened = await texts_read(at, found_id, texts)
        if opened is None:
            raise await hidden(service, request, found_id)
        return as_json({"case_id": found_id, "texts": opened})


def _add_delivery(router: APIRouter, service: Service) -> None:
    @router.post(
        "/statistics/people",
        openapi_extra=may(DELIVERERS) | reads("application/json", ForDelivery.model_json_schema()),
        **answers(
            "Personen voor een wettelijke levering",
            "Who the people of these cases are, for a statistic that the law asks; each reading is logged.",
            DeliveredPeople,
        ),
    )
    async def read_people(request: Request) -> Response:
        ids = fields(await body_json(request), "case_ids").get("case_ids")
        if not isinstance(ids, list) or len(ids) > MOST_PEOPLE or not all(isinstance(one, str) for one in ids):
            raise Problem(400, "field_invalid", field="case_ids", possible=[f"{MOST_PEOPLE} ids"])
        async with read_by(service, request) as at:
            found = await people_read(at, map(uuid_of, ids))
        return as_json({"items": found})
