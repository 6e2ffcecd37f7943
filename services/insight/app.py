"""Wiring only: the parts of insight put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from services.insight.doors.asked import SENTENCES
from services.insight.doors.comparing import compare_routes
from services.insight.doors.exporting import export_routes
from services.insight.doors.health import health_routes, status_routes
from services.insight.doors.measuring import measure_routes
from services.insight.doors.publishing import publish_routes
from services.insight.doors.reporting import report_routes
from services.insight.doors.statistics import statistics_routes
from services.insight.exports.jobs import Jobs, forget
from services.insight.service import NAME, Insight, start, stop
from services.insight.settings import InsightSettings
from services.insight.srg.mapping import translations
from shared.hearing import Hearing
from shared.http.app import assemble
from shared.vocabulary import Vocabulary

VOCABULARY = Vocabulary(
    facts={},
    commands={},
    numbers=frozenset(),
    hearing=Hearing(learns={}, passes=frozenset()),
    listens_to=("intake", "diagnosis", "referral", "outcome"),
    rests_on=(),
    titles={},
    sentences=SENTENCES,
)


def build(settings: InsightSettings) -> FastAPI:
    """The app; it follows the log when it is served."""
    insight, jobs = Insight(settings), Jobs(settings.lake_folder)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        await start(insight)
        forget(settings.lake_folder)
        try:
            yield
        finally:
            await jobs.close()
            await stop(insight)

    return assemble(NAME, settings, VOCABULARY, insight.meters, life, routes(insight, jobs), health_routes(insight))


def routes(insight: Insight, jobs: Jobs) -> list[APIRouter]:
    """Every door that asks who calls."""
    return [
        status_routes(insight), measure_routes(insight), compare_routes(insight), publish_routes(insight),
        report_routes(insight), export_routes(insight, jobs),
        statistics_routes(insight, translations(insight.settings.srg_mapping_file)),
    ]  # fmt: skip
