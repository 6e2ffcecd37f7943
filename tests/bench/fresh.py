"""How fresh figures are: from the answer that a hand-off was accepted until insight's figure counts it."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from typing import Any

from tests.bench.callers import Callers
from tests.bench.door import Door
from tests.bench.figures import percentiles
from tests.bench.product import Unmeasurable
from tests.bench.steps import STEPS, give

SAMPLES = 20
POLL_SECONDS = 0.02
LOST_SECONDS = 60.0
FIGURE = "/v1/measures/returned_within_90_days_of_acceptance/figure?audience=internal"
"""Rests on every first referral that was accepted: `n` grows by one with each."""
SENT, ACCEPTED = 1, 2
"""Steps of a case."""


async def measure(doors: Mapping[str, Door], insight: Door, callers: Callers, cases: Sequence[str]) -> dict[str, Any]:
    """Quantiles over new cases, one after another, at moments of chance. Raises Unmeasurable."""
    chance = random.Random(3)  # noqa: S311 - the same moments every time
    times = []
    for case_id in cases:
        await _given(doors, callers, case_id, SENT)
        await asyncio.sleep(1 + 2 * chance.random())
        before = await _count(insight)
        await _given(doors, callers, case_id, ACCEPTED)
        times.append(await _shown(insight, before))
    return {
        "title": f"freshness, {len(times)} hand-offs one after another",
        "times": {"accepted (201) until the figure counts it": percentiles(times)},
    }


async def _given(doors: Mapping[str, Door], callers: Callers, case_id: str, step: int) -> None:
    service, command, _ = STEPS[step]
    if not await give(doors[service], callers, case_id, step)():
        raise Unmeasurable(f"{service} did not take {command}.")


async def _shown(insight: Door, before: int) -> float:
    """Seconds until one more is counted."""
    began = time.perf_counter()
    while (now := time.perf_counter()) - began < LOST_SECONDS:
        if await _count(insight) > before:
            return now - began
        await asyncio.sleep(POLL_SECONDS)
    raise Unmeasurable(f"A hand-off was not in the figures within {LOST_SECONDS:.0f} s.")


async def _count(insight: Door) -> int:
    return int((await insight.json(FIGURE))["n"])
