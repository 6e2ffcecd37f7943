"""What intake answers of keeping, of who read what, and of a person's own file is what its document promises."""

from typing import Any
from uuid import uuid4

import pytest

from tests.integration.described import Described
from tests.integration.described import described as document_of
from tests.integration.intake_world import NUMBER, PERSON, case
from tests.integration.test_erasing import OPERATOR, ask, erased
from tests.integration.test_readings import OFFICER
from tests.integration.test_retention import put
from tests.integration.world import World
from tests.tokens import called_by, caseworker, coach

ANYWHERE = called_by("operator", name="op-9")
OFFICE = called_by("benefit_administration", name="ba-1", municipality="GM0546")


@pytest.fixture
def document() -> Described:
    """The document, and what was answered."""
    return document_of("intake")


async def test_every_answer_of_keeping_and_account_is_as_described(intake: World, document: Described) -> None:
    await erased(intake, "L-1")
    await put(intake, "L-2", 2_000, "denied", bsn=NUMBER, person=PERSON)
    await put(intake, "L-3", 5_000, "provided")
    await put(intake, "L-4", 50, "withdrawn")
    assert await ask(intake, dossier="L-4") == (201, "")
    intake.doors.event_hooks["response"].append(document)
    some: dict[str, Any] = {"texts": ["hpke1."]}
    for status, method, path, given, by in (
        (200, "GET", "retention", {}, ANYWHERE),
        (200, "GET", "retention", {"municipality": "GM0546"}, OPERATOR),
        (400, "GET", "retention", {"municipality": "Leiden"}, OPERATOR),
        (403, "GET", "retention", {"municipality": "GM0344"}, OPERATOR),
        (200, "GET", "retention/due", {"limit": 1}, OPERATOR),
        (200, "GET", "retention/due", {"result": "not_taken_up"}, OPERATOR),
        (400, "GET", "retention/due", {"result": "happy"}, OPERATOR),
        (200, "GET", "erasures", {"limit": 1}, OPERATOR),
        (400, "GET", "erasures", {"cursor": "x"}, OPERATOR),
        (200, "GET", "readings", {"limit": 1}, OFFICER),
        (400, "GET", "readings", {"after": "x"}, OFFICER),
        (403, "GET", "readings", {}, caseworker()),
        (200, "GET", "processing-register", {}, coach()),
        (200, "POST", "statistics/people", {"case_ids": [case("L-2"), case("L-1")]}, OFFICE),
        (400, "POST", "statistics/people", {"case_ids": "x"}, OFFICE),
        (200, "POST", f"cases/{case('L-2')}/own-file", some, OFFICER),
        (200, "POST", f"cases/{case('L-1')}/own-file", some, caseworker()),
        (200, "POST", f"cases/{case('L-4')}/own-file", {}, called_by("citizen", cases=(case("L-4"),))),
        (400, "POST", f"cases/{case('L-2')}/own-file", {"texts": 1}, OFFICER),
        (403, "POST", f"cases/{case('L-2')}/own-file", {}, coach()),
        (404, "POST", f"cases/{uuid4()}/own-file", {}, OFFICER),
        (200, "GET", f"cases/{case('L-1')}", {}, caseworker()),
        (200, "GET", f"cases/{case('L-4')}", {}, caseworker()),
        (200, "GET", "catalogue", {}, caseworker()),
        (200, "GET", "events", {}, ANYWHERE),
    ):
        asked: dict[str, Any] = {"params": given} if method == "GET" else {"json": given}
        answer = await intake.doors.request(method, f"/v1/{path}", headers=by, **asked)
        assert answer.status_code == status, (path, answer.text)
        if status == 200 and "items" in answer.json() and path not in ("retention/due", "catalogue"):
            assert answer.json()["items"], path
    assert len(document.seen) == 20, sorted(document.seen)


async def test_the_own_file_tells_a_delivery_by_its_own_name(intake: World) -> None:
    await put(intake, "L-1", 10, "denied", bsn=NUMBER, person=PERSON)
    body = {"case_ids": [case("L-1")]}
    assert (await intake.doors.post("/v1/statistics/people", json=body, headers=OFFICE)).status_code == 200
    file = (await intake.doors.post(f"/v1/cases/{case('L-1')}/own-file", json={}, headers=caseworker())).json()
    line = file["readings"][-1]
    assert (line["audit"]["activity"], line["name"], line["audit"]["reader"]) == (
        "statistics",
        "deliver person",
        "ba-1",
    )
    register = (await intake.doors.get("/v1/processing-register", headers=OFFICER)).json()["items"]
    [entry] = [one for one in register if one["id"] == line["attributes"]["dpl.core.processing_activity_id"]]
    assert "statistics_netherlands" in entry["recipients"]
