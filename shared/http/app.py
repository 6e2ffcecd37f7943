"""The app factory: one FastAPI app per service, with what every one of them has."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from shared.http import problems
from shared.http.describing import BASE, describer
from shared.http.doors import doors
from shared.http.status import status
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
Observe = Callable[[Service, CollectorRegistry], Awaitable[None]]


def build_app(service: Service, routes: list[APIRouter], observe: Observe) -> FastAPI:
    """The app. `observe` fills the registry with what the service measures, at each scrape."""

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
    app.include_router(doors(service))
    for router in routes:
        app.include_router(router)
    _add_health(app, service, observe)

    @app.middleware("http")
    async def always(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await answer(request)
        response.headers.update(_HEADERS)
        if request.url.path == OPENAPI:
            response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return app


def _add_health(app: FastAPI, service: Service, observe: Observe) -> None:
    @app.get("/health/live", include_in_schema=False)
    async def live() -> Response:
        await asyncio.sleep(0)
        return Response(b'{"status":"live"}', media_type="application/json")

    @app.get("/health/ready", include_in_schema=False)
    async def ready() -> Response:
        found = await status(service)
        word = b'{"status":"ready"}' if found["ready"] else b'{"status":"not ready"}'
        return Response(word, 200 if found["ready"] else 503, media_type="application/json")

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        registry = CollectorRegistry()
        await observe(service, registry)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
