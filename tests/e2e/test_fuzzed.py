"""What nobody thought of: requests made from the OpenAPI documents, right and wrong ones, at every door of the running
services. No answer is a fault of ours, and each is one that the document promises."""

from typing import Any

import httpx
import orjson
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from schemas.sources import FOLDER, INSIGHT
from shared.rights import ROLES
from tests.builders import dossiers
from tests.product import SERVICES, Product
from tests.tokens import called_by

EXAMPLES = 4
"""Requests per route and kind; the whole of it stays around a minute."""
SLICES = frozenset({"provider", "trajectory", "direction", "warm", "diagnosedBefore", "adoptedBy"})
"""Of these there is mostly nothing: left out where an answer is wanted, and made up where a no is."""
PROMISED = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)


def routes(service: str) -> list[tuple[str, str]]:
    """(method, path) of every route of a service."""
    paths = orjson.loads((FOLDER / "openapi" / f"{service}.json").read_bytes())["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods]


@schemathesis.serializer("application/x-ndjson")
def lines(ctx: Any, value: Any) -> bytes:
    """A line of the bulk door."""
    return orjson.dumps(value) + b"\n" if not isinstance(value, bytes) else value


@pytest.fixture(scope="module")
def product(hasty_product: Product) -> Product:
    """Most cases that are asked for here never come."""
    return hasty_product


@pytest.fixture(scope="module")
def known(product: Product) -> dict[str, str]:
    """A case that every service knows, and of which there are figures, so that requests get further than the door."""
    whole = next(lines for lines in dossiers().values() if any(line["fact"] == "plan_agreed" for line in lines))
    file = product.data / "one.jsonl"
    file.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in whole))
    assert product.json("import", str(file))["rejected"] == 0
    product.settle()
    case_id = product.json("case", f"GM0546/{whole[0]['dossier']}", "--json")["case_id"]
    sent = next(line["at"] for line in whole if line["fact"] == "referral_sent")
    moments = {"since": "2016-07-01T00:00:00Z", "asOf": "2017-01-01T00:00:00Z", "month": sent[:7]}
    return {"case_id": case_id, "municipality": "GM0546", "measure": "referrals", "by": "month"} | moments


@pytest.fixture(scope="module", params=(*SERVICES, INSIGHT))
def documented(request: pytest.FixtureRequest, product: Product) -> Any:
    """The document of one of the running services, and a caller who may do everything in one municipality."""
    document = httpx.get(f"{product.url(request.param)}/v1/openapi.json").json()
    found = schemathesis.openapi.from_dict(document)
    found.config.update(base_url=f"{product.url(request.param)}/v1")
    who = called_by(*sorted(ROLES), municipality="GM0546", organisation="org-rw", of=product.data / "keys")
    return request.param, found, who


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
def test_no_request_brings_a_door_down_and_every_answer_was_promised(
    documented: Any, mode: GenerationMode, known: dict[str, str]
) -> None:
    service, schema, who = documented
    there = known if service == INSIGHT else {"case_id": known["case_id"]}
    asked = 0
    for method, path in routes(service):
        operation = schema[path][method]
        asked += 1

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def check(case: Any) -> None:
            if mode is GenerationMode.POSITIVE:
                for place in (case.path_parameters, case.query):
                    place.update({name: there[name] for name in there.keys() & place.keys()})
                if service == INSIGHT:
                    case.query = {name: value for name, value in case.query.items() if name not in SLICES}
            case.call_and_validate(headers=who, checks=PROMISED)

        check()
    assert asked == len(routes(service)) > 10
