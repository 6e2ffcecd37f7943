"""Every metric of diagnosis."""

from prometheus_client import CollectorRegistry

from shared.metrics import delivery
from shared.service import Service


async def observe(service: Service, registry: CollectorRegistry) -> None:
    """Fills the registry for one scrape."""
    await delivery(service, registry)
