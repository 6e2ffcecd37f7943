"""What the importing tests are given: a product of fake doors that remembers what came in."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import orjson

from overdracht import doors, product
from overdracht.importing.command import Asked, import_file
from tests.tokens import keys

CATALOGUES: dict[str, Any] = {
    "intake": {"rests_on": [], "facts": ["application_received", "benefit_decided"]},
    "referral": {"rests_on": ["intake"], "facts": ["referral_sent", "referral_returned"]},
}


def line(number: int, fact: str = "application_received", **more: Any) -> bytes:
    """One line of a dossier log."""
    said = {
        "at": "2016-01-01T10:00:00+00:00",
        "municipality": "GM0546",
        "dossier": f"L-{number:06}",
        "actor": {"role": "caseworker", "id": "km-1"},
        "fact": fact,
        "data": {},
    }
    return orjson.dumps(said | more)


class FakeProduct:
    """Two services that behave as the doors promise: the same key again is the same request again."""

    def __init__(self) -> None:
        self.lines: dict[str, list[bytes]] = {service: [] for service in CATALOGUES}
        self.answered: dict[str, bytes] = {}
        self.requests: list[tuple[str, str]] = []
        self.refuse: Callable[[dict[str, Any]], dict[str, Any] | None] = lambda said: None
        self.before_answer: Callable[[str, int], None] = lambda service, count: None
        self.after_write: Callable[[str, int], None] = lambda service, count: None
        self.statuses: Callable[[str], dict[str, Any]] = lambda service: {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        service = request.url.host
        if request.url.path == "/v1/catalogue":
            entry = CATALOGUES[service]
            facts = [{"fact": fact, "door": True} for fact in entry["facts"]]
            facts += [{"fact": "pumping_round_detected", "door": False}] if service == "referral" else []
            return httpx.Response(200, json={"service": service, "rests_on": entry["rests_on"], "facts": facts})
        if request.url.path == "/v1/status":
            still = {"ready": True, "unsent": 0, "lag": 0, "busy": 0, "waiting": 0, "dead": 0}
            still |= {"published": {"position": 1, "offsets": {"0": 5}}, "heard": {"overdracht.intake": {"0": 5}}}
            return httpx.Response(200, json=still | {"position": 1, "handled": 1} | self.statuses(service))
        return self._facts(service, request)

    def _facts(self, service: str, request: httpx.Request) -> httpx.Response:
        key = request.headers["idempotency-key"]
        self.requests.append((service, key))
        self.before_answer(service, len(self.requests))
        if key not in self.answered:
            self.answered[key] = b"\n".join(
                self._one(service, number, raw) for number, raw in enumerate(request.content.splitlines(), 1)
            )
        self.after_write(service, len(self.requests))
        return httpx.Response(200, content=self.answered[key])

    def _one(self, service: str, number: int, raw: bytes) -> bytes:
        said = orjson.loads(raw)
        if no := self.refuse(said):
            return orjson.dumps({"line": number, "status": "rejected", **no})
        if raw in self.lines[service]:
            return orjson.dumps({"line": number, "status": "duplicate", "case_id": "c"})
        self.lines[service].append(raw)
        return orjson.dumps({"line": number, "status": "accepted", "case_id": "c", "events": 1})


@contextmanager
def reachable(fake: FakeProduct) -> Iterator[None]:
    """Within this, the product that the commands reach is the fake one."""
    there = product.Product({name: f"http://{name}" for name in CATALOGUES}, "nowhere:1", keys())
    transport = httpx.MockTransport(fake)
    make = httpx.AsyncClient

    def client(**settings: Any) -> httpx.AsyncClient:
        return make(**settings, transport=transport)

    with (
        patch("overdracht.importing.command.reach", lambda data: there),
        patch("overdracht.importing.dry.reach", lambda data: there),
        patch.object(doors.httpx, "AsyncClient", client),
    ):
        yield


def a_file(folder: Path, lines: list[bytes], name: str = "history.jsonl.gz") -> Path:
    """A dossier log on disk."""
    path = folder / name
    whole = b"\n".join(lines) + b"\n"
    path.write_bytes(gzip.compress(whole) if name.endswith(".gz") else whole)
    return path


async def imported(fake: FakeProduct, path: Path, patience: float = 5.0) -> dict[str, Any]:
    """The result of importing the file."""
    asked = Asked(path, path.parent / "data", path.parent / "out.rejects.jsonl", patience, True)
    with reachable(fake):
        return await import_file(asked)


def rejects(path: Path) -> list[dict[str, Any]]:
    """The entries of the rejects file."""
    return [orjson.loads(raw) for raw in (path.parent / "out.rejects.jsonl").read_bytes().splitlines()]
