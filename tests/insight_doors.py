"""Insight's doors: how each route is asked about a municipality; and the doors in this process, over given figures."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import orjson
from fastapi import FastAPI

from schemas.making.doors import INSIGHT_NOWHERE
from schemas.sources import FOLDER, INSIGHT
from services.insight.app import VOCABULARY
from services.insight.app import routes as routers
from services.insight.doors.health import health_routes
from services.insight.exports.jobs import Jobs
from services.insight.measures.asking import Figures
from services.insight.service import NAME, Insight
from shared.http.app import assemble
from tests.builders import TRUTH
from tests.lakes import KEY
from tests.tokens import believing

AS_OF: str = TRUTH["as_of"]
NOWHERE = "0" * 20
"""An id under which nothing was published."""
_MONTH = "2016-12"


def routes() -> list[tuple[str, str, frozenset[str]]]:
    """(method, path, roles) of every route."""
    paths = orjson.loads((FOLDER / "openapi" / f"{INSIGHT}.json").read_bytes())["paths"]
    return [
        (method.upper(), path, frozenset(said["x-roles"]))
        for path, methods in paths.items()
        for method, said in methods.items()
    ]


def asked(method: str, path: str, municipality: str | None, number: str = NOWHERE, **more: str) -> dict[str, Any]:
    """What a request at this route has to hold to be about this municipality, or about all where it may be."""
    ids = {"measure": "referrals", "number": number, "municipality": municipality or "all"}
    where = path.format_map(ids | {"export_id": "00000000-0000-8000-8000-000000000001"})
    here = {"municipality": municipality} if municipality else {}
    query, body = _asked(path, here, more)
    return {"url": f"/v1{where}", "params": query} | ({"json": body} if method == "POST" else {})


def _asked(path: str, here: dict[str, str], more: dict[str, str]) -> tuple[dict[str, str], Any]:
    """The query and the body."""
    match path.strip("/").split("/"):
        case ["exports"]:
            return {}, here | {"kind": "xes"}
        case ["published"]:
            return {}, {"measure": "referrals", "as_of": AS_OF, "slice": here} | more
        case ["statistics", _, "names"]:
            return {}, here | {"case_ids": []}
        case ["statistics", _, "rows"]:
            return here | {"month": _MONTH}, {}
        case ["statistics", *_]:
            return here | {"month": _MONTH} | more, {}
        case ["reports", _]:
            return {"month": _MONTH}, {}
        case ["changes"]:
            return here | {"since": "2016-07-01T00:00:00Z", "asOf": AS_OF}, {}
        case ["measures", _, "figures"]:
            return here | {"by": "provider", "asOf": AS_OF} | more, {}
        case ["measures", _, "figure"]:
            return here | {"asOf": AS_OF} | more, {}
        case ["comparisons", "municipalities"]:
            return {"asOf": AS_OF}, {}
        case ["comparisons", _] | ["signals"]:
            return here | {"asOf": AS_OF}, {}
        case _:
            return {}, {}


@asynccontextmanager
async def opened_doors(figures: Figures | None, lake: Path = Path("/nowhere")) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the doors, over these figures and this lake. Nothing follows the log."""
    given = INSIGHT_NOWHERE.model_copy(update=believing() | {"lake_folder": lake, "lake_key": KEY.hex()})
    insight, jobs = Insight(given), Jobs(lake)
    insight.figures = figures

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield

    shut, health = routers(insight, jobs), health_routes(insight)
    app = assemble(NAME, given, VOCABULARY, insight.meters, life, shut, health)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://insight") as client:
        yield client
    await jobs.close()
