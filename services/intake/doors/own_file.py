"""A person's own file (AVG 15): all that the vault holds of them, in one reading, with who read it before."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.intake import logbook, records, store
from services.intake.doors.bodies_kept import OwnFileAsked, OwnFileBody
from services.intake.doors.checking import as_json, fields, hidden, read_by, sealed_texts
from services.intake.vault.leaving import subject_of
from services.intake.vault.reading import Session, opened_person, opened_texts, pseudonym_of
from shared.http.access import may
from shared.http.describing import answers, reads
from shared.http.input import body_json, uuid_of
from shared.service import Service
from shared.worktime import local_day

GIVERS = frozenset({"caseworker", "citizen", "privacy_officer"})
"""Who may ask for a person's file: the citizen, and who answers the citizen for the municipality."""


def own_file_routes(service: Service) -> APIRouter:
    """The door."""
    router = APIRouter(prefix="/v1")

    @router.post(
        "/cases/{case_id}/own-file",
        openapi_extra=may(GIVERS) | reads("application/json", OwnFileAsked.model_json_schema()),
        **answers(
            "Geef het eigen dossier",
            "All that is held about a person in this case, with the given texts opened; one reading, logged.",
            OwnFileBody,
        ),
    )
    async def give_own_file(case_id: str, request: Request) -> Response:
        found_id = uuid_of(case_id)
        texts = sealed_texts({"texts": []} | fields(await body_json(request), "texts"))
        async with read_by(service, request) as at:
            file = await _file(at, found_id, texts)
        if file is None:
            raise await hidden(service, request, found_id)
        return as_json(file)

    return router


async def _file(at: Session, case_id: str, texts: list[str]) -> dict[str, Any] | None:
    """The file; None when there is no such case within sight."""
    held = await at.held(case_id)
    if held is None:
        return None
    person = opened_person(at.keys, case_id, held)
    parties = await store.parties(at.tx, case_id, at.by.sight)
    terms = await records.terms_of(at.tx, at.vault.retention, local_day(datetime.now(UTC)), [case_id])
    others = [] if held.bsn_index is None else await store.found_by_number(at.tx, held.bsn_index, at.by.sight)
    opened = opened_texts(at.keys, case_id, held, texts)
    # what others may have done without a case (a search) is outside the reader's sight, and is about this person
    subject = subject_of(at.keys, held.bsn_index, case_id)
    async with at.ledger.single.connect() as tx:
        lines = await logbook.about(tx, at.vault.register_url, held.municipality, subject, case_id)
    if held.destroyed_at is None:
        at.leaves("own_file", held.municipality, subject, case_id)
    named = sorted({*parties, *(line["audit"]["organisation"] for line in lines if _gave_a_name(line))})
    return {
        "case_id": case_id,
        "municipality": held.municipality,
        "erased_at": held.destroyed_at,
        "bsn": person.get("bsn"),
        "person": {name: value for name, value in person.items() if name != "bsn"},
        "texts": opened,
        "organisations": [
            {"organisation": one, "party": one in parties, "pseudonym": pseudonym_of(at.keys, case_id, person, one)[0]}
            for one in named
        ],
        "retention": _kept(terms.get(case_id, records.RUNNING)),
        "readings": lines,
        "cases": [row[0] for row in others] or [case_id],
    }


def _gave_a_name(line: dict[str, Any]) -> bool:
    return line["audit"]["activity"] == "pseudonym" and line["audit"]["organisation"] is not None


def _kept(term: records.Term) -> dict[str, Any]:
    """Until when it is kept; what is none is not known yet."""
    return {name: value for name, value in asdict(term).items() if name != "case_id"}
