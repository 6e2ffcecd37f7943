"""The doors that every service has: how it is doing, and its vocabulary."""

from fastapi import APIRouter
from fastapi.responses import Response

from shared.http.access import may
from shared.http.bodies import CatalogueBody
from shared.http.describing import answers
from shared.http.input import json_answer
from shared.http.status import StatusBody, status
from shared.rights import ROLES, WATCH
from shared.service import Service
from shared.vocabulary import catalogue


def doors(service: Service) -> APIRouter:
    """The routes, all under /v1."""
    router = APIRouter(prefix="/v1")

    @router.get(
        "/status",
        openapi_extra=may(WATCH),
        **answers("Wat er onderweg is", "What is under way in this service.", StatusBody),
    )
    async def read_status() -> Response:
        return json_answer(await status(service))

    @router.get(
        "/catalogue",
        openapi_extra=may(ROLES),
        **answers("De woordenlijst", "The vocabulary of this service.", CatalogueBody),
    )
    async def read_catalogue() -> Response:
        return json_answer(catalogue(service.name, service.vocabulary))

    return router
