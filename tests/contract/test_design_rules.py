"""The NL API Design Rules: the documents keep them, the running app keeps them, and each rule can bite."""

from collections.abc import AsyncIterator
from copy import deepcopy
from typing import Any

import httpx
import orjson
import pytest

from schemas.making.doors import nowhere
from schemas.sources import FOLDER, INSIGHT, SERVICES, part
from tests.contract import design_rules as rules
from tests.tokens import believing, operator

REFUSED: dict[str, Any] = {
    "description": "No.",
    "headers": {"API-Version": {"schema": {"type": "string"}}},
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
GOOD: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "Bakkerij",
        "version": "1.4.0",
        "contact": {"name": "De bakker", "url": "https://bakker.example", "email": "bakker@bakker.example"},
    },
    "servers": [{"url": "/v1"}],
    "paths": {
        "/fresh-breads/{bread_id}": {
            "get": {
                "summary": "Een brood",
                "operationId": "read_bread",
                "parameters": [
                    {"name": "bread_id", "in": "path", "schema": {"type": "string"}},
                    {"name": "bakedAfter", "in": "query", "schema": {"type": "string"}},
                ],
                "responses": {
                    "200": {"description": "It.", "headers": {"API-Version": {"schema": {"type": "string"}}}},
                    "400": {"$ref": "#/components/responses/refused"},
                },
            }
        }
    },
    "components": {
        "responses": {"refused": REFUSED},
        "schemas": {
            "Problem": {"required": ["status", "title", "detail"], "properties": {"status": {"type": "integer"}}},
            "Bread": {"properties": {"baked_on": {"type": "string", "format": "date"}}},
        },
    },
}
READ = ("paths", "/fresh-breads/{bread_id}", "get")
BAD: dict[str, tuple[tuple[str, ...], Any]] = {
    "doc_openapi": ((*READ, "summary"), ""),
    "doc_openapi_contact": (("info", "contact", "email"), ""),
    "semver": (("info", "version"), "1.4"),
    "uri_version": (("servers",), [{"url": "/api"}]),
    "no_trailing_slash": (("paths", "/fresh-breads/"), {}),
    "path_segments_kebab_case": (("paths", "/freshBreads"), {}),
    "query_keys_camel_case": ((*READ, "parameters"), [{"name": "baked_after", "in": "query"}]),
    "http_methods": ((*READ, "requestBody"), {}),
    "version_header": ((*READ, "responses", "200"), {"description": "It."}),
    "problem_details": (("components", "schemas", "Problem", "required"), ["status", "title"]),
    "invalid_input": ((*READ, "responses"), {}),
    "no_sensitive_uris": ((*READ, "parameters"), [{"name": "bsn", "in": "query"}]),
    "dates_have_a_format": (("components", "schemas", "Bread", "properties", "baked_on"), {"type": "string"}),
}
ALSO_BAD: list[tuple[str, tuple[str, ...], Any]] = [
    ("uri_version", ("servers",), []),
    ("uri_version", ("paths", "/v1/breads"), {}),
    ("problem_details", ("components", "responses", "refused", "content"), {"application/json": {}}),
    ("invalid_input", (*READ, "responses", "422"), REFUSED),
    ("doc_openapi", ("paths", "/other"), {"get": {"summary": "x", "operationId": "read_bread", "responses": {}}}),
]


def spoilt(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """The good document with another value at one place."""
    found = deepcopy(GOOD)
    node = found
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return found


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("service", [*SERVICES, INSIGHT])
def test_a_document_keeps_the_rule(service: str, rule: Any) -> None:
    assert rule(orjson.loads((FOLDER / "openapi" / f"{service}.json").read_bytes())) == []


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_a_rule_bites_where_it_is_broken_and_nowhere_else(rule: Any) -> None:
    assert rule(GOOD) == []
    assert rule(spoilt(*BAD[rule.__name__])) != []


@pytest.mark.parametrize(("name", "path", "value"), ALSO_BAD)
def test_a_rule_bites_in_its_other_half_too(name: str, path: tuple[str, ...], value: Any) -> None:
    assert getattr(rules, name)(spoilt(path, value)) != []


@pytest.fixture(params=SERVICES)
async def doors(request: pytest.FixtureRequest) -> AsyncIterator[httpx.AsyncClient]:
    """The doors of a service that is built and not started: it has no database and no broker."""
    app = part(request.param, "app").build(nowhere(request.param).model_copy(update=believing()))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{request.param}", headers=operator()) as client:
        yield client


@pytest.mark.parametrize("doors", [*SERVICES, INSIGHT], indirect=True)
async def test_the_document_is_served_to_everyone_and_is_the_committed_one(doors: httpx.AsyncClient) -> None:
    answer = await doors.get("/v1/openapi.json")
    assert answer.headers["access-control-allow-origin"] == "*"
    del doors.headers["authorization"]
    assert (await doors.get("/v1/openapi.json")).content == answer.content
    assert answer.json() == orjson.loads((FOLDER / "openapi" / f"{doors.base_url.host}.json").read_bytes())


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "status"),
    [
        ("GET", "/v1/status/", b"", "", 404),
        ("GET", "/v1/nowhere", b"", "", 404),
        ("PUT", "/v1/status", b"", "", 405),
        ("GET", "/v1/checkpoints?limit=many", b"", "", 400),
        ("POST", "/v1/facts", b"{}", "text/plain", 415),
        ("POST", "/v1/dead-letters/put-back", b"{", "application/json", 400),
    ],
)
async def test_every_refusal_is_a_problem_with_the_headers_of_every_answer(
    doors: httpx.AsyncClient, method: str, path: str, body: bytes, kind: str, status: int
) -> None:
    answer = await doors.request(method, path, content=body, headers={"Content-Type": kind} if kind else {})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"status", "title", "detail"} <= set(answer.json())
    assert answer.headers["api-version"] == "1.0.0"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"] == "frame-ancestors 'none'"
    assert answer.headers["strict-transport-security"]
    assert answer.headers["x-frame-options"] == "DENY"
