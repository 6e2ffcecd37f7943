"""The log of readings: a line for each person and action, confirmed before the answer; without it nothing is read."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from shared.sealing import seal
from tests.integration.intake_world import (
    NUMBER,
    PERSON,
    SECOND,
    SECRETS,
    application,
    applies,
    case,
    ends,
    give,
    intake_running,
    received,
)
from tests.integration.test_erasing import erased
from tests.integration.world import World, fresh_topics
from tests.tokens import called_by, caseworker, coach

OFFICER = called_by("privacy_officer", name="fg-1", municipality="GM0546")
REGISTER = "https://overdracht.example/verwerkingsregister"
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def readings(intake: World, by: Any = None, **asked: Any) -> list[dict[str, Any]]:
    """The log as the door gives it."""
    answer = await intake.doors.get("/v1/readings", params=asked, headers=by or OFFICER)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def activities(intake: World) -> list[str]:
    return [line["audit"]["activity"] for line in await readings(intake)]


async def person(intake: World, by: Any = None, dossier: str = "L-1", **headers: str) -> Any:
    return await intake.doors.get(f"/v1/cases/{case(dossier)}/person", headers=(by or caseworker()) | headers)


async def known(intake: World) -> str:
    """Somebody applied; a text that is sealed for the case."""
    await intake.post_lines([applies(bsn=NUMBER, person=PERSON)])
    return seal("Zij zoekt rust.", (await received(intake, "L-1"))["case_key"], case())


async def test_every_reading_of_a_person_leaves_one_line(intake: World) -> None:
    sealed = await known(intake)
    doors, worker, path = intake.doors, caseworker(), f"/v1/cases/{case()}"
    for answer in (
        await person(intake),
        await doors.post(f"{path}/texts/open", json={"texts": [sealed] * 3}, headers=worker),
        await doors.post(f"{path}/pseudonym", json={"organisation": "org-rw"}, headers=worker),
        await doors.post("/v1/cases/search", json={"municipality": "GM0546", "bsn": NUMBER}, headers=worker),
        await doors.post(f"{path}/own-file", json={"texts": [sealed]}, headers=worker),
    ):
        assert answer.status_code == 200, answer.text
    assert await activities(intake) == ["application", "person", "texts", "pseudonym", "search", "own_file"]
    lines = await readings(intake)
    assert len({line["attributes"]["dpl.core.data_subject_id"] for line in lines}) == 1
    assert len({line["span_id"] for line in lines}) == len(lines)


async def test_a_line_has_the_fields_of_the_standard_and_nothing_that_identifies(intake: World) -> None:
    await known(intake)
    baggage = "dpl.core.foreign_operation.processor=https%3A%2F%2Fbasis.example%2Fregister"
    await person(intake, traceparent=TRACE, baggage=baggage)
    line = (await readings(intake))[-1]
    _, trace_id, parent, _ = TRACE.split("-")
    assert (line["trace_id"], line["parent_span_id"], line["status"]) == (trace_id, parent, "Ok")
    assert len(line["span_id"]) == 16
    assert line["span_id"] != parent
    assert line["start_time"] <= line["end_time"]
    subject = line["attributes"].pop("dpl.core.data_subject_id")
    assert line["attributes"] == {
        "dpl.core.processing_activity_id": f"{REGISTER}#person",
        "dpl.core.data_subject_id_type": "urn:nld:overdrachten:pseudoniem",
        "dpl.core.foreign_operation.processor": "https://basis.example/register",
    }
    assert subject.removeprefix("p-").isalpha()
    assert line["audit"] == {
        "case_id": case(), "municipality": "GM0546", "reader": "km-1", "role": "caseworker", "organisation": None,
        "activity": "person",
    }  # fmt: skip
    assert not [secret for secret in SECRETS if secret in str(await readings(intake))]


async def test_the_register_explains_every_line(intake: World) -> None:
    await known(intake)
    await person(intake)
    entries = (await intake.doors.get("/v1/processing-register", headers=OFFICER)).json()["items"]
    known_ids = {entry["id"]: entry for entry in entries}
    for line in await readings(intake):
        entry = known_ids[line["attributes"]["dpl.core.processing_activity_id"]]
        assert entry["purpose_nl"]
        assert entry["legal_ground"]


async def test_who_is_looked_for_and_not_there_leaves_a_line_too_and_a_dossier_does_not(intake: World) -> None:
    here = {"municipality": "GM0546"}
    await intake.doors.post("/v1/cases/search", json=here | {"bsn": SECOND}, headers=caseworker())
    await intake.doors.post("/v1/cases/search", json=here | {"dossier": "L-1"}, headers=caseworker())
    [line] = await readings(intake)
    assert (line["audit"]["activity"], line["audit"]["case_id"]) == ("search", None)


async def test_one_person_with_three_cases_is_one_line_of_a_search(intake: World) -> None:
    months = ("2024-01-02", "2024-03-02", "2024-05-02")
    for number, day in enumerate(months):
        at, over = f"{day}T12:00:00+00:00", f"{day[:-2]}20T12:00:00+00:00"
        await intake.post_lines([applies(f"L-{number}", at, bsn=NUMBER), *ends(f"L-{number}", over)])
    body = {"municipality": "GM0546", "bsn": NUMBER}
    found = await intake.doors.post("/v1/cases/search", json=body, headers=caseworker())
    assert len(found.json()["items"]) == 3
    assert await activities(intake) == ["application"] * 3 + ["search"]


async def test_writing_who_somebody_is_leaves_a_line_by_who_sent_it_and_a_refusal_or_a_nobody_none(
    intake: World,
) -> None:
    await give(intake, "receive-application", application(bsn=NUMBER, person=PERSON))
    await give(intake, "receive-application", application(bsn=NUMBER, person=PERSON), "L-2")
    await give(intake, "receive-application", application(), "L-3")
    await intake.post_lines([applies("L-4", bsn=SECOND), applies("L-5", bsn="123456789")])
    who = [(line["audit"]["case_id"], line["audit"]["reader"]) for line in await readings(intake)]
    assert who == [(case("L-1"), "km-1"), (case("L-4"), "operator-1")]


async def test_erasing_leaves_a_line_and_the_lines_of_before_stay(intake: World) -> None:
    await erased(intake)
    assert await activities(intake) == ["application", "erasure"]
    first, last = await readings(intake)
    subject = "dpl.core.data_subject_id"
    assert first["attributes"][subject] == last["attributes"][subject]
    assert last["audit"]["reader"] == "op-1"
    await person(intake)
    assert await activities(intake) == ["application", "erasure"]


async def test_when_the_line_cannot_be_written_nothing_is_read_out(intake: World) -> None:
    sealed = await known(intake)
    await intake.sql(f'revoke insert on reading from "{intake.service.ledger.engine.url.username}"')
    doors, worker, path = intake.doors, caseworker(), f"/v1/cases/{case()}"
    for answer in (
        await person(intake),
        await doors.post(f"{path}/texts/open", json={"texts": [sealed]}, headers=worker),
        await doors.post(f"{path}/pseudonym", json={"organisation": "org-rw"}, headers=worker),
        await doors.post("/v1/cases/search", json={"municipality": "GM0546", "bsn": NUMBER}, headers=worker),
        await doors.post(f"{path}/own-file", json={}, headers=worker),
    ):
        assert (answer.status_code, answer.json()["code"]) == (503, "reading_not_logged")
        assert not [secret for secret in SECRETS if secret in answer.text]
    assert (await give(intake, "receive-application", application(bsn=SECOND), "L-2")).status_code == 500
    assert await intake.sql("select count(*) from identity") == [(1,)]


async def test_the_line_is_there_when_the_answer_is(intake: World) -> None:
    await known(intake)
    answers = await asyncio.gather(*(person(intake, caseworker(f"km-{n}")) for n in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert Counter(await activities(intake)) == {"application": 1, "person": 20}


async def test_the_log_is_only_added_to_also_by_the_service_itself(intake: World) -> None:
    await known(intake)
    async with intake.service.ledger.engine.connect() as tx:
        for statement in ("delete from reading", "update reading set reader = 'x'", "truncate reading"):
            with pytest.raises(Exception, match="permission denied"):
                await tx.exec_driver_sql(statement)
            await tx.rollback()
        with pytest.raises(Exception, match="a year at least"):
            await tx.exec_driver_sql("select forget_readings(interval '11 months')")
        await tx.rollback()
    assert await activities(intake) == ["application"]


async def test_the_log_is_for_the_privacy_officer_and_the_operator_of_the_municipality(intake: World) -> None:
    await known(intake)
    there = called_by("privacy_officer", name="fg-2", municipality="GM0344")
    assert await readings(intake, there) == []
    assert len(await readings(intake, called_by("operator", name="op-1", municipality="GM0546"))) == 1
    for by in (caseworker(), coach(), called_by("analyst"), called_by("citizen", cases=(case(),))):
        assert (await intake.doors.get("/v1/readings", headers=by)).status_code == 403
    claimless = await intake.doors.get("/v1/readings", headers=called_by("privacy_officer", name="fg-3"))
    assert (claimless.status_code, claimless.json()["code"]) == (403, "claim_missing")
    assert (await person(intake, OFFICER)).status_code == 403


async def test_the_log_is_read_page_by_page_and_by_case(intake: World) -> None:
    await intake.post_lines([applies(f"L-{n}", bsn=number) for n, number in enumerate((NUMBER, SECOND))])
    for _ in range(3):
        await person(intake, dossier="L-1")
    seen, after = [], ""
    while True:
        answer = await intake.doors.get("/v1/readings", params={"after": after, "limit": 2}, headers=OFFICER)
        seen += [line["position"] for line in answer.json()["items"]]
        if answer.json()["next"] is None:
            break
        after = answer.json()["next"]
    assert len(seen) == 5
    assert seen == sorted(set(seen))
    assert len(await readings(intake, case=case("L-1"))) == 4
    for wrong in ({"after": "x"}, {"case": "Zwaluwenburg"}):
        answer = await intake.doors.get("/v1/readings", params=wrong, headers=OFFICER)
        assert answer.status_code in (400, 404)
        assert "Zwaluwenburg" not in answer.text


async def test_a_person_gets_all_that_is_held_and_who_read_it(intake: World) -> None:
    sealed = await known(intake)
    await person(intake)
    await intake.doors.post(f"/v1/cases/{case()}/pseudonym", json={"organisation": "org-rw"}, headers=caseworker())
    await intake.doors.post("/v1/cases/search", json={"municipality": "GM0546", "bsn": NUMBER}, headers=caseworker())
    mine = called_by("citizen", cases=(case(),))
    for by in (mine, caseworker(), OFFICER):
        answer = await intake.doors.post(f"/v1/cases/{case()}/own-file", json={"texts": [sealed]}, headers=by)
        file = answer.json()
        assert (file["bsn"], file["person"]) == (NUMBER, PERSON)
        assert file["texts"] == [{"text": "Zij zoekt rust."}]
        assert file["cases"] == [case()]
        [name] = file["organisations"]
        assert (name["organisation"], name["party"]) == ("org-rw", False)
        assert name["pseudonym"].startswith("p-")
        read = [line["audit"]["activity"] for line in file["readings"]]
        assert read[:4] == ["application", "person", "pseudonym", "search"]
        assert file["retention"]["until_on"] is None
    others = [coach(), called_by("operator"), called_by("citizen", name="other", cases=(case("L-9"),))]
    for by, status in zip(others, (403, 403, 404), strict=True):
        answer = await intake.doors.post(f"/v1/cases/{case()}/own-file", json={}, headers=by)
        assert answer.status_code == status
        assert not [secret for secret in SECRETS if secret in answer.text]


async def test_lines_past_their_term_go_at_night_when_that_is_asked(vault_url: str, bootstrap_servers: str) -> None:
    await fresh_topics(bootstrap_servers)
    async with intake_running(vault_url, bootstrap_servers) as intake:
        await known(intake)
        await person(intake)
        await intake.sql("update reading set ended_at = now() - interval '6 years' where activity = 'person'")
    async with intake_running(vault_url, bootstrap_servers, retention_nightly="count") as intake:
        await intake.until(lambda: intake.service.besides.readings.get("overdracht_retention_due_cases"))
        assert await activities(intake) == ["application", "person"]
    async with intake_running(vault_url, bootstrap_servers, retention_nightly="on") as intake:

        async def gone() -> bool:
            return await activities(intake) == ["application"]

        await intake.until(gone)
