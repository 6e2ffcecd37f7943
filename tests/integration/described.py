"""Holds every answer of a service beside its OpenAPI document."""

import re
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
from jsonschema import Draft202012Validator

from schemas.sources import FOLDER
from tests.contract.design_rules import resolved


@dataclass
class Described:
    """The document of a service, and what was answered so far: route and status."""

    document: Any
    seen: set[tuple[str, str]] = field(default_factory=set)

    async def __call__(self, answer: httpx.Response) -> None:
        """Raises when the answer is another than the document promises."""
        await answer.aread()
        paths = self.document["paths"]
        path = answer.request.url.path.removeprefix("/v1")
        fits = [one for one in paths if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one), path)]
        [template] = fits if path not in fits else [path]
        operation = paths[template][answer.request.method.lower()]
        promised = resolved(self.document, operation["responses"][str(answer.status_code)])
        assert all(answer.headers[name] for name in promised["headers"])
        self.seen.add((f"{answer.request.method} {template}", str(answer.status_code)))
        if answer.status_code == 204:
            assert not answer.content
            return
        kind = answer.headers["content-type"].partition(";")[0]
        if kind == "application/octet-stream":
            assert kind in promised["content"]
            return
        check = Draft202012Validator(promised["content"][kind]["schema"] | {"components": self.document["components"]})
        for body in answer.content.splitlines() if kind == "application/x-ndjson" else [answer.content]:
            check.validate(answer.text if kind.startswith("text/") else orjson.loads(body))


def described(service: str) -> Described:
    """The committed document of a service."""
    return Described(orjson.loads((FOLDER / "openapi" / f"{service}.json").read_bytes()))
