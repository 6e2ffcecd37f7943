"""What intake's own doors and diagnosis' own doors answer is what their OpenAPI documents promise."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from tests.integration.described import described
from tests.integration.intake_world import NUMBER, PERSON, case
from tests.integration.reporting_world import (
    a_decision,
    an_application,
    an_ending,
    office,
    post,
    post_many,
    reporting,
)
from tests.integration.test_coverage import running as running  # a fixture
from tests.integration.world import World
from tests.tokens import called_by, caseworker, coach

SPACE = ("application", {"application_number": " "})


@pytest.fixture
async def intake(vault_url: str, bootstrap_servers: str) -> AsyncIterator[World]:
    """Intake, with a benefit system that it believes."""
    async with reporting(vault_url, bootstrap_servers) as running:
        yield running


async def test_every_answer_of_the_vault_and_of_the_reports_is_as_described(intake: World) -> None:
    document, who = described("intake"), caseworker()
    intake.doors.event_hooks["response"].append(document)
    reported = an_application(bsn=NUMBER, person=PERSON)
    for status, word, body in (
        (404, "decision", a_decision()),
        (201, "application", reported),
        (200, "application", reported),
        (409, "application", an_application()),
        (400, "application", {"kind": 1}),
        (400, "ending", []),
        (403, "ending", an_ending(municipality="GM0344")),
    ):
        assert (await post(intake, word, body)).status_code == status
    await post_many(
        intake, ("application", an_application()), ("decision", a_decision()), SPACE, ("ending", an_ending())
    )
    found = f"/v1/cases/{case('A-1')}"
    for status, path, asked in (
        (200, "/v1/cases/search", {"municipality": "GM0546", "dossier": "A-1"}),
        (200, "/v1/cases/search", {"municipality": "GM0546", "bsn": NUMBER}),
        (404, "/v1/cases/search", {"municipality": "GM0546", "dossier": "A-9"}),
        (403, "/v1/cases/search", {"municipality": "GM0344", "dossier": "A-1"}),
        (400, "/v1/cases/search", {"municipality": "GM0546"}),
        (200, f"{found}/pseudonym", {"organisation": "org-rw"}),
        (400, f"{found}/pseudonym", {"organisation": "a b"}),
        (404, f"/v1/cases/{uuid4()}/pseudonym", {"organisation": "org-rw"}),
        (200, f"{found}/texts/open", {"texts": ["hpke1.", ""]}),
        (400, f"{found}/texts/open", {"texts": 1}),
    ):
        assert (await intake.doors.post(path, json=asked, headers=who)).status_code == status, path
    assert (await intake.doors.get(f"{found}/person", headers=office())).status_code == 200
    assert (await intake.doors.get(f"{found}/person", headers=coach())).status_code == 404
    assert (await intake.doors.get(f"/v1/cases/{uuid4()}/person", headers=who)).status_code == 404
    await intake.sql("update case_key set sealed = null, destroyed_at = now()")
    assert (await intake.doors.post(f"{found}/texts/open", json={"texts": [""]}, headers=who)).status_code == 200
    assert len(document.seen) == 19, sorted(document.seen)


async def test_every_answer_of_diagnosis_own_doors_is_as_described(running: World) -> None:
    document = described("diagnosis")
    running.doors.event_hooks["response"].append(document)
    for status, path in (
        (200, "/v1/coverage?municipality=GM0546"),
        (400, "/v1/coverage?municipality=Leiden"),
        (403, "/v1/coverage?municipality=GM0344"),
        (200, "/v1/instruments"),
        (200, "/v1/framework?municipality=GM0546"),
        (404, "/v1/framework?municipality=GM0546&version=none"),
    ):
        assert (await running.doors.get(path, headers=caseworker())).status_code == status, path
    assert (
        await running.doors.get("/v1/coverage?municipality=GM0546", headers=called_by("citizen"))
    ).status_code == 403
    assert len(document.seen) == 6
