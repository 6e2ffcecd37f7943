"""What a scrape of insight says of its lake."""

import httpx
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from schemas.making.doors import INSIGHT_NOWHERE
from services.insight.doors.health import health_routes
from services.insight.service import Insight


async def scraped(insight: Insight) -> dict[tuple[str, str], float]:
    """(name, kind or nothing) -> value."""
    app = FastAPI()
    app.include_router(health_routes(insight))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://insight") as door:
        answer = await door.get("/metrics")
    families = text_string_to_metric_families(answer.text)
    return {(one.name, one.labels.get("kind", "")): one.value for family in families for one in family.samples}


async def test_every_kind_of_record_is_there_from_the_first_scrape_and_counted_by_kind_alone() -> None:
    insight = Insight(INSIGHT_NOWHERE)
    insight.progress.counts = {"rows": 7, "misfit:referral_sent.goal": 2, "misfit:case_closed.reason": 1}
    found = await scraped(insight)
    named = {kind: value for (name, kind), value in found.items() if name == "overdracht_lake_records_total"}
    assert named.pop("rows") == 7
    assert named.pop("misfit") == 3
    assert set(named) == {"repeated", "contradicts", "unknown_type", "unknown_field", "unsealed", "unusable"}
    assert set(named.values()) == {0.0}


async def test_a_lake_that_misses_records_says_that_it_is_not_whole() -> None:
    insight = Insight(INSIGHT_NOWHERE)
    assert (await scraped(insight))["overdracht_lake_whole", ""] == 1.0
    insight.progress.faults = ["records_gone overdracht.referral-0 3-9"]
    assert (await scraped(insight))["overdracht_lake_whole", ""] == 0.0
