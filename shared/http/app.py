"""The app factory: one FastAPI app per service, with what every one of them has."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI

from shared.auth import Checker, Trust
from shared.http import problems
from shared.http.access import check_all_say, doorkeeper
from shared.http.commanding import command_routes
from shared.http.describing import BASE, describer
from shared.http.doors import doors
from shared.http.health import health_routes
from shared.http.observing import Observing
from shared.http.reading import log_routes
from shared.http.telling import telling_routes
from shared.keyset import Keys
from shared.service import Service, start, stop
from shared.settings import Settings

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
    app.openapi = describer(app, service.vocabulary, _contact(service.settings))  # type: ignore[method-assign]  # as the framework says to do it
    problems.install(app)
    shut = [Depends(doorkeeper(Checker(_trust(service.settings))))]
    for router in [doors(service), command_routes(service), telling_routes(service), log_routes(service), *routes]:
        app.include_router(router, dependencies=shut)
    app.include_router(health_routes(service))
    check_all_say(app, BASE)
    app.add_middleware(Observing, meters=service.meters, headers=_HEADERS, open_path=OPENAPI)
    return app


def _trust(given: Settings) -> Trust:
    return Trust(given.auth_issuer, given.auth_audience, Keys(given.auth_jwks_url))


def _contact(given: Settings) -> dict[str, str]:
    return {"name": given.contact_name, "url": given.contact_url, "email": given.contact_email}
