"""The doors of exports for process mining (OCEL 2.0, XES): asked for, waited for, fetched. For the controller alone."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.insight.doors.asked import asked_about, body_as, figures_of, no_slice, refused
from services.insight.doors.bodies import ExportBody
from services.insight.exports.exporting import SENTENCES, Kind
from services.insight.exports.jobs import Busy, Job, Jobs
from services.insight.exports.reading import Part
from services.insight.measures.slicing import SliceUnknown, check
from services.insight.service import Insight
from shared import logging
from shared.facts import Municipality
from shared.http.access import caller_of, may, sight_at
from shared.http.describing import answers, reads
from shared.http.input import json_answer
from shared.http.problems import Problem
from shared.refusals import Refused
from shared.rights import OPERATE

log = logging.get(__name__)
FILE = "application/octet-stream"


class ExportAsked(BaseModel):
    """Which part of the log, and how it is written. `compressed`: gzip, for what is text."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    kind: Kind
    municipality: Municipality | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    compressed: bool = False


def export_routes(insight: Insight, jobs: Jobs) -> APIRouter:
    """All under /v1."""
    router = asked_about()
    _add_asking(router, insight, jobs)
    _add_fetching(router, jobs)
    return router


def _add_asking(router: APIRouter, insight: Insight, jobs: Jobs) -> None:
    @router.post(
        "/exports",
        status_code=202,
        openapi_extra=may(OPERATE) | reads("application/json", ExportAsked.model_json_schema()),
        **answers(
            "Maak een export",
            "Begins to write single cases to a file; one at a time.",
            ExportBody,
            status=202,
            headers={"Location": "Where to ask how far it is."},
            refuses=(404, 409, 503),
        ),
    )
    async def begin_export(request: Request) -> Response:
        wish = await body_as(request, ExportAsked)
        own = sight_at(request).municipality
        if own and wish.municipality != own:
            raise Problem(403, "out_of_sight", field="municipality", possible=[own])
        _check_known(insight, wish.municipality)
        part = Part(wish.municipality, wish.since, wish.until)
        try:
            job = jobs.begin(wish.kind, part, wish.compressed)
        except Busy as busy:
            raise refused(409, "export_running", possible=[busy.job_id]) from None
        except Refused as no:
            raise Problem(400, no.code, field=no.field, possible=no.possible, sentences=SENTENCES) from None
        _tell("an export was asked for", request, job)
        return json_answer(told(job), 202, {"Location": f"/v1/exports/{job.job_id}"})

    @router.get(
        "/exports/{export_id}",
        openapi_extra=may(OPERATE),
        **answers("Hoe ver een export is", "How far it is; once ready, what is in it.", ExportBody),
    )
    async def read_export(request: Request, export_id: str) -> Response:
        return json_answer(told(_seen(jobs, request, export_id)))

    @router.delete(
        "/exports/{export_id}",
        status_code=204,
        openapi_extra=may(OPERATE),
        summary="Verwijder een export",
        description="Stops it when it is being made, and removes the file.",
        responses={204: {"description": "It is gone."}},
    )
    async def delete_export(request: Request, export_id: str) -> Response:
        await jobs.drop(_seen(jobs, request, export_id))
        return Response(status_code=204)


def _add_fetching(router: APIRouter, jobs: Jobs) -> None:
    @router.get(
        "/exports/{export_id}/file",
        openapi_extra=may(OPERATE),
        summary="Haal een export op",
        description="The file, until an hour after it was made.",
        responses={
            200: {
                "description": "The file.",
                "content": {FILE: {"schema": {"type": "string", "format": "binary"}}},
            },
            409: {},
        },
    )
    async def read_file(request: Request, export_id: str) -> Response:
        job = _seen(jobs, request, export_id)
        if job.state != "ready":
            raise refused(409, "export_not_ready")
        _tell("an export was fetched", request, job)
        return FileResponse(job.file, media_type=FILE, filename=job.file.name)


def _tell(what: str, request: Request, job: Job) -> None:
    """Leaves a line: who has single cases in a file has to answer for them."""
    by = caller_of(request).subject
    log.info(what, export_id=job.job_id, kind=job.kind, municipality=job.part.municipality or "all", by=by)


def told(job: Job) -> dict[str, Any]:
    """The export as it is told."""
    body = {"id": job.job_id, "kind": job.kind, **vars(job.part), "state": job.state, "events": job.events}
    if job.exported is not None:
        body |= asdict(job.exported) | {"bytes": job.size, "file_until": job.until}
    return body


def _seen(jobs: Jobs, request: Request, export_id: str) -> Job:
    """The export. Raises Problem 404 when it is not there, or is of another municipality than the caller's own."""
    job = jobs.find(export_id)
    own = sight_at(request).municipality
    if job is None or (own and job.part.municipality != own):
        raise refused(404, "export_unknown", "export_id")
    return job


def _check_known(insight: Insight, municipality: str | None) -> None:
    """Raises Problem when nothing is known of this municipality, or nothing is known yet."""
    if municipality is not None:
        try:
            check(figures_of(insight).frame, {"municipality": municipality})
        except SliceUnknown as unknown:
            raise no_slice(unknown) from None
