"""The app factory: one FastAPI app per service, with what every one of them has."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from shared.http import problems
from shared.http.describing import BASE, describer
from shared.http.doors import doors
from shared.http.health import health_routes
from shared.http.observing import Observing
from shared.http.reading import log_routes
from shared.service import Service, start, stop

VERSION = "1.0.0"
OPENAPI = f"{BASE}/openapi.json"
_HEADERS = {
    "API-Version": VERSION,
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def build_app(service: Service, routes: list[APIRouter]) -> FastAPI:
    """The app; served, the service runs."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await start(service)
        try:
            yield
        finally:
            await stop(service)

    app = FastAPI(
        title=f"Overdracht {service.name}",
        version=VERSION,
        lifespan=lifespan,
        openapi_url=OPENAPI,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.openapi = describer(app, service.vocabulary)  # type: ignore[method-assign]  # as the framework says to do it
    problems.install(app)
    for router in [doors(service), log_routes(service), *routes, health_routes(service)]:
        app.include_router(router)
    app.add_middleware(Observing, meters=service.meters, headers=_HEADERS, open_path=OPENAPI)
    return app
