"""Doors for machines: alive, ready, measured, and how far the lake and the figures are."""

import asyncio
from collections.abc import Mapping
from time import monotonic

import orjson
from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST

from services.insight import metrics as m
from services.insight.doors.asked import asked_about
from services.insight.doors.bodies import InsightStatus
from services.insight.lake.progress import KINDS
from services.insight.service import NAME, Insight
from services.insight.shown import gauges
from shared.http.access import may
from shared.http.describing import answers
from shared.metrics import READY
from shared.rights import WATCH
from shared.scraping import rendered


def health_routes(insight: Insight) -> APIRouter:
    """Not part of the API that others build on."""
    router = APIRouter(include_in_schema=False)

    @router.get("/health/live")
    async def live() -> Response:
        await asyncio.sleep(0)
        return Response(b'{"status":"live"}', media_type="application/json")

    @router.get("/health/ready")
    async def ready() -> Response:
        well = all(code == "ok" for code in insight.parts.values())
        body = {"status": "ready" if well else "not ready", "parts": insight.parts}
        return Response(orjson.dumps(body), 200 if well else 503, media_type="application/json")

    @router.get("/metrics")
    async def metrics() -> Response:
        readings = _own(insight) | await asyncio.to_thread(gauges, insight)
        return Response(rendered(NAME, insight.meters, readings), media_type=CONTENT_TYPE_LATEST)

    return router


def status_routes(insight: Insight) -> APIRouter:
    """How it goes, for people and programs."""
    router = asked_about()

    @router.get(
        "/status",
        openapi_extra=may(WATCH),
        **answers(
            "Hoe ver het is",
            "How far the lake follows the log, and the figures the lake.",
            InsightStatus,
            refuses=(400,),
        ),
    )
    async def read_status() -> Response:
        body = {
            "service": NAME,
            "ready": all(code == "ok" for code in insight.parts.values()),
            "parts": insight.parts,
            "lake": insight.progress.told(),
            "generation": insight.kept.generation if insight.kept else 0,
            "behind_seconds": _behind(insight),
        }
        return Response(orjson.dumps(body), media_type="application/json")

    return router


def _behind(insight: Insight) -> float:
    return 0.0 if insight.behind_since is None else monotonic() - insight.behind_since


def _own(insight: Insight) -> dict[str, dict[tuple[str, ...], float]]:
    places = insight.progress.places.items()
    return {
        READY.name: {(part,): float(code == "ok") for part, code in insight.parts.items()},
        m.LAG.name: {(place.topic, str(place.partition)): float(one.lag) for place, one in places},
        m.COUNTED.name: _summed(insight.progress.counts),
        m.WHOLE.name: {(): float(not insight.progress.faults)},
        m.BEHIND.name: {(): _behind(insight)},
    }


def _summed(counts: Mapping[str, int]) -> dict[tuple[str, ...], float]:
    """By kind alone: what is said of it besides is not a closed set. Kinds that never were are there, at nought."""
    found: dict[tuple[str, ...], float] = {(kind,): 0.0 for kind in KINDS}
    for kind, count in counts.items():
        label = (kind.partition(":")[0],)
        found[label] = found.get(label, 0.0) + count
    return found
