"""The app factory: one FastAPI app per service, with what every one of them has."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI

from shared.auth import Checker, Trust
from shared.http import problems
from shared.http.access import check_all_say, doorkeeper
from shared.http.commanding import command_routes
from shared.http.describing import BASE, describer
from shared.http.doors import doors
from shared.http.health import health_routes
from shared.http.input import storable
from shared.http.observing import Observing
from shared.http.reading import log_routes
from shared.http.telling import telling_routes
from shared.keyset import Keys
from shared.measuring import Meters
from shared.service import Service, start, stop
from shared.settings import Doors
from shared.vocabulary import Vocabulary

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


Life = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def build_app(service: Service, routes: list[APIRouter]) -> FastAPI:
    """The app of a service with a ledger; served, the service runs."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        await start(service)
        try:
            yield
        finally:
            await stop(service)

    shut = [doors(service), command_routes(service), telling_routes(service), log_routes(service), *routes]
    return assemble(
        service.name, service.settings, service.vocabulary, service.meters, life, shut, health_routes(service)
    )


def assemble(
    name: str,
    given: Doors,
    vocabulary: Vocabulary,
    meters: Meters,
    life: Life,
    shut: Sequence[APIRouter],
    health: APIRouter,
) -> FastAPI:
    """An app as every one is: its document, its refusals and headers; every route of `shut` asks who may."""
    app = FastAPI(
        title=f"Overdracht {name}",
        version=VERSION,
        lifespan=life,
        openapi_url=OPENAPI,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.openapi = describer(app, vocabulary, _contact(given))  # type: ignore[method-assign]  # the framework's own way
    problems.install(app)
    asked = [Depends(doorkeeper(Checker(_trust(given)))), Depends(storable)]
    for router in shut:
        app.include_router(router, dependencies=asked)
    app.include_router(health)
    check_all_say(app, BASE)
    app.add_middleware(Observing, meters=meters, headers=_HEADERS, open_path=OPENAPI)
    return app


def _trust(given: Doors) -> Trust:
    return Trust(given.auth_issuer, given.auth_audience, Keys(given.auth_jwks_url))


def _contact(given: Doors) -> dict[str, str]:
    return {"name": given.contact_name, "url": given.contact_url, "email": given.contact_email}
