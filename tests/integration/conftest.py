"""A running referral or intake service per test, each on a fresh database and fresh topics of the real engines."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.intake_world import intake_migrated, intake_running
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


@pytest.fixture
async def vault_url(postgres_url: str) -> str:
    """A migrated database of intake's own."""
    url = await fresh_database(postgres_url)
    await intake_migrated(url)
    return url


@pytest.fixture
async def intake(vault_url: str, bootstrap_servers: str) -> AsyncIterator[World]:
    """Intake with its vault, running."""
    await fresh_topics(bootstrap_servers)
    async with intake_running(vault_url, bootstrap_servers) as running:
        yield running
