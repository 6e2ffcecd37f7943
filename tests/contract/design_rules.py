"""The NL API Design Rules that a document can show, as functions: each says what is wrong, or nothing."""

import re
from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]
_SEMVER = r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
_PERSONAL = {"bsn", "name", "birth", "address", "email", "phone"}


def resolved(document: Json, node: Json) -> Json:
    """What the node stands for."""
    while "$ref" in node:
        found: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def operations(document: Json) -> Iterator[tuple[str, Json]]:
    """Every operation: where it is, and what it says."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def answers(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Every answer: where, its status, and what is said of it."""
    for place, operation in operations(document):
        for status, answer in operation["responses"].items():
            yield place, status, resolved(document, answer)


def parameters(document: Json) -> Iterator[tuple[str, Json]]:
    """Every parameter: where, and what is said of it."""
    for place, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            yield place, resolved(document, parameter)


def doc_openapi(document: Json) -> list[str]:
    """OpenAPI 3.1 or newer, with a summary for every operation and a name of its own."""
    found = [] if str(document.get("openapi", "")).startswith("3.") else ["it is no OpenAPI 3"]
    names = [operation.get("operationId") for _, operation in operations(document)]
    found += [f"{name}: two operations have this name" for name in {one for one in names if names.count(one) > 1}]
    return found + [place for place, operation in operations(document) if not operation.get("summary")]


def doc_openapi_contact(document: Json) -> list[str]:
    """Whom to ask: name, url and email."""
    contact = document["info"].get("contact", {})
    return [f"info.contact.{name} is missing" for name in ("name", "url", "email") if not contact.get(name)]


def semver(document: Json) -> list[str]:
    """The version is a semantic one."""
    version = str(document["info"].get("version", ""))
    return [] if re.fullmatch(_SEMVER, version) else [f"{version!r} is no semantic version"]


def uri_version(document: Json) -> list[str]:
    """Servers are named, and the major version is the last part of their address, once."""
    major = str(document["info"].get("version", "")).partition(".")[0]
    servers = [server["url"] for server in document.get("servers", [])]
    found = [f"{url}: does not end in /v{major}" for url in servers if not url.endswith(f"/v{major}")]
    found += [f"{path}: the version stands in the server's address" for path in document["paths"] if "/v1" in path]
    return found if servers else ["no server is named"]


def no_trailing_slash(document: Json) -> list[str]:
    """No path ends in a slash."""
    return [path for path in document["paths"] if path.endswith("/")]


def path_segments_kebab_case(document: Json) -> list[str]:
    """Parts of a path are kebab-case; what is filled in is not looked at."""
    parts = [(path, part) for path in document["paths"] for part in path.strip("/").split("/")]
    sound = r"_?[a-z0-9]+(-[a-z0-9]+)*|\{[a-z_]+\}"
    return [f"{path}: {part}" for path, part in parts if not re.fullmatch(sound, part)]


def query_keys_camel_case(document: Json) -> list[str]:
    """Keys in a query are camelCase."""
    keys = [(place, one["name"]) for place, one in parameters(document) if one["in"] == "query"]
    return [f"{place}: {name}" for place, name in keys if not re.fullmatch(r"[a-z][a-z0-9]*([A-Z][a-z0-9]*)*", name)]


def http_methods(document: Json) -> list[str]:
    """Only methods of the standard, and reading takes no body."""
    known = {"get", "post", "put", "patch", "delete", "head", "options"}
    found = [place for place, _ in operations(document) if place.split(" ")[0] not in known]
    return found + [place for place, one in operations(document) if place.startswith("get") and "requestBody" in one]


def version_header(document: Json) -> list[str]:
    """Every answer carries API-Version."""
    found = answers(document)
    return [f"{place} {status}" for place, status, answer in found if "API-Version" not in answer.get("headers", {})]


def problem_details(document: Json) -> list[str]:
    """Every refusal is problem+json, with status, title and detail at least."""
    found = []
    for place, status, answer in answers(document):
        if status[0] in "45" or status == "default":
            schema = answer.get("content", {}).get("application/problem+json", {}).get("schema", {})
            if not {"status", "title", "detail"} <= set(resolved(document, schema).get("required", ())):
                found.append(f"{place} {status}")
    return found


def invalid_input(document: Json) -> list[str]:
    """Where there is input 400 is possible; 422 never is."""
    found = [f"{place} 422" for place, status, _ in answers(document) if status == "422"]
    for place, operation in operations(document):
        reads = [one for one in operation.get("parameters", ()) if resolved(document, one)["in"] in ("query", "path")]
        if (reads or "requestBody" in operation) and "400" not in operation["responses"]:
            found.append(place)
    return found


def no_sensitive_uris(document: Json) -> list[str]:
    """Nothing that says who somebody is stands in a path or query."""
    found = [(place, one) for place, one in parameters(document) if one["in"] in ("query", "path")]
    return [f"{place}: {one['name']}" for place, one in found if set(one["name"].lower().split("_")) & _PERSONAL]


def dates_have_a_format(document: Json) -> list[str]:
    """What is called a day or a moment is described as one."""
    ends = {"_on": "date", "_at": "date-time"}
    found = []
    for name, schema in document["components"]["schemas"].items():
        for field, said in schema.get("properties", {}).items():
            formats = {one.get("format") for one in [said, *said.get("anyOf", ())]}
            if said.get("type") != "array" and field[-3:] in ends and ends[field[-3:]] not in formats:
                found.append(f"{name}.{field}")
    return found


RULES: tuple[Callable[[Json], list[str]], ...] = (
    doc_openapi, doc_openapi_contact, semver, uri_version, no_trailing_slash, path_segments_kebab_case,
    query_keys_camel_case, http_methods, version_header, problem_details, invalid_input, no_sensitive_uris,
    dates_have_a_format,
)  # fmt: skip
