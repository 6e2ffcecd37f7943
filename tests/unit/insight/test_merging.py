"""Many files become one in one moment: whoever reads, and whenever the power goes, each event is there once."""

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from services.insight.lake import merging
from services.insight.lake.encoding import mark_of
from services.insight.lake.folders import stored, sweep
from services.insight.lake.names import Place, faults
from services.insight.lake.writing import Lake, open_lake
from tests.crashes import Died, dies_at, steps_of, watched
from tests.lakes import KEY, PLACE, SEALED, event, opened_lake, put, records, rows, sequences

DECEMBER = datetime(2026, 12, 1, 0, 1, tzinfo=UTC)
ALL = [1, 2, 3, 4, 5, 6]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """November's lake: six events of two partitions in four files, two with a text."""
    lake = opened_lake(tmp_path / "lake")
    put(lake, records([event(1, "return_reviewed", lesson=SEALED), event(2)]))
    put(lake, records([event(3)], first=2))
    put(lake, records([event(4, "return_reviewed", lesson=SEALED)], first=3))
    put(lake, records([event(5, number=2, version=1), event(6, number=2, version=2)]), Place("referral", 1))
    lake.close()
    return tmp_path / "lake"


def texts(folder: Path) -> list[int]:
    return sequences(folder, "texts")


def queried(folder: Path) -> list[int]:
    """What SQL over the plain glob says."""
    return [row["sequence"] for row in rows(folder, "select sequence from events order by 1")]


def merged(folder: Path, month: str = "2026-12") -> None:
    for job in merging.jobs(folder, month):
        merging.do(folder, job)


def in_december(folder: Path) -> Lake:
    return open_lake(folder, KEY, lambda: DECEMBER)


def test_a_month_that_is_over_becomes_one_file_per_partition(folder: Path) -> None:
    before = rows(folder)
    merged(folder)
    assert [one.path.name for one in stored(folder, "events")] == [
        "overdracht.referral-0_000000000000-000000000003.parquet",
        "overdracht.referral-1_000000000000-000000000001.parquet",
    ]
    assert [one.path.name for one in stored(folder, "texts")] == [
        "overdracht.referral-0_000000000000-000000000003.parquet",
    ]
    assert rows(folder) == before
    assert texts(folder) == [1, 4]
    assert list(merging.jobs(folder, "2026-12")) == []


def test_the_lake_goes_on_after_it_as_if_nothing_had_happened(folder: Path) -> None:
    with_many = in_december(folder)
    with_many.close()
    merged(folder)
    with_one = in_december(folder)
    assert with_one.standings == with_many.standings
    assert with_one.counts == with_many.counts
    put(with_one, records([event(4, "return_reviewed", lesson=SEALED), event(7)], first=4))
    assert sequences(folder) == [*ALL, 7]


def test_at_every_step_a_plain_reader_sees_each_event_once(folder: Path) -> None:
    seen: list[list[int]] = []
    with watched(lambda _: seen.append(queried(folder) + texts(folder))):
        merged(folder)
    assert len(seen) > 10
    assert all(one == [*ALL, 1, 4] for one in seen)


def test_who_lists_before_the_merge_and_reads_after_it_is_not_told_half(folder: Path) -> None:
    listed = [one.path for one in stored(folder, "events")]
    resolved = [path.resolve() for path in listed]
    merged(folder)
    with pytest.raises(FileNotFoundError):
        pq.read_table(listed[0])
    assert sum(pq.read_metadata(path).num_rows for path in resolved) == len(ALL)
    sweep(folder, time.time() - 3600)
    assert all(path.exists() for path in resolved)
    sweep(folder, time.time() + 1)
    assert not any(path.exists() for path in resolved)
    assert sequences(folder) == ALL


def test_wherever_the_power_goes_while_merging_nothing_is_lost_or_twice(folder: Path, tmp_path: Path) -> None:
    rehearsal = tmp_path / "rehearsal"
    shutil.copytree(folder, rehearsal, symlinks=True)
    steps = steps_of(lambda: merged(rehearsal))
    assert steps > 10
    for step in range(1, steps + 1):
        tried = tmp_path / f"tried-{step}"
        shutil.copytree(folder, tried, symlinks=True)
        assert dies_at(step, lambda tried=tried: merged(tried))  # type: ignore[misc]
        assert sequences(tried) == ALL, step
        lake = in_december(tried)
        assert lake.faults == [], step
        assert sequences(tried) == ALL, step
        put(lake, records([event(7)], first=4))
        merged(tried)
        sweep(tried, time.time() + 1)
        assert sequences(tried) == [*ALL, 7], step
        assert texts(tried) == [1, 4], step
        assert len(stored(tried, "events")) == 3, step
        held = {one.name for family in ("events", "texts") for one in (tried / "held" / family).iterdir()}
        used = {one.resolve().name for family in ("events", "texts") for one in (tried / family).iterdir()}
        assert held <= used, step
        lake.close()


def test_wherever_the_power_goes_while_writing_nothing_is_lost_or_twice(tmp_path: Path) -> None:
    some = records([event(n, "return_reviewed", lesson=SEALED) for n in ALL[:4]])

    def write(folder: Path) -> None:
        lake = opened_lake(folder)
        try:
            while (start := lake.standing(PLACE).next) < len(some):
                put(lake, some[start : start + 2])
        finally:
            lake.close()

    steps = steps_of(lambda: write(tmp_path / "rehearsal"))
    assert steps > 20
    for step in range(1, steps + 1):
        folder = tmp_path / f"tried-{step}"
        assert dies_at(step, lambda folder=folder: write(folder))  # type: ignore[misc]
        write(folder)
        assert sequences(folder) == texts(folder) == ALL[:4], step
        assert list(faults(one.range for one in stored(folder, "events"))) == [], step


def test_wherever_the_power_goes_while_sweeping_the_lake_is_whole(folder: Path, tmp_path: Path) -> None:
    merged(folder)
    for step in range(1, 100):
        tried = tmp_path / f"tried-{step}"
        shutil.copytree(folder, tried, symlinks=True)
        died = dies_at(step, lambda tried=tried: sweep(tried, time.time() + 1))  # type: ignore[misc]
        assert sequences(tried) == ALL
        if not died:
            break
    else:
        raise AssertionError("sweeping has no end")
    assert step > 3


def test_the_running_month_keeps_a_handful_of_files_and_rewrites_few_bytes(tmp_path: Path) -> None:
    lake = opened_lake(tmp_path / "lake")
    written, most = 0, 0
    for number in range(1, 101):
        put(lake, records([event(number)], first=number - 1))
        for job in merging.jobs(lake.folder, lake.running_month()):
            written += sum(one.range.last - one.range.first + 1 for some in job.runs for one in some)
            merging.do(lake.folder, job)
        most = max(most, len(stored(lake.folder, "events")))
    assert sequences(lake.folder) == list(range(1, 101))
    assert most < 40
    assert written < 100 * 2, "each event is merged few times"


def test_nothing_is_merged_across_records_that_are_missing(folder: Path) -> None:
    stored(folder, "events")[1].path.unlink()
    merged(folder)
    lake = in_december(folder)
    assert lake.faults == ["gap overdracht.referral-0_000000000003-000000000003.parquet"]
    assert sequences(folder) == [1, 2, 4, 5, 6]


def test_what_was_counted_stays_counted(folder: Path) -> None:
    merged(folder)
    marks = [mark_of(one.path)["counts"] for one in stored(folder, "events")]
    assert sum(mark["rows"] for mark in marks) == len(ALL)


def test_columns_that_only_a_later_version_knows_stay(folder: Path) -> None:
    path = stored(folder, "events")[0].path
    table = pq.read_table(path)
    kept = pq.read_metadata(path).metadata
    later = table.append_column("colour", [["blue"] * table.num_rows])
    pq.write_table(later.replace_schema_metadata(kept), path)
    merged(folder)
    found = rows(folder, "select colour, count(*) as n from events group by all order by 1")
    assert found == [{"colour": "blue", "n": 2}, {"colour": None, "n": 4}]


def test_a_death_is_no_error_that_anything_handles() -> None:
    assert not issubclass(Died, Exception)
