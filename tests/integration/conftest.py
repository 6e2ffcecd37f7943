"""A running referral service per test, each on a fresh database and fresh topics of the real engines."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.world import World, fresh_database, fresh_topics, migrated, referral_running


@pytest.fixture
async def database_url(postgres_url: str) -> str:
    """A migrated database of its own."""
    url = await fresh_database(postgres_url)
    await migrated(url)
    return url


@pytest.fixture
async def world(database_url: str, bootstrap_servers: str) -> AsyncIterator[World]:
    """Referral, running; the test plays its neighbours."""
    await fresh_topics(bootstrap_servers)
    async with referral_running(database_url, bootstrap_servers) as running:
        yield running
