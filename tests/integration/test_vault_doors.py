"""Reading the vault: found, opened, named; each reading leaves a line, and wrong asking gets a clear no."""

from typing import Any
from uuid import uuid4

from shared.sealing import new_key, seal
from tests.integration.intake_world import (
    NUMBER,
    PERSON,
    SECOND,
    application,
    applies,
    case,
    ends,
    give,
    received,
)
from tests.integration.world import World


async def lines(intake: World) -> list[tuple[str, str | None, str]]:
    """The log of readings without what recording an application leaves: what was done, in which case, by whom."""
    query = "select activity, case_id::text, reader from reading where activity <> 'application' order by position"
    return await intake.sql(query)


async def test_the_vault_knows_whom_a_case_is_about_and_tells_who_asks(intake: World) -> None:
    answer = await give(intake, "receive-application", application(bsn="1234.56.782", person=PERSON))
    assert answer.status_code == 201, answer.text
    person = await intake.doors.get(f"/v1/cases/{case()}/person")
    assert person.json() == {"case_id": case(), "bsn": NUMBER, "person": PERSON}
    assert person.headers["cache-control"] == "no-store"
    assert await lines(intake) == [("person", case(), "km-1")]


async def test_a_case_of_nobody_known_and_a_case_nobody_knows_have_no_person(intake: World) -> None:
    await intake.post_lines([applies()])
    nobody = await intake.doors.get(f"/v1/cases/{case()}/person")
    unknown = await intake.doors.get(f"/v1/cases/{uuid4()}/person")
    assert (nobody.status_code, nobody.json()["code"]) == (404, "person_unknown")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "case_unknown")
    assert (await intake.doors.get(f"/v1/cases/{NUMBER}/person")).status_code == 404


async def search(intake: World, body: Any) -> tuple[int, str]:
    answer = await intake.doors.post("/v1/cases/search", json=body)
    return answer.status_code, answer.json().get("code") or answer.json()["case_id"]


async def test_a_case_is_found_by_its_dossier_and_by_the_number_of_the_person(intake: World) -> None:
    await intake.post_lines([applies(bsn=NUMBER)])
    here = {"municipality": "GM0546"}
    assert await search(intake, here | {"dossier": "L-1"}) == (200, case())
    assert await lines(intake) == []
    assert await search(intake, here | {"bsn": "1234 56 782"}) == (200, case())
    assert await lines(intake) == [("search", case(), "km-1")]
    assert await search(intake, here | {"dossier": "L-2"}) == (404, "case_unknown")
    assert await search(intake, here | {"bsn": SECOND}) == (404, "case_unknown")
    assert await search(intake, {"municipality": "GM0344", "bsn": NUMBER}) == (404, "case_unknown")


async def test_a_search_that_asks_wrongly_is_told_so(intake: World) -> None:
    here = {"municipality": "GM0546"}
    asked: list[tuple[Any, str]] = [
        (here | {"bsn": "123456789"}, "bsn_invalid"),
        (here | {"bsn": int(NUMBER)}, "field_invalid"),
        (here | {"dossier": ""}, "field_invalid"),
        ({"municipality": "Leiden", "dossier": "L-1"}, "field_invalid"),
        ({"dossier": "L-1"}, "field_missing"),
        (here, "input_invalid"),
        (here | {"dossier": "L-1", "bsn": NUMBER}, "input_invalid"),
        (here | {"name": "Zwaluwenburg"}, "field_unknown"),
        ([], "not_an_object"),
    ]
    for body, code in asked:
        assert await search(intake, body) == (400, code)


async def opened(intake: World, texts: Any, case_id: str) -> Any:
    return await intake.doors.post(f"/v1/cases/{case_id}/texts/open", json={"texts": texts})


async def test_a_text_sealed_for_a_case_is_opened_by_its_vault_only(intake: World) -> None:
    await intake.post_lines([applies("L-1"), applies("L-2")])
    key = (await received(intake, "L-1"))["case_key"]
    ours, theirs = seal("Zij zoekt rust.", key, case("L-1")), seal("Hij ook.", new_key()[1], case("L-1"))
    texts = [ours, theirs, "hpke1.", "hpke1.é", "plain", "hpke1." + "A" * 50, ""]
    answer = await opened(intake, texts, case("L-1"))
    assert answer.status_code == 200
    shut = {"text": None, "reason": "not_of_this_case"}
    assert answer.json()["texts"] == [{"text": "Zij zoekt rust."}, *[shut] * 6]
    assert (await opened(intake, [ours], case("L-2"))).json()["texts"] == [shut]
    assert [activity for activity, _, _ in await lines(intake)] == ["texts", "texts"]


async def test_a_text_whose_key_is_destroyed_is_unreadable_for_good(intake: World) -> None:
    await intake.post_lines([applies()])
    sealed = seal("Zij zoekt rust.", (await received(intake, "L-1"))["case_key"], case())
    await intake.sql("update case_key set sealed = null, destroyed_at = now()")
    answer = await opened(intake, [sealed], case())
    assert (answer.status_code, answer.json()["texts"]) == (200, [{"text": None, "reason": "key_destroyed"}])


async def test_texts_are_a_list_of_at_most_five_hundred(intake: World) -> None:
    wrong: list[Any] = [None, "hpke1.", [1], [None], {"a": 1}, ["x"] * 501]
    for texts in wrong:
        answer = await opened(intake, texts, str(uuid4()))
        assert (answer.status_code, answer.json()["code"]) == (400, "texts_invalid")


async def test_the_doors_of_the_vault_know_no_case_that_is_not_there(intake: World) -> None:
    assert (await opened(intake, ["x"] * 500, str(uuid4()))).status_code == 404
    named = await intake.doors.post(f"/v1/cases/{uuid4()}/pseudonym", json={"organisation": "org-rw"})
    assert named.status_code == 404


async def pseudonym(intake: World, dossier: str, organisation: str = "org-rw") -> tuple[str, str]:
    path = f"/v1/cases/{case(dossier)}/pseudonym"
    body = (await intake.doors.post(path, json={"organisation": organisation})).json()
    return body["pseudonym"], body["names"]


async def test_a_person_has_one_name_per_organisation_over_all_cases(intake: World) -> None:
    again = applies("L-2", "2024-06-01T12:00:00+00:00", bsn=NUMBER)
    await intake.post_lines([applies(bsn=NUMBER), *ends(), again, applies("L-3"), applies("L-4", person=PERSON)])
    name, names = await pseudonym(intake, "L-1")
    assert names == "person"
    assert name.removeprefix("p-").isalpha()
    assert await pseudonym(intake, "L-2") == (name, "person")
    assert (await pseudonym(intake, "L-1", "org-other"))[0] != name
    others = [await pseudonym(intake, dossier) for dossier in ("L-3", "L-4")]
    assert {names for _, names in others} == {"case"}
    assert len({name, *(other for other, _ in others)}) == 3
    assert {activity for activity, _, _ in await lines(intake)} == {"pseudonym"}


async def test_a_pseudonym_is_made_for_an_organisation(intake: World) -> None:
    await intake.post_lines([applies()])
    wrong: list[Any] = [{}, {"organisation": 1}, {"organisation": NUMBER}, {"organisation": "a b"}, {"x": 1}, []]
    for body in wrong:
        answer = await intake.doors.post(f"/v1/cases/{case()}/pseudonym", json=body)
        assert answer.status_code == 400
        assert NUMBER not in answer.text
