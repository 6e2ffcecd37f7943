"""Insight as a whole: the lake follows the log, the rows follow the lake, the figures follow the rows."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic, time

import pyarrow as pa

from services.insight.lake.following import follow
from services.insight.lake.progress import Progress
from services.insight.lake.writing import Lake, open_lake
from services.insight.measures.asking import Figures
from services.insight.measures.keeping import Kept
from services.insight.metrics import MEASURES, REFRESHED
from services.insight.settings import InsightSettings
from shared import logging
from shared.leading import rest
from shared.measuring import Meters

log = logging.get(__name__)
NAME = "insight"
REBUILD_ABOVE = 5_000
"""So many cases touched at once are made anew faster all together."""
_STILL_SECONDS = 30.0
_REST = 3.0
"""So many times as long as renewing took lies between two: a large import keeps its machine, and what comes after a
quiet while is shown at once."""


@dataclass
class Insight:
    """One process. `figures` is None until the rows were made for the first time."""

    settings: InsightSettings
    meters: Meters = field(default_factory=lambda: Meters(MEASURES))
    progress: Progress = field(default_factory=Progress)
    lake: Lake | None = None
    figures: Figures | None = None
    kept: Kept | None = None
    touched: set[int] = field(default_factory=set)
    reached: dict[str, tuple[int, int]] = field(default_factory=dict)
    behind_since: float | None = None
    """Since when there is something in the lake that the figures do not show (monotonic seconds)."""
    heard_since: float | None = None
    """Since when something was heard that the renewal under way does not take in (monotonic seconds)."""
    took: float = 0.0
    """Seconds the last renewal took."""
    news: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    @property
    def parts(self) -> Mapping[str, str]:
        """Per part `ok`, or a code that says what is the matter."""
        behind = 0.0 if self.behind_since is None else monotonic() - self.behind_since
        figures = "building" if self.figures is None else "behind" if behind > _STILL_SECONDS else "ok"
        return {"lake": self.progress.trouble or "ok", "figures": figures}


async def start(insight: Insight) -> None:
    """Opens the lake and begins to follow; readiness tells when the figures are there. Raises InUse."""
    given = insight.settings
    insight.lake = await asyncio.to_thread(open_lake, given.lake_folder, bytes.fromhex(given.lake_key))
    insight.kept = Kept(given.lake_folder)
    insight.reached = {
        f"{place.service}-{place.partition}": (one.epoch, one.next - 1) for place, one in insight.lake.standings.items()
    }
    insight.tasks = [
        asyncio.create_task(_follow(insight), name="follow"),
        asyncio.create_task(_refresh(insight), name="refresh"),
    ]


async def stop(insight: Insight) -> None:
    """Stops in order; what was read and not written is read again at the next start."""
    for task in insight.tasks:
        task.cancel()
    await asyncio.gather(*insight.tasks, return_exceptions=True)
    if insight.lake is not None:
        insight.lake.close()


async def _follow(insight: Insight) -> None:
    async def told(rows: pa.Table) -> None:
        hear(insight, rows)

    assert insight.lake is not None  # noqa: S101 - opened at the start
    while True:
        try:
            await follow(insight.lake, insight.settings.kafka_bootstrap_servers, insight.progress, told)
        except asyncio.CancelledError:
            raise
        except Exception:  # whatever broke, the files say where to go on
            log.exception("following broke; going on")
            await asyncio.sleep(1)


def hear(insight: Insight, rows: pa.Table) -> None:
    """Notes whose rows have to be made anew, and how far the log was read."""
    cases = rows["case_id"].drop_null().to_pylist()
    insight.touched.update(cases)
    last = rows.slice(rows.num_rows - 1).to_pylist()[0]
    insight.reached[f"{last['service']}-{last['partition']}"] = (last["epoch"], last["record_offset"])
    if insight.heard_since is None:
        insight.heard_since = monotonic()
    if insight.behind_since is None:
        insight.behind_since = insight.heard_since
    insight.news.set()


async def _refresh(insight: Insight) -> None:
    """Makes the rows, and makes them anew where something was heard. A failure is tried again, from the files."""
    while True:
        try:
            await _renew(insight)
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("the figures could not be renewed; trying again")
            insight.figures = None
            await asyncio.sleep(5)
            continue
        ended = monotonic()
        await rest(insight.news, 60)
        await asyncio.sleep(pause_left(insight.settings.refresh_seconds, insight.took, monotonic() - ended))


def pause_left(at_least: float, took: float, since: float) -> float:
    """Seconds that renewing still has to wait, when the last took so long and ended so long ago."""
    return max(0.0, max(at_least, _REST * took) - since)


async def _renew(insight: Insight) -> None:
    assert insight.kept is not None  # noqa: S101 - made at the start
    cases, insight.touched = insight.touched, set()
    reached, began = dict(insight.reached), time()
    insight.news.clear()
    insight.heard_since = None
    try:
        if insight.figures is None or len(cases) > REBUILD_ABOVE:
            await asyncio.to_thread(insight.kept.rebuild, reached)
        elif cases:
            await asyncio.to_thread(insight.kept.touch, cases, reached)
        else:
            insight.behind_since = insight.heard_since
            return
    except BaseException:
        insight.touched |= cases
        raise
    insight.figures = Figures(insight.kept.frame, reached)
    insight.behind_since = insight.heard_since
    insight.took = time() - began
    insight.meters.observe(REFRESHED, insight.took)
