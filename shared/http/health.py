"""Doors for machines: alive (the event loop turns), ready (every part is as it must be), and what is measured."""

import asyncio

import orjson
from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST

from shared.http.status import parts_of
from shared.pulse import OK
from shared.scraping import scraper
from shared.service import Service


def health_routes(service: Service) -> APIRouter:
    """The routes; not part of the API that others build on."""
    router = APIRouter(include_in_schema=False)
    scrape = scraper(service)

    @router.get("/health/live")
    async def live() -> Response:
        await asyncio.sleep(0)
        return Response(b'{"status":"live"}', media_type="application/json")

    @router.get("/health/ready")
    async def ready() -> Response:
        parts = parts_of(service)
        well = all(code == OK for code in parts.values())
        body = {"status": "ready" if well else "not ready", "parts": parts}
        return Response(orjson.dumps(body), 200 if well else 503, media_type="application/json")

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(await scrape(), media_type=CONTENT_TYPE_LATEST)

    return router
