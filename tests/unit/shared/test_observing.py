"""One line and one count per answer, with the trace and nothing of the request; a fault is told by its place."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.builders import ROOT

TRACE = "0af7651916cd43dd8448eb211c80319c"
SECRET = "Zwaluwenburg 123456782"
PROGRAM = """
import asyncio, json, sys
import httpx
from fastapi import FastAPI, Request
from shared import logging
from shared.http import problems
from shared.http.observing import Observing
from shared.measuring import Meters
from shared.metrics import HTTP_REQUESTS, HTTP_SECONDS

logging.configure("bakery", "INFO")
app, meters, log = FastAPI(openapi_url="/v1/openapi.json"), Meters([HTTP_REQUESTS, HTTP_SECONDS]), logging.get("bread")
problems.install(app)
app.add_middleware(Observing, meters=meters, headers={"API-Version": "1"}, open_path="/v1/openapi.json")

@app.post("/v1/loaves/{name}")
async def bake(name: str, request: Request) -> dict[str, str]:
    log.info("baking")
    if name == "burnt":
        raise ValueError(name, (await request.body()).decode())
    return {"trace": request.state.traceparent}

@app.get("/health/live")
async def live() -> str:
    return "yes"

async def ask(method, path, **more):
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bakery") as client:
        answer = await client.request(method, path, **more)
        told = {"status": answer.status_code, "headers": dict(answer.headers), "body": answer.text}
        print(json.dumps({"answer": told}), flush=True)

async def gone():
    async def receive(): raise asyncio.CancelledError
    scope = {"type": "http", "method": "POST", "path": "/v1/loaves/burnt", "headers": [], "query_string": b""}
    try:
        await app(scope | {"root_path": ""}, receive, None)
    except asyncio.CancelledError:
        print(json.dumps({"answer": {"status": "none"}}), flush=True)

asyncio.run(eval(sys.argv[1]))
print(json.dumps({"counted": [[*labels, n] for labels, n in meters.counts["overdracht_http_requests_total"].items()]}))
"""


def told(call: str) -> tuple[dict[str, Any], list[dict[str, Any]], list[Any]]:
    """The answer, the log lines and the counts of one request in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, call], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    [answer] = [line["answer"] for line in lines if "answer" in line]
    return answer, [line for line in lines if "event" in line], lines[-1]["counted"]


def asked(path: str, **more: Any) -> tuple[dict[str, Any], list[dict[str, Any]], list[Any]]:
    """The same, for a loaf that is asked for with a trace and a secret."""
    headers = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    return told(f"ask('POST', {path!r}, headers={headers!r}, **{more!r})")


def test_a_request_is_one_line_with_its_trace_and_nothing_of_what_was_asked() -> None:
    answer, lines, counted = asked(f"/v1/loaves/{SECRET}?bsn={SECRET}", content=SECRET)
    assert answer["status"] == 200
    assert [line["event"] for line in lines] == ["baking", "request"]
    assert {line["trace_id"] for line in lines} == {TRACE}
    span = json.loads(answer["body"])["trace"].split("-")[2]
    assert {line["span_id"] for line in lines} == {span}
    access = lines[-1]
    assert access.pop("ms") >= 0
    assert set(access) == {
        "event", "level", "logger", "timestamp", "service", "trace_id", "span_id", "method", "route", "status",
    }  # fmt: skip
    assert (access["method"], access["route"], access["status"]) == ("POST", "/v1/loaves/{name}", 200)
    assert counted == [["/v1/loaves/{name}", "POST", "200", 1]]
    assert SECRET.split()[0] not in json.dumps(lines)
    assert SECRET.split()[1] not in json.dumps(lines)


def test_a_fault_is_a_problem_with_all_headers_and_its_line_names_kind_and_place_only() -> None:
    answer, lines, counted = asked("/v1/loaves/burnt", content=SECRET)
    assert (answer["status"], answer["headers"]["api-version"]) == (500, "1")
    assert json.loads(answer["body"])["code"] == "internal_error"
    [fault] = [line for line in lines if line["level"] == "error"]
    assert (fault["error"], fault["trace_id"]) == ("ValueError", TRACE)
    assert fault["at"].endswith("bake")
    assert "burnt" not in json.dumps(lines)
    assert SECRET not in json.dumps(lines) + json.dumps(answer)
    assert counted == [["/v1/loaves/{name}", "POST", "500", 1]]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("ask('GET', '/v1/123456782')", ["unmatched", "GET", "404", 1]),
        ("ask('BREW', '/v1/loaves/rye')", ["/v1/loaves/{name}", "other", "405", 1]),
        ("ask('GET', '/v1/openapi.json')", ["/v1/openapi.json", "GET", "200", 1]),
        ("gone()", ["/v1/loaves/{name}", "POST", "499", 1]),
    ],
)
def test_whatever_is_asked_is_counted_under_a_name_of_ours(call: str, expected: list[Any]) -> None:
    _, lines, counted = told(call)
    assert counted == [expected]
    assert [line["status"] for line in lines if line["event"] == "request"] == [int(expected[2])]


def test_what_machines_ask_all_day_is_counted_and_not_logged() -> None:
    _, lines, counted = told("ask('GET', '/health/live')")
    assert (lines, counted) == ([], [["/health/live", "GET", "200", 1]])
