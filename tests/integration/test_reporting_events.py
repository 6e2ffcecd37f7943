"""Reports as events: believed from named sources, taken up in any order, and of what they hold nothing is kept."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import orjson
import pytest

from tests.integration.intake_world import NUMBER, PERSON, SECOND, SECRETS, case, events
from tests.integration.reporting_world import (
    DECIDED,
    SYSTEM,
    TOPIC,
    a_decision,
    an_application,
    an_ending,
    office,
    post,
    post_many,
    produce,
    reporting,
)
from tests.integration.test_vault import everything
from tests.integration.world import World
from tests.unit.shared.told import told


@pytest.fixture
async def intake(vault_url: str, bootstrap_servers: str) -> AsyncIterator[World]:
    """Intake, with a benefit system that it believes."""
    async with reporting(vault_url, bootstrap_servers) as running:
        yield running


FACTS = ["application_received", "benefit_decided", "benefit_ended"]


async def letters(intake: World, status: str = "dead") -> list[tuple[str, str]]:
    """What is put aside: why, and what it was."""
    rows = await intake.sql("select reason, fact from letter where status = $1 order by position", status)
    return [(row[0], row[1]) for row in rows]


@pytest.mark.parametrize("structured", [False, True], ids=["binary", "structured"])
async def test_a_report_is_taken_from_an_event_of_a_named_source(intake: World, structured: bool) -> None:
    await produce(intake, "application", an_application(bsn=NUMBER, person=PERSON), structured=structured)
    await intake.settled()
    assert await events(intake, "A-1") == FACTS[:1]
    [(actor,)] = await intake.sql("select data -> 'actor' ->> 'id' from event")
    assert actor == "uitkeringen"
    person = await intake.doors.get(f"/v1/cases/{case('A-1')}/person", headers=office())
    assert person.json() == {"case_id": case("A-1"), "bsn": NUMBER, "person": PERSON}
    assert await letters(intake) == []


async def test_the_same_number_by_event_and_by_door_is_one_fact(intake: World) -> None:
    application, decision = an_application(bsn=NUMBER), a_decision()
    await produce(intake, "application", application)
    await produce(intake, "application", application, structured=True)
    await intake.settled()
    assert (await post(intake, "application", application)).status_code == 200
    assert (await post(intake, "decision", decision)).status_code == 201
    await produce(intake, "decision", decision)
    await produce(intake, "decision", a_decision(decision="denied"))
    await intake.settled()
    assert await events(intake, "A-1") == FACTS[:2]
    assert await letters(intake) == [("number_reused:decision", "benefit_decision_reported")]
    [shown] = (await intake.doors.get("/v1/dead-letters")).json()["items"]
    assert shown["meaning_en"].startswith("This number was reported before")
    assert shown["source"] == SYSTEM


async def test_a_number_told_at_once_by_all_doors_is_one_fact(intake: World) -> None:
    application = an_application(bsn=NUMBER, person=PERSON)
    told = [post(intake, "application", application) for _ in range(4)]
    batches = [post_many(intake, ("application", application)) for _ in range(4)]
    produced = [produce(intake, "application", application) for _ in range(4)]
    await asyncio.gather(*told, *batches, *produced)
    await intake.settled()
    assert await events(intake, "A-1") == FACTS[:1]
    assert await intake.sql("select count(*) from identity") == [(1,)]
    assert await letters(intake) == []


async def test_what_comes_too_early_waits_and_is_taken_up_whoever_opens_the_case(intake: World) -> None:
    for dossier in ("A-1", "A-2"):
        await produce(intake, "ending", an_ending(f"E-{dossier}", dossier))
        await produce(intake, "decision", a_decision(f"D-{dossier}", dossier))
    await intake.settled()
    assert sorted(await letters(intake, "waiting")) == sorted(
        [("case_unknown", "benefit_ending_reported"), ("case_unknown", "benefit_decision_reported")] * 2
    )
    await post(intake, "application", an_application())
    await produce(intake, "application", an_application("A-2"))
    await intake.until(lambda: nothing_waits(intake))
    assert await events(intake, "A-1") == await events(intake, "A-2") == FACTS
    assert await letters(intake) == []


async def nothing_waits(intake: World) -> bool:
    return await letters(intake, "waiting") == []


async def test_an_ending_waits_for_its_decision_and_is_tried_only_when_the_case_has_changed(intake: World) -> None:
    await post(intake, "application", an_application())
    await produce(intake, "ending", an_ending())
    await intake.settled()
    await intake.until(lambda: intake.sql("select 1 from letter where status = 'waiting' and caseversion = 1"))
    await asyncio.sleep(0.5)  # several looks at what has become possible
    assert await intake.sql("select reason, tries from letter") == [("benefit_not_granted", 1)]
    await post(intake, "decision", a_decision())
    await intake.until(lambda: nothing_waits(intake))
    assert await events(intake, "A-1") == FACTS


async def test_what_waits_is_let_be_by_the_facts_of_other_services(intake: World) -> None:
    await post(intake, "application", an_application())
    await produce(intake, "ending", an_ending())
    await intake.until(lambda: intake.sql("select 1 from letter where status = 'waiting' and caseversion = 1"))
    sent = {"referral_id": str(uuid4()), "to_organisation": "org-rw"}
    await intake.tell(told("referral_sent", 1, case("A-1"), "referral", **sent))
    await intake.settled()
    assert await intake.sql("select parties::text from cases") == [("{org-rw}",)]
    assert await letters(intake, "waiting") == [("benefit_not_granted", "benefit_ending_reported")]
    await post(intake, "decision", a_decision())
    await intake.until(lambda: nothing_waits(intake))
    assert await events(intake, "A-1") == FACTS


async def test_what_waits_too_long_is_a_dead_letter_and_can_still_be_put_back(
    vault_url: str, bootstrap_servers: str
) -> None:
    async with reporting(vault_url, bootstrap_servers, patience_seconds=1) as impatient:
        await produce(impatient, "decision", a_decision())
        await impatient.until(lambda: letters(impatient))
        assert await letters(impatient) == [("case_unknown", "benefit_decision_reported")]
        early = (await impatient.doors.post("/v1/dead-letters/put-back", json={"all": True})).json()
        assert (early["put_back"], early["still_dead"]) == (0, 1)
        await post(impatient, "application", an_application())
        later = (await impatient.doors.post("/v1/dead-letters/put-back", json={"all": True})).json()
        assert (later["put_back"], later["still_dead"]) == (1, 0)
        assert await events(impatient, "A-1") == FACTS[:2]


async def test_a_letter_whose_record_is_gone_says_so(intake: World) -> None:
    await produce(intake, "decision", a_decision(decision="maybe"))
    await intake.until(lambda: letters(intake))
    await intake.sql("update letter set record_offset = 999")
    still = (await intake.doors.post("/v1/dead-letters/put-back", json={"all": True})).json()
    assert (still["still_dead"], still["items"][0]["reason"]) == (1, "record_gone")


SOUND = an_application(bsn=NUMBER, person=PERSON)
BROKEN: list[tuple[str, Any, dict[str, str], str]] = [
    ("application", SOUND, {"source": f"urn:nld:oin:{NUMBER}"}, "source_not_allowed"),
    ("application", SOUND, {"source": f"{SYSTEM}x"}, "source_not_allowed"),
    ("application", SOUND, {"type": f"nl.overdrachten.{NUMBER}.v1"}, "type_unknown"),
    ("application", SOUND, {"type": "nl.overdrachten.application_reported.v2"}, "type_unknown"),
    ("application", SOUND, {"specversion": "0.3"}, "attribute_invalid"),
    ("application", SOUND, {"id": ""}, "attribute_invalid"),
    ("application", b'{"bsn": "123456782", ', {}, "not_json"),
    ("application", b"", {}, "not_json"),
    ("application", b"[]", {}, "not_an_object"),
    ("application", b'"' + b"Zwaluwenburg" * 6_000 + b'"', {}, "too_large"),
    ("application", SOUND | {"kind": "Zwaluwenburg"}, {}, "body_invalid:kind"),
    ("application", SOUND | {"bsn": "123456789"}, {}, "body_invalid:bsn"),
    ("application", SOUND | {"bsn": int(NUMBER)}, {}, "body_invalid:bsn"),
    ("application", SOUND | {NUMBER: "Zwaluwenburg"}, {}, "body_invalid:?"),
    ("application", SOUND | {"person": {"Zwaluwenburg": "Ottoline"}}, {}, "body_invalid:person.?"),
    ("application", SOUND | {"municipality": "GM0344"}, {}, "out_of_sight:municipality"),
    ("application", SOUND | {"received_on": "2190-01-01"}, {}, "date_in_future"),
    ("decision", a_decision(NUMBER, "Zwaluwenburg"), {}, "case_unknown"),
]


@pytest.mark.parametrize("structured", [False, True], ids=["binary", "structured"])
async def test_nothing_of_a_person_is_kept_of_events_that_cannot_be_handled(
    intake: World, structured: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    planted = [one for one in BROKEN if not (structured and isinstance(one[1], bytes))]
    for word, body, attributes, _ in planted:
        more = {"id": f"{SECOND}-1", "subject": "Zwaluwenburg", "traceparent": f"00-{NUMBER}"} | attributes
        await produce(intake, word, body, structured=structured, key=f"{NUMBER}-Ottoline", **more)
    await produce(intake, "application", SOUND | {"application_number": NUMBER, "dossier": "Zwaluwenburg-9"})
    await intake.settled()
    aside = [reason for reason, _ in [*await letters(intake), *await letters(intake, "waiting")]]
    assert sorted(aside) == sorted(code for *_, code in planted)
    dead = await intake.until(lambda: every_dead_letter_is_published(intake, len(planted) - 1))
    assert {(record.key, record.value) for record in dead} == {(None, b"")}
    assert {name for record in dead for name, _ in record.headers} == {"x-reason", "x-origin"}
    assert {dict(record.headers)["x-origin"].partition(b"/")[0] for record in dead} == {TOPIC.encode()}
    shown = [(await intake.doors.get("/v1/dead-letters", params={"status": one})).text for one in ("dead", "waiting")]
    own = await intake.topic("overdracht.intake")
    logged = capfd.readouterr()
    places = {
        "tables": await everything(intake),
        "topics": "".join(str((one.key, one.value, one.headers)) for one in [*dead, *own]),
        "answers": "".join(shown) + (await intake.doors.get("/metrics")).text,
        "log": logged.out + logged.err,
    }
    assert len(own) == 1
    assert not [(secret, place) for place, text in places.items() for secret in SECRETS if secret in text]


async def every_dead_letter_is_published(intake: World, count: int) -> list[Any] | None:
    found = await intake.topic("overdracht.intake.dead-letter")
    return found if len(found) == count else None


async def test_a_broken_report_holds_up_no_other_and_is_put_back_from_its_own_topic(intake: World) -> None:
    await produce(intake, "application", an_application(bsn=NUMBER), source=f"{SYSTEM}-new")
    await produce(intake, "application", an_application("A-2"))
    await intake.settled()
    assert await events(intake, "A-2") == FACTS[:1]
    assert await letters(intake) == [("source_not_allowed", "")]
    still = (await intake.doors.post("/v1/dead-letters/put-back", json={"all": True})).json()
    assert (still["still_dead"], still["items"][0]["reason"]) == (1, "source_not_allowed")


async def test_a_source_that_is_named_later_has_its_letters_put_back(vault_url: str, bootstrap_servers: str) -> None:
    async with reporting(vault_url, bootstrap_servers) as before:
        await produce(before, "application", an_application(bsn=NUMBER), source="urn:nld:oin:00000009")
        await before.until(lambda: letters(before))
    named = "urn:nld:oin:00000009=GM0546"
    async with reporting(vault_url, bootstrap_servers, named, fresh=False) as after:
        done = (await after.doors.post("/v1/dead-letters/put-back", json={"reason": "source_not_allowed"})).json()
        assert (done["put_back"], done["still_dead"]) == (1, 0)
        assert await events(after, "A-1") == FACTS[:1]
        assert await letters(after) == []
        [(data,)] = await after.sql("select data::text from event")
        assert orjson.loads(data)["received_on"] < DECIDED
