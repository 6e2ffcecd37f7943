"""The OpenAPI document of a service: what the framework knows of the routes, and what only our doors know.

The doors read bodies themselves, so the framework knows no bodies; it would promise 422 where we answer 400 with a
problem; and it says nothing of the headers that every answer carries.
"""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from shared.facts import Command
from shared.http.access import may
from shared.http.asking import PLACE, Json, body_of, schemas
from shared.http.bodies import ProblemBody, Recorded
from shared.rights import ROLES
from shared.vocabulary import Vocabulary

BASE = "/v1"
LICENCE = {"name": "EUPL-1.2", "url": "https://joinup.ec.europa.eu/collection/eupl/eupl-text-eupl-12"}
_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "RFC 9068; claims roles, municipality, organisation (for a citizen: cases). x-roles: who may.",
}
_VERSION_HEADER = {"API-Version": {"$ref": "#/components/headers/API-Version"}}
_HEADERS = {
    "API-Version": {"description": "The version of these doors.", "required": True, "schema": {"type": "string"}},
}
_PARAMETERS: dict[str, Json] = {
    "Accept-Language": {
        "description": "`en` first: sentences in English; else Dutch.",
        "schema": {"type": "string"},
    },
    "Idempotency-Key": {
        "description": "The same key and body again: the same answer, and nothing is recorded twice.",
        "schema": {"type": "string", "format": "uuid"},
    },
    "If-Match": {
        "description": "The case's ETag: the command is refused (412) when the case has changed since.",
        "schema": {"type": "string"},
    },
    "traceparent": {"description": "W3C trace context.", "schema": {"type": "string"}},
}
_PROBLEMS: dict[str, tuple[str, str]] = {
    "400": ("invalid", "The input is not right: all wrong fields at once."),
    "401": ("unauthenticated", "Nobody that we know calls: the token says which rule it breaks."),
    "403": ("forbidden", "Not for this caller."),
    "404": ("unknown", "There is no such thing here."),
    "409": ("refused", "A rule says no; nothing was recorded."),
    "412": ("stale", "The case changed since the version in If-Match; nothing was recorded."),
    "413": ("large", "The input is too large."),
    "415": ("unread", "This content type is not read here."),
    "500": ("fault", "A fault on our side; nothing was recorded."),
    "503": ("away", "Not for now: the code says what cannot be reached or is not there yet. Send the same again."),
}


def answers(
    nl: str,
    en: str,
    body: type[BaseModel],
    *,
    kind: str = "application/json",
    many: bool = False,
    status: int = 200,
    also: tuple[str, ...] = (),
    headers: Mapping[str, str] | None = None,
    refuses: tuple[int, ...] = (),
) -> dict[str, Any]:
    """What a route's decorator says of it: summary, description, its answer with body and headers.

    `also`: content types in which the same is given as a text. `refuses`: what it may answer besides, that does not
    follow from what it reads.
    """
    found: Json = {"description": str(body.__doc__), "headers": _described(headers or {})}
    if also:
        found["content"] = {one: {"schema": {"type": "string"}} for one in also}
    if kind == "application/json":
        found["model"] = body
    else:
        schema = body.model_json_schema(ref_template=PLACE + "{model}")
        schema.pop("$defs", None)  # what every answer may hold stands among the components already
        found["content"] = {kind: {"schema": {"type": "array", "items": schema} if many else schema}}
    return {"summary": nl, "description": en, "responses": {status: found, **{code: {} for code in refuses}}}


def _described(headers: Mapping[str, str]) -> Json:
    return {name: {"description": said, "schema": {"type": "string"}} for name, said in headers.items()}


def commanded(command: type[Command]) -> dict[str, Any]:
    """What the decorator of a command's route says of it."""
    dutch, english = command.titles
    schema = {"$ref": PLACE + body_of(command)}
    recorded = {"model": Recorded}
    return {
        "summary": dutch or command.name,
        "description": f"{english}. {command.__doc__}",
        "responses": {
            201: recorded | {"description": "It is recorded."},
            200: recorded | {"description": "It was so already: nothing was recorded."},
            409: {},
            412: {},
        },
        "openapi_extra": may(command.by & ROLES)
        | {
            "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
            "x-fact": command.fact,
            "x-stated-by": sorted(command.by),
        },
    }


def reads(kind: str, schema: Json) -> dict[str, Any]:
    """The `openapi_extra` of a route that reads a body of this content type."""
    return {"requestBody": {"required": True, "content": {kind: {"schema": schema}}}}


def describer(app: FastAPI, vocabulary: Vocabulary, contact: Mapping[str, str]) -> Callable[[], Json]:
    """A function that makes the document, once. `contact`: whom integrators ask (name, url, email)."""
    made: list[Json] = []

    def describe() -> Json:
        if not made:
            made.append(_document(app, vocabulary, contact))
        return made[0]

    return describe


def _document(app: FastAPI, vocabulary: Vocabulary, contact: Mapping[str, str]) -> Json:
    found = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        servers=[{"url": BASE}],
    )
    found["info"] |= {"contact": dict(contact), "license": LICENCE}
    found["paths"] = {
        path.removeprefix(BASE): {method: _operation(path, method, one) for method, one in methods.items()}
        for path, methods in found["paths"].items()
    }
    components = found.setdefault("components", {})
    problem = ProblemBody.model_json_schema(ref_template=PLACE + "{model}")
    made = components.get("schemas", {}) | problem.pop("$defs") | {"ProblemBody": problem}
    made |= schemas(vocabulary.commands, vocabulary.numbers, vocabulary.bodies)
    components["schemas"] = {name: made[name] for name in sorted(made) if "ValidationError" not in name}
    components["headers"] = _HEADERS
    components["securitySchemes"] = {"token": _TOKEN}
    found["security"] = [{"token": []}]
    components["parameters"] = {name: {"name": name, "in": "header"} | said for name, said in _PARAMETERS.items()}
    components["responses"] = {name: _problem(said) for name, said in _PROBLEMS.values()}
    components["responses"]["unauthenticated"]["headers"] |= _described({"WWW-Authenticate": "Bearer."})
    components["responses"]["away"]["headers"] |= _described({"Retry-After": "Seconds to wait."})
    return found


def _problem(said: str) -> Json:
    content = {"application/problem+json": {"schema": {"$ref": PLACE + "ProblemBody"}}}
    return {"description": said, "headers": dict(_VERSION_HEADER), "content": content}


def _operation(path: str, method: str, operation: Json) -> Json:
    found = dict(operation)
    if method == "post" and "requestBody" not in found:
        found |= reads("application/json", {"type": "object"})
    named = ["Accept-Language"] + (["Idempotency-Key", "traceparent"] if method == "post" else [])
    named += ["If-Match"] if "412" in found["responses"] else []
    refs = [{"$ref": f"#/components/parameters/{name}"} for name in named]
    found["parameters"] = [_parameter(one) for one in found.get("parameters", [])] + refs
    answered = {code: _answer(one) for code, one in found["responses"].items() if code not in _PROBLEMS}
    answered.pop("422", None)
    refused = _refusals(path, operation, found.get("requestBody", {}).get("content", {})) & _PROBLEMS.keys()
    problems = {code: {"$ref": f"#/components/responses/{_PROBLEMS[code][0]}"} for code in sorted(refused)}
    return found | {"responses": dict(sorted(answered.items())) | problems}


def _parameter(one: Json) -> Json:
    """What is no id in the place of one is nothing we know."""
    schema = {name: value for name, value in one["schema"].items() if name != "title"}
    if one["in"] == "path" and one["name"].endswith("_id"):
        schema["format"] = "uuid"
    return one | {"schema": schema}


def _answer(one: Json) -> Json:
    content = {kind: said for kind, said in one.get("content", {}).items() if said.get("schema") != {}}
    found = one | {"headers": one.get("headers", {}) | _VERSION_HEADER}
    return found | {"content": content} if content else {name: v for name, v in found.items() if name != "content"}


def _refusals(path: str, operation: Json, read: Json) -> set[str]:
    """Which refusals are possible: those the route names, and those that follow from what it reads."""
    found = {"401", "403", "500", *operation["responses"]}
    if operation.get("parameters") or read:
        found.add("400")
    if "{" in path or "application/json" in read:
        found.add("404")
    if read:
        found |= {"413", "415", "503"}
    return found
