"""Bad input at insight's doors: a clear no that names field and rule, as the document promises, and repeats nothing."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from overdracht import issuing
from services.insight.doors.publishing import SliceAsked
from services.insight.measures.asking import Figures
from services.insight.measures.keeping import Kept
from services.insight.measures.slicing import DIMENSIONS
from shared.auth import EMBEDDED_ISSUER
from tests.insight_doors import AS_OF, NOWHERE, asked, opened_doors, routes
from tests.integration.described import Described, described
from tests.tokens import bearing, called_by, keys

JSON = "application/json"
ALL = called_by("operator", "analyst", name="op-1")
FIGURE, TABLE, NAMES = "measures/referrals/figure", "measures/referrals/figures", "statistics/srg/names"
ROWS, UNKNOWN = "statistics/srg/rows", "statistics/srg/unknown"
NAME, NUMBER = "Zwaluwenburg", "123456782"
CASE = "00000000-0000-8000-8000-000000000001"
WISH: dict[str, Any] = {"measure": "referrals", "as_of": AS_OF}
ARABIC = "GM\u0660\u0665\u0664\u0666"
"""Digits, but not of a CBS code."""
LATER = {"since": "2016-07-01T00:00:00Z"}
FUTURE = "2199-01-01T00:00:00Z"
FIRST = "0001-01-01T00:00:00+14:00"
"""A moment before the first year of universal time."""
INSIGHT = described("insight")


@pytest.fixture(scope="module")
async def doors(leiden_lake: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The doors over the example year; what is refused leaves it as it was."""
    kept = Kept(leiden_lake)
    kept.rebuild()
    async with opened_doors(Figures(kept.frame, {}), leiden_lake) as found:
        found.event_hooks["response"].append(INSIGHT)
        yield found


def said(found: httpx.Response) -> tuple[int, str, str | None]:
    """Status, code, and the one field that is named."""
    body = found.json()
    assert found.headers["content-type"] == "application/problem+json"
    assert body["nl"] != body["en"]
    assert not [one for one in (NAME, NUMBER) if one in found.text]
    fields = [error["field"] for error in body.get("errors", [])]
    assert len(fields) <= 1
    return found.status_code, body["code"], body.get("field", *fields[:1] or [None])


@pytest.mark.parametrize(
    ("path", "query", "status", "code", "field"),
    [
        ("measures/happiness/figure", {}, 404, "measure_unknown", "measure"),
        (f"measures/{NAME}/figures", {"by": "provider"}, 404, "measure_unknown", "measure"),
        (FIGURE, {"municipality": "GM9999"}, 404, "slice_unknown", "municipality"),
        (FIGURE, {"provider": NAME}, 404, "slice_unknown", "provider"),
        (FIGURE, {"month": "2031-01"}, 404, "slice_unknown", "month"),
        (FIGURE, {"diagnosedBefore": "maybe"}, 404, "slice_unknown", "diagnosed_before"),
        (FIGURE, {"asOf": FUTURE}, 400, "moment_in_future", "asOf"),
        (FIGURE, {"asOf": FUTURE, "audience": "internal"}, 400, "moment_in_future", "asOf"),
        (FIGURE, {"asOf": "2016-05-17T00:00:00Z"}, 400, "moment_no_month", "asOf"),
        (FIGURE, {"asOf": "2016-05-01T00:00:00"}, 400, "time_invalid", "asOf"),
        (FIGURE, {"asOf": FIRST}, 400, "time_invalid", "asOf"),
        (FIGURE, {"asOf": FIRST, "audience": "internal"}, 400, "time_invalid", "asOf"),
        (FIGURE, {"asOf": "yesterday"}, 400, "input_invalid", "asOf"),
        (FIGURE, {"audience": NAME}, 400, "input_invalid", "audience"),
        (FIGURE, {"form": "xml"}, 400, "input_invalid", "form"),
        (FIGURE, {"gemeente": "GM0546"}, 400, "field_unknown", "gemeente"),
        (FIGURE, {f"{NAME} {NUMBER}": "1"}, 400, "field_unknown", "?"),
        ("measures/sustained_3_months/figure", {"provider": "org-rw"}, 400, "slice_impossible", "provider"),
        (TABLE, {}, 400, "input_invalid", "by"),
        (TABLE, {"by": NAME}, 404, "slice_unknown", "by"),
        (TABLE, {"by": "municipality", "municipality": "GM0546"}, 400, "slice_impossible", "by"),
        ("measures", {"cursor": "x"}, 400, "field_unknown", "cursor"),
        ("status", {"after": "1"}, 400, "field_unknown", "after"),
        ("published", {"cursor": "x"}, 400, "field_unknown", "cursor"),
        (f"published/{NOWHERE}", {}, 404, "number_unknown", "number"),
        (f"published/{NAME}", {}, 404, "number_unknown", "number"),
        ("comparisons/providers", {"municipality": "GM9999"}, 404, "slice_unknown", "municipality"),
        ("comparisons/providers", {"asOf": "1990-01-01T00:00:00Z"}, 409, "too_few_to_compare", None),
        ("signals", {"municipality": "GM9999"}, 404, "slice_unknown", "municipality"),
        ("signals", {"asOf": FUTURE}, 400, "moment_in_future", "asOf"),
        ("changes", {}, 400, "input_invalid", "since"),
        ("changes", {"since": FUTURE}, 400, "moment_in_future", "since"),
        ("changes", {"since": FIRST}, 400, "time_invalid", "since"),
        ("changes", {"since": "2016-05-17T00:00:00Z"}, 400, "moment_no_month", "since"),
        ("changes", {"since": "2016-05-01T00:00:00"}, 400, "time_invalid", "since"),
        ("changes", LATER | {"municipality": "GM9999"}, 404, "slice_unknown", "municipality"),
        ("changes", LATER | {"adoptedBy": "GM0546"}, 400, "time_invalid", "adoptedBy"),
        ("changes", LATER | {"adoptedBy": f"{NAME}:2016-05-01"}, 404, "slice_unknown", "adoptedBy"),
        ("reports/GM9999", {"month": "2016-12"}, 404, "slice_unknown", "municipality"),
        (f"reports/{NAME}", {"month": "2016-12"}, 404, "slice_unknown", "municipality"),
        ("reports/all", {"month": "2199-01"}, 400, "moment_in_future", "month"),
        ("reports/all", {"month": "0001-01"}, 400, "month_invalid", "month"),
        ("reports/all", {"audience": "internal"}, 400, "input_invalid", "audience"),
        (ROWS, {"municipality": "GM0546"}, 400, "input_invalid", "month"),
        (ROWS, {"month": "2016-12"}, 400, "input_invalid", "municipality"),
        (ROWS, {"municipality": NAME, "month": "2016-12"}, 400, "input_invalid", "municipality"),
        (ROWS, {"municipality": ARABIC, "month": "2016-12"}, 400, "input_invalid", "municipality"),
        (ROWS, {"municipality": "GM0546", "month": "2016-13"}, 400, "month_invalid", "month"),
        (ROWS, {"municipality": "GM0546", "month": "0001-01"}, 400, "month_invalid", "month"),
        (ROWS, {"municipality": "GM0546", "month": "2199-01"}, 400, "month_in_future", "month"),
        (UNKNOWN, {"municipality": "GM0546", "month": "0002-01", "months": "60"}, 400, "month_invalid", "month"),
        (UNKNOWN, {"municipality": "GM0546", "month": "2016-12", "months": "61"}, 400, "input_invalid", "months"),
    ],
)  # fmt: skip
async def test_a_question_that_is_not_right_is_refused_by_name(
    doors: httpx.AsyncClient, path: str, query: dict[str, str], status: int, code: str, field: str | None
) -> None:
    found = await doors.get(f"/v1/{path}", params=query, headers=ALL)
    assert said(found) == (status, code, field)


@pytest.mark.parametrize(
    ("path", "body", "status", "code", "field"),
    [
        ("published", WISH | {"measure": NAME}, 404, "measure_unknown", "measure"),
        ("published", {"as_of": AS_OF}, 400, "input_invalid", "measure"),
        ("published", WISH | {NAME: NUMBER}, 400, "input_invalid", "?"),
        ("published", WISH | {"as_of": FUTURE}, 400, "moment_in_future", "asOf"),
        ("published", WISH | {"as_of": FIRST}, 400, "time_invalid", "asOf"),
        ("published", WISH | {"as_of": "2016-05-01T00:00:00"}, 400, "input_invalid", "as_of"),
        ("published", WISH | {"audience": NAME}, 400, "input_invalid", "audience"),
        ("published", WISH | {"slice": {"municipality": "GM9999"}}, 404, "slice_unknown", "municipality"),
        ("published", WISH | {"slice": {f"{NAME} {NUMBER}": NAME}}, 400, "input_invalid", "slice.?"),
        ("published", WISH | {"slice": {"provider": 1}}, 400, "input_invalid", "slice.provider"),
        ("published", [WISH], 400, "not_an_object", None),
        ("published", None, 400, "not_an_object", None),
        ("exports", {"kind": NAME}, 400, "input_invalid", "kind"),
        ("exports", {"kind": "xes", "municipality": "GM9999"}, 404, "slice_unknown", "municipality"),
        ("exports", {"kind": "xes", "since": "2016-05-01T00:00:00"}, 400, "input_invalid", "since"),
        ("exports", {"kind": "xes", NAME: NUMBER}, 400, "input_invalid", "?"),
        ("exports", None, 400, "not_an_object", None),
        (f"published/{NOWHERE}/reproduction", {}, 404, "number_unknown", "number"),
        (NAMES, {"municipality": "GM0546"}, 400, "input_invalid", "case_ids"),
        (NAMES, {"case_ids": []}, 400, "input_invalid", "municipality"),
        (NAMES, {"municipality": NAME, "case_ids": []}, 400, "input_invalid", "municipality"),
        (NAMES, {"municipality": "GM0546", "case_ids": CASE}, 400, "input_invalid", "case_ids"),
        (NAMES, {"municipality": "GM0546", "case_ids": [NAME]}, 400, "field_invalid", "case_ids"),
        (NAMES, {"municipality": "GM0546", "case_ids": [CASE] * 5_001}, 400, "input_invalid", "case_ids"),
        (NAMES, {"municipality": "GM0546", "case_ids": [], NAME: 1}, 400, "input_invalid", "?"),
        (NAMES, [], 400, "not_an_object", None),
    ],
)  # fmt: skip
async def test_a_body_that_is_not_right_is_refused_by_name(
    doors: httpx.AsyncClient, path: str, body: Any, status: int, code: str, field: str | None
) -> None:
    content = orjson.dumps(body)
    found = await doors.post(f"/v1/{path}", content=content, headers=ALL | {"content-type": JSON})
    assert said(found) == (status, code, field)


@pytest.mark.parametrize("path", ["published", "exports", NAMES])
@pytest.mark.parametrize(
    ("body", "kind", "status", "code", "field"),
    [
        (b'{"measure":"' + b"x" * 10_000_000 + b'"}', JSON, 413, "too_large", None),
        (orjson.dumps(WISH), "text/plain", 415, "wrong_content_type", "Content-Type"),
        (orjson.dumps(WISH), "", 415, "wrong_content_type", "Content-Type"),
        (b'{"measure":"referrals","measure":"returns"}', JSON, 400, "field_twice", "measure"),
        (b'{"slice":{"' + NAME.encode() + b'":"1","' + NAME.encode() + b'":"2"}}', JSON, 400, "field_twice", "?"),
        (b"[" * 100_000, JSON, 400, "not_json", None),
        (b'{"measure":NaN}', JSON, 400, "not_json", None),
        (b'{"measure":"\xe9"}', JSON, 400, "not_json", None),
        (b"", JSON, 400, "not_json", None),
    ],
)
async def test_what_is_no_body_is_refused(
    doors: httpx.AsyncClient, path: str, body: bytes, kind: str, status: int, code: str, field: str | None
) -> None:
    found = await doors.post(f"/v1/{path}", content=body, headers=ALL | {"content-type": kind})
    assert said(found) == (status, code, field)


def test_a_number_can_be_asked_for_along_every_dimension() -> None:
    assert list(SliceAsked.model_fields) == list(DIMENSIONS)


def _unsigned() -> str:
    parts: list[Any] = [{"alg": "none", "typ": "at+jwt"}, {"sub": "op-1", "roles": ["operator"]}]
    return ".".join(urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in parts) + "."


def _foreign() -> str:
    """As good as ours, signed by somebody else."""
    now = int(time.time())
    claims = {"iss": EMBEDDED_ISSUER, "aud": issuing.AUDIENCE, "sub": "op-1", "roles": ["operator"], "exp": now + 300}
    [ours] = orjson.loads(issuing.public_keys((keys() / "issuer.seed").read_text()))["keys"]
    stranger = OKPKey.generate_key("Ed25519", {"kid": ours["kid"]}, private=True)
    return jwt.encode({"alg": "Ed25519", "kid": ours["kid"]}, claims, stranger, algorithms=["Ed25519"])


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (issuing.issued(keys(), ["operator"], hours=-1), "token_expired"),
        (_foreign(), "token_signature_wrong"),
        (_unsigned(), "token_algorithm_refused"),
        (NAME, "token_invalid"),
    ],
    ids=["expired", "foreign", "unsigned", "no token"],
)
async def test_a_token_that_is_not_good_opens_no_door(doors: httpx.AsyncClient, token: str, code: str) -> None:
    found = routes()
    assert len(found) > 12
    for method, path, _ in found:
        no = await doors.request(method, **asked(method, path, "GM0546"), headers=bearing(token))
        assert said(no) == (401, code, None), path


async def test_while_figures_are_being_built_every_door_says_so_as_it_promises(leiden_lake: Path) -> None:
    building, seen = Described(INSIGHT.document), set()
    everybody = called_by("operator", "coach", organisation="org-rw")
    async with opened_doors(None, leiden_lake) as doors:
        doors.event_hooks["response"].append(building)
        for method, path, _ in routes():
            found = await doors.request(method, **asked(method, path, "GM0546"), headers=everybody)
            if found.status_code == 503:
                assert said(found) == (503, "not_built", None)
                assert found.headers["retry-after"]
                seen.add(path)
            promised = "503" in INSIGHT.document["paths"][path][method.lower()]["responses"]
            assert promised or found.status_code != 503, path
    assert {path.split("/")[1] for path in seen} == {
        "measures", "comparisons", "changes", "signals", "published", "reports", "statistics", "exports",
    }  # fmt: skip
