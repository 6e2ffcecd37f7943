"""Metrics of a running service: what Prometheus thinks of them, that they say what happened, what a scrape costs."""

import asyncio
from uuid import NAMESPACE_OID, UUID, uuid5

import orjson
from prometheus_client.parser import text_string_to_metric_families

from services.referral.metrics import MEASURED
from shared.ids import from_number
from shared.ledger.figures import BANDS
from shared.metrics import DELIVERY
from tests.builders import ID_KEY
from tests.integration.world import World, referral_running, sent_line
from tests.promtool import needs_promtool, promtool
from tests.unit.shared.told import CASE, again, opening, told

Samples = dict[str, dict[tuple[tuple[str, str], ...], float]]
CASES = 5_000


async def scraped(world: World) -> Samples:
    """A scrape, by name and labels (without the service's name, which every sample of ours has)."""
    found: Samples = {}
    for family in text_string_to_metric_families((await world.doors.get("/metrics")).text):
        for sample in family.samples:
            labels = dict(sample.labels)
            assert labels.pop("service", None) == ("referral" if sample.name.startswith("overdracht") else None)
            found.setdefault(sample.name, {})[tuple(sorted(labels.items()))] = sample.value
    return found


async def fresh(world: World) -> Samples:
    """A scrape of which no part was kept from before."""
    async with referral_running(world.database_url, world.bootstrap_servers) as other:

        async def whole() -> Samples | None:
            found = await scraped(other)  # a reading that takes long is in the next one
            return found if "overdracht_unsent_events" in found else None

        return await other.until(whole)  # type: ignore[no-any-return]


async def accepted(world: World) -> None:
    """A referral, sent two days ago and accepted just now, at the doors."""
    caseworker = {"role": "caseworker", "id": "km-1", "municipality": "GM0546"}
    coach = {"role": "coach", "id": "co-1", "organisation": "org-rw"}
    sent = orjson.loads(sent_line(number="R-1"))["data"] | {"referral_id": str(UUID(int=7))}
    sent.pop("referral")
    answer = {"referral_id": str(UUID(int=7)), "coach": "co-1", "first_contact_on": "2026-03-09"}
    for command, actor, data, at in (
        ("send-referral", caseworker, sent, "2026-03-02T12:00:00Z"),
        ("accept-referral", coach, answer, "2026-03-04T12:00:00Z"),
    ):
        body = {"actor": actor, "data": data, "occurred_at": at}
        key = {"Idempotency-Key": str(uuid5(NAMESPACE_OID, command))}
        found = await world.doors.post(f"/v1/cases/{CASE}/{command}", json=body, headers=key)
        assert found.status_code == 201, found.text


@needs_promtool
async def test_prometheus_own_checker_is_content_with_a_live_scrape(world: World) -> None:
    await world.tell(opening())
    await world.settled()
    await accepted(world)
    scrape = (await world.doors.get("/metrics")).text
    assert promtool("check", "metrics", told=scrape) == ""


async def test_every_metric_that_is_documented_is_in_a_scrape_and_no_other(world: World) -> None:
    text = (await world.doors.get("/metrics")).text
    told_of = {row.split(" ")[2] for row in text.splitlines() if row.startswith("# HELP overdracht_")}
    assert told_of == {one.name for one in (*DELIVERY, *MEASURED.measures)}


async def test_a_hand_off_is_counted_when_it_is_committed_once_however_often_asked_and_scraped(world: World) -> None:
    first = opening()
    await world.tell(first, again(first))
    await world.settled()
    await accepted(world)
    await accepted(world)
    assert world.service.progress.records == 2
    for _ in range(3):
        found = await scraped(world)
        facts = {dict(key)["fact"]: n for key, n in found["overdracht_hand_offs_total"].items() if n}
        assert facts == {"referral_sent": 1, "referral_received": 1, "referral_accepted": 1}
        assert found["overdracht_acceptance_wait_seconds_sum"] == {(): 2 * 86_400}
        assert found["overdracht_handled_records_total"][(("result", "duplicate"),)] == 1


async def test_requests_are_counted_by_the_route_they_matched_whatever_was_in_them(world: World) -> None:
    await world.doors.get(f"/v1/cases/{CASE}?bsn=123456782")
    await world.doors.get("/v1/123456782")
    await world.doors.request("BREW", "/v1/cases")
    await world.doors.get("/v1/openapi.json")
    found = (await scraped(world))["overdracht_http_requests_total"]
    told_of = {tuple(value for _, value in key): n for key, n in found.items()}
    assert told_of["GET", "/v1/cases/{case_id}", "404"] == 1
    assert told_of["GET", "unmatched", "404"] == 1
    assert told_of["other", "/v1/cases", "405"] == 1
    assert told_of["GET", "/v1/openapi.json", "200"] == 1
    assert "123456782" not in (await world.doors.get("/metrics")).text


async def test_what_waits_and_what_is_dead_is_told_by_reason(world: World) -> None:
    broken = opening()
    assert broken.letter is not None
    broken.letter.value = b"{}"
    other = from_number(ID_KEY, "GM0546", "dossier", "L-2")
    await world.tell(broken, told("case_closed", 2), told("diagnosis_completed", 1, other, by="diagnosis"))
    await world.settled()
    found = await fresh(world)
    assert found["overdracht_dead_letters"] == {(("reason", "body_invalid"),): 1}
    assert found["overdracht_waiting_events"] == {(("reason", "behind"),): 1, (("reason", "case_unknown"),): 1}
    assert found["overdracht_parked_cases"] == {(): 1}
    assert 0 < found["overdracht_oldest_waiting_age_seconds"][()] < 30


async def test_what_the_group_has_not_handled_is_counted_and_its_age_is_that_of_the_oldest_record(world: World) -> None:
    lock = await _case_locked(world)
    try:
        await world.tell(told("diagnosis_completed", 1, by="diagnosis"))
        await asyncio.sleep(2.5)
        await scraped(world)
        await asyncio.sleep(0.2)
        found = await scraped(world)
        behind = {dict(key)["topic"]: lag for key, lag in found["overdracht_consumer_lag_records"].items() if lag}
        assert behind == {"overdracht.diagnosis": 1}
        assert 2.0 < found["overdracht_consumer_lag_seconds"][()] < 15
    finally:
        await lock.close()
    await world.settled()
    assert (await fresh(world))["overdracht_consumer_lag_seconds"] == {(): 0}


async def test_everything_ends_up_under_a_checkpoint_and_one_process_leads(world: World) -> None:
    await world.tell(opening())
    await world.settled()
    await world.post_lines([sent_line()])

    async def sealed() -> bool:
        return (await fresh(world))["overdracht_unsealed_events"] == {(): 0}

    await world.until(sealed)
    mine = (await scraped(world))["overdracht_published_records_total"]
    assert mine == {(("kind", "facts"),): 1, (("kind", "checkpoints"),): 1, (("kind", "dead_letters"),): 0}
    found = await fresh(world)
    assert found["overdracht_oldest_unsealed_age_seconds"] == found["overdracht_unsent_events"] == {(): 0}
    assert found["overdracht_leading"] == {(): 0}
    assert (await scraped(world))["overdracht_leading"] == {(): 1}


async def test_an_organisations_stated_places_are_no_open_case(world: World) -> None:
    data = {"organisation": "org-rw", "trajectory": "reintegration", "places": 12, "from_on": "2026-01-01"}
    coach = {"role": "coach", "id": "co-1", "organisation": "org-rw"}
    await world.tell(opening())
    await world.settled()
    answer = await world.doors.post(f"/v1/cases/{UUID(int=1)}/state-capacity", json={"actor": coach, "data": data})
    assert answer.status_code == 201
    assert sum((await fresh(world))["overdracht_open_cases"].values()) == 1


async def test_a_large_caseload_is_counted_whole_by_age_and_by_turn(world: World) -> None:
    await world.sql(
        "insert into cases select gen_random_uuid(), 'GM0546', 5, '\\x00', json_build_object('x', repeat('a', 1000)),"
        " '{}', 'open', (array['municipality', 'provider'])[1 + n % 2], 'km-1', null,"
        " case when n % 20 = 0 then now() end, now() - (n % 400 + 1) * interval '1 day'"
        " from generate_series(1, $1) n",
        CASES,
    )

    async def all_there() -> bool:
        found = (await scraped(world)).get("overdracht_open_cases", {})
        return sum(found.values()) == CASES and {dict(key)["days"] for key in found} == set(BANDS)

    await world.until(all_there, 60)
    assert (await scraped(world))["overdracht_overdue_cases"] == {(("turn", "municipality"),): CASES / 20}


async def _case_locked(world: World):  # type: ignore[no-untyped-def]
    """A transaction that holds the only case, so that its next event waits."""
    import asyncpg

    await world.tell(opening())
    await world.settled()
    connection = await asyncpg.connect(world.database_url)
    await connection.execute("begin")
    await connection.execute("select * from cases for update")
    return connection
