"""However a log came in, the figures are the same to the bit: live or rebuilt, in whatever order and how often."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.insight.lake.names import Place
from services.insight.lake.writing import add
from services.insight.measures.computing import COMPUTED, figure
from services.insight.measures.figure import Figure
from services.insight.measures.frame import Frame
from services.insight.measures.keeping import Kept, whole
from services.insight.measures.slicing import DIMENSIONS, values_of
from tests.calibration.registering import NOW, records
from tests.lakes import opened_lake
from tests.leiden_log import Record, Topics
from tests.simulator.dirt import Dirt
from tests.simulator.events import event_chunks
from tests.simulator.lake import write_lake
from tests.simulator.settings import Settings
from tests.simulator.world import World, draw_world

SMALL = Settings(seed=3, municipalities=3, companies=4, people=300, days=900)
AT = SMALL.ends * 1000
CLEAN = {"corrections": 0, "skew_seconds": 0, "contradictions": 0}
OF_RETURNS = {"primary_return_reasons", "return_sides", "other_reason_share", "disputed_returns", "reason_evenness"}


def told(frame: Frame) -> dict[tuple[str, str, str], Figure]:
    """Every measure of the whole, and of each value of each dimension it can be cut by."""
    found = {}
    for measure, (kinds, _) in COMPUTED.items():
        found[measure, "", ""] = figure(frame, measure, {}, AT)
        for name in DIMENSIONS:
            if all(name in frame[kind].columns for kind in kinds):
                for value in values_of(frame, name):
                    found[measure, name, value] = figure(frame, measure, {name: value}, AT)
    return found


@pytest.fixture(scope="module")
def world() -> World:
    return draw_world(SMALL)


@pytest.fixture(scope="module")
def topics(world: World) -> Topics:
    """The records of the world, as the services' rules and the relay make them."""
    return records(world)


@pytest.fixture(scope="module")
def plain(topics: Topics, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, str], Figure]:
    """The figures of the log as it is, brought in at once."""
    folder = tmp_path_factory.mktemp("plain")
    brought_in(folder / "lake", [(place, some) for place, some in topics.items() if some])
    return told(whole(folder / "lake"))


@pytest.fixture(scope="module")
def direct(world: World, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, str], Figure]:
    """The figures of the same world's lake, made directly."""
    folder = tmp_path_factory.mktemp("direct") / "lake"
    write_lake(world, folder)
    return told(whole(folder))


def near(one: Figure, other: Figure) -> bool:
    """The same but for the order of sums: ids are others in the two lakes, and so is the order of their rows."""
    numbers = [[np.nan if x is None else x for x in (f.value, f.low, f.high)] for f in (one, other)]
    same = (one.n, one.events, one.complete, one.parts) == (other.n, other.events, other.complete, other.parts)
    return same and np.allclose(*numbers, rtol=1e-12, atol=1e-12, equal_nan=True)


def brought_in(folder: Path, batches: Sequence[tuple[tuple[str, int], Sequence[Record]]]) -> None:
    lake = opened_lake(folder, NOW)
    for (topic, partition), some in batches:
        add(lake, Place(topic.partition(".")[2], partition), some)
    lake.close()


def test_a_lake_made_directly_gives_the_figures_of_the_services_and_the_writer(
    direct: dict[Any, Figure], plain: dict[Any, Figure]
) -> None:
    assert list(direct) == list(plain)
    assert [key for key in plain if not near(direct[key], plain[key])] == []
    assert len(direct) > 800
    assert sum(one.n > 0 for one in direct.values()) > 600


def test_what_came_twice_late_or_in_disorder_changes_nothing(
    world: World, direct: dict[Any, Figure], tmp_path: Path
) -> None:
    dirt = Dirt(duplicates=0.2, out_of_order=0.3, displaced=200, **CLEAN)
    delivered = sum(len(chunk["case"]) for chunk in event_chunks(world, dirt=dirt))
    truth = write_lake(world, tmp_path / "lake", dirt=dirt)
    assert delivered > 1.1 * truth["events"]
    assert told(whole(tmp_path / "lake")) == direct


def test_a_return_after_the_end_stands_among_returns_and_ends_nothing(
    world: World, direct: dict[Any, Figure], tmp_path: Path
) -> None:
    dirt = Dirt(duplicates=0, out_of_order=0, within_days=((1.0, 0.0),), **CLEAN | {"contradictions": 0.5})
    write_lake(world, tmp_path / "lake", dirt=dirt)
    found = told(whole(tmp_path / "lake"))
    rounds = {"cases_with_two_or_more_returns", "pumping_round_index"}
    others = [key for key in direct if key[0] not in OF_RETURNS | rounds]
    assert [found[key] for key in others] == [direct[key] for key in others]
    whole_of_it = ("primary_return_reasons", "", "")
    assert found[whole_of_it].n > direct[whole_of_it].n


@settings(max_examples=1, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_live_is_rebuilt_is_shuffled_is_doubled(
    topics: Topics, plain: dict[Any, Figure], tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    folder = tmp_path_factory.mktemp("live") / "lake"
    kept, lake = Kept(folder), opened_lake(folder, NOW)
    kept.rebuild()
    for number, (place, some) in enumerate(_batches(topics, rng)):
        rows = add(lake, place, some)
        if rows.num_rows and number % 6 == 1:
            kept.touch(set(rows["case_id"].drop_null().to_pylist()) | _missed(lake))
        else:
            _missed(lake).update(rows["case_id"].drop_null().to_pylist())
    kept.touch(_missed(lake))
    lake.close()
    live, again = kept.frame, whole(folder)
    for kind, rows_ in again.items():
        assert rows_.words == live[kind].words
        for name, column in rows_.columns.items():
            assert np.array_equal(column, live[kind][name]), (kind, name)
    assert told(live) == plain


def _missed(lake: Any) -> set[int]:
    """Cases that were heard of and not yet made anew."""
    found: set[int] = lake.__dict__.setdefault("missed", set())
    return found


def _batches(topics: Topics, rng: np.random.Generator) -> list[tuple[Place, list[Record]]]:
    """The log in batches: partitions in any order between each other, and parts of each told once more."""
    queues = []
    for (topic, partition), some in topics.items():
        place = Place(topic.partition(".")[2], partition)
        cuts = sorted({0, len(some), *rng.integers(0, len(some) + 1, 2).tolist()})
        parts = [some[start:end] for start, end in pairwise(cuts)]
        queues.append([(place, part) for part in _again(parts, rng)])
    found = []
    while queues := [queue for queue in queues if queue]:
        found.append(queues[int(rng.integers(len(queues)))].pop(0))
    return found


def _again(parts: list[list[Record]], rng: np.random.Generator) -> list[list[Record]]:
    """The parts, with some records repeated later, as a relay that was killed does; offsets go on."""
    told: list[Record] = []
    for part in parts:
        told += part
        told += [told[place] for place in sorted(rng.integers(0, len(told), len(told) // 5).tolist())] if told else []
    numbered = [_at(record, offset) for offset, record in enumerate(told)]
    middle = int(rng.integers(0, len(numbered) + 1))
    return [some for some in (numbered[:middle], numbered[middle:]) if some]


def _at(record: Record, offset: int) -> Record:
    return Record(record.topic, record.partition, offset, record.key, record.value, record.headers)
