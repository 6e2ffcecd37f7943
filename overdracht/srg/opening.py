"""The doors that a delivery asks at."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from overdracht import doors
from overdracht.issuing import issued
from overdracht.product import reach

DELIVERER = "benefit_administration"
_SECONDS = 300.0


@asynccontextmanager
async def opened(data: Path, municipality: str) -> AsyncIterator[doors.Doors]:
    """The doors of intake and insight of the product on this data, as the benefit administration of a municipality."""
    product = reach(data)
    token = issued(product.keys, [DELIVERER], subject="benefit-administration", municipality=municipality)
    async with doors.opened(product, token) as services, doors.insight(product, _SECONDS, token) as insight:
        yield {"intake": services["intake"], "insight": insight}
