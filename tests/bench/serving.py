"""Figures served: an insight of its own on a long history, asked for many measures and slices at a steady pace."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from tests.bench.alone import standing
from tests.bench.door import Door
from tests.bench.figures import percentiles
from tests.simulator.places import CODES, company_code
from tests.tokens import operator

A_SECOND = 20
READY_SECONDS = 900.0
_AS_OF = "asOf=2025-01-01T00:00:00Z"
MEASURES = (
    "returned_within_90_days", "returned_within_90_days_any_referral", "declined_within_90_days", "referrals",
    "primary_return_reasons", "return_sides", "other_reason_share", "cases_with_two_or_more_returns",
    "days_sent_to_accepted", "days_accepted_to_started", "waiting_days_by_side", "warm_against_cold",
)  # fmt: skip
"""Those of a dashboard: all know every dimension that is asked for here."""


def paths() -> list[str]:
    """Every measure: of the whole, of municipalities, providers and months, along two dimensions, and in a table."""
    slices = ["", "&trajectory=reintegration", "&warm=yes"]
    slices += [f"&municipality={code}" for code in CODES[:12]]
    slices += [f"&provider={company_code(place)}" for place in range(8)]
    slices += [f"&month=2023-{month:02}" for month in range(1, 7)]
    slices += [f"&municipality={CODES[0]}&trajectory=reintegration"]
    asked = [f"/v1/measures/{one}/figure?{_AS_OF}{part}" for one in MEASURES for part in slices]
    return asked + [f"/v1/measures/{one}/figures?by=trajectory&{_AS_OF}" for one in MEASURES]


def insight(lake: Path, bootstrap_servers: str) -> AbstractAsyncContextManager[Door]:
    """Insight on this lake, with its figures made. The topics may be empty: the lake stays as it is."""
    told = {"kafka_bootstrap_servers": bootstrap_servers, "lake_folder": lake, "lake_key": "00" * 32}
    return standing(["services.insight"], told, operator(), READY_SECONDS)


async def measure(door: Door, seconds: float) -> dict[str, Any]:
    """Quantiles of a figure that is asked for the first time since the rows changed, and of any after that."""
    asked = paths()
    first = [await _asked(door, path, time.perf_counter()) for path in asked]
    chance = random.Random(7)  # noqa: S311 - the same order every time
    start = time.perf_counter() + 0.2
    dues = [start + number / A_SECOND for number in range(int(seconds * A_SECOND))]
    again = await asyncio.gather(*(_due(door, chance.choice(asked), due) for due in dues))
    return {
        "title": f"figures served: {len(asked)} of {len(MEASURES)} measures; {A_SECOND} a second, {seconds:.0f} s",
        "times": {
            "a figure asked for the first time, one after another": _quantiles(first),
            "a figure, open loop": _quantiles(again),
        },
        "refused": sum(one is None for one in [*first, *again]),
    }


def _quantiles(times: Sequence[float | None]) -> dict[str, Any]:
    return percentiles(one for one in times if one is not None)


async def _due(door: Door, path: str, due: float) -> float | None:
    await asyncio.sleep(due - time.perf_counter())
    return await _asked(door, path, due)


async def _asked(door: Door, path: str, since: float) -> float | None:
    status, _ = await door.get(path)
    return time.perf_counter() - since if status == 200 else None
