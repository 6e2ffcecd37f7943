"""Counting and showing: every count is shown once, however often it is scraped."""

import asyncio
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from shared.counting import counting
from shared.kept import Kept
from shared.ledger.model import Answer
from shared.measuring import Labels, Meters, Readings, counter, families, gauge, histogram
from shared.scraping import Taken
from tests.unit.shared.told import LEDGER, opening

BREAD = counter("overdracht_bread_total", "Loaves sold.", "kind", starts=[("rye",)])
QUEUE = gauge("overdracht_queue_length", "People who wait.")
BAKING = histogram("overdracht_baking_seconds", "Time in the oven.", [60, 600])


def shown(meters: Meters, readings: Readings | None = None) -> dict[tuple[str, Labels], float]:
    """The samples of a scrape, by name and labels."""
    registry = CollectorRegistry()
    registry.register(Taken(families("bakery", meters, readings or {})))
    found = text_string_to_metric_families(generate_latest(registry).decode())
    return {
        (sample.name, tuple(f"{name}={value}" for name, value in sorted(sample.labels.items()))): sample.value
        for family in found
        for sample in family.samples
    }


def test_a_count_is_the_same_however_often_it_is_shown() -> None:
    meters = Meters([BREAD])
    meters.add(BREAD, "rye")
    meters.add(BREAD, "rye", by=2)
    meters.add(BREAD, "wheat")
    for _ in range(3):
        assert shown(meters) == {
            ("overdracht_bread_total", ("kind=rye", "service=bakery")): 3,
            ("overdracht_bread_total", ("kind=wheat", "service=bakery")): 1,
        }


def test_a_known_series_is_there_before_anything_was_counted() -> None:
    assert shown(Meters([BREAD, BAKING]))["overdracht_bread_total", ("kind=rye", "service=bakery")] == 0
    assert shown(Meters([BREAD, BAKING]))["overdracht_baking_seconds_count", ("service=bakery",)] == 0


def test_a_gauge_that_could_not_be_read_has_no_value() -> None:
    assert shown(Meters([QUEUE])) == {}
    assert shown(Meters([QUEUE]), {QUEUE.name: {(): 4}}) == {("overdracht_queue_length", ("service=bakery",)): 4}


def test_a_duration_is_in_every_bucket_it_fits_in_also_at_the_very_bound() -> None:
    meters = Meters([BAKING])
    for seconds in (59.0, 60.0, 61.0, 7000.0):
        meters.observe(BAKING, seconds)
    found = {
        labels[0].removeprefix("le="): value
        for (name, labels), value in shown(meters).items()
        if name == "overdracht_baking_seconds_bucket"
    }
    assert found == {"60": 2, "600": 3, "+Inf": 4}
    assert shown(meters)["overdracht_baking_seconds_sum", ("service=bakery",)] == 7180


async def test_what_is_counted_was_committed_and_what_is_tried_again_is_counted_once() -> None:
    meters, tries = Meters([BREAD]), 0

    async def handle(_ledger: Any, items: list[Any]) -> list[Answer]:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise OSError
        return [Answer("accepted", "", events=[None])] * len(items)  # type: ignore[list-item]

    handled = counting(handle, meters, lambda m, _i, _a: m.add(BREAD, "rye"))
    for _ in range(3):
        try:
            await handled(LEDGER, [opening()])
        except OSError:
            assert meters.counts[BREAD.name] == {("rye",): 0}
    assert meters.counts[BREAD.name] == {("rye",): 1}


async def test_a_broken_count_breaks_nothing_else() -> None:
    async def handle(_ledger: Any, items: list[Any]) -> list[Answer]:
        return [Answer("accepted", "", events=[None])] * len(items)  # type: ignore[list-item]

    def broken(*_: Any) -> None:
        raise KeyError

    [answer] = await counting(handle, Meters([]), broken)(LEDGER, [opening()])
    assert answer.status == "accepted"


async def test_a_reading_is_kept_for_a_while_and_never_waited_for_long() -> None:
    taken = 0

    async def slow() -> Readings:
        nonlocal taken
        taken += 1
        await asyncio.sleep(0.2)
        return {QUEUE.name: {(): taken}}

    kept = Kept(slow, 60)
    began = asyncio.get_running_loop().time()
    assert await kept.now() == {}
    assert asyncio.get_running_loop().time() - began < 0.15
    await asyncio.sleep(0.25)
    assert [await kept.now() for _ in range(3)] == [{QUEUE.name: {(): 1}}] * 3
    assert taken == 1


async def test_what_takes_long_is_read_less_often() -> None:
    taken = 0

    async def slow() -> Readings:
        nonlocal taken
        taken += 1
        await asyncio.sleep(0.02)
        return {}

    kept = Kept(slow, 0.01)
    for _ in range(6):
        await kept.now()
        await asyncio.sleep(0.02)
    assert taken == 1


async def test_a_reading_that_fails_is_none_and_comes_back_by_itself() -> None:
    answers: list[Any] = [OSError(), {QUEUE.name: {(): 1}}]

    async def take() -> Readings:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    kept = Kept(take, 0.01)
    assert await kept.now() == {}
    await asyncio.sleep(0.05)
    assert await kept.now() == {QUEUE.name: {(): 1}}
