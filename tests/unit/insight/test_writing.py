"""The lake is its folder: whoever starts again reads the names, and every event is there once."""

import errno
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from services.insight.lake.folders import InUse, stored
from services.insight.lake.names import Place, Range
from services.insight.lake.writing import Lake, add, lay, open_lake
from tests.lakes import KEY, PLACE, SEALED, event, opened_lake, put, records, rows, sequences


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "lake"


def reopened(lake: Lake, now: datetime | None = None) -> Lake:
    lake.close()
    return open_lake(lake.folder, KEY, (lambda: now) if now else lake.now)


def names(folder: Path, family: str = "events") -> list[str]:
    return [f"{one.month} {one.path.name}" for one in stored(folder, family)]


def test_an_empty_lake_can_be_read(folder: Path) -> None:
    opened_lake(folder).close()
    assert rows(folder) == []
    assert rows(folder, "select coach, more, month from events") == []


def test_a_file_is_named_for_its_month_of_ingestion_and_its_records(folder: Path) -> None:
    lake = opened_lake(folder)
    put(lake, records([event(1), event(2)]))
    put(lake, records([event(3)], first=2))
    assert names(folder) == [
        "2026-11 overdracht.referral-0_000000000000-000000000001.parquet",
        "2026-11 overdracht.referral-0_000000000002-000000000002.parquet",
    ]
    assert sequences(folder) == [1, 2, 3]
    assert {row["month"] for row in rows(folder)} == {"2026-11"}


def test_who_starts_again_goes_on_after_the_last_record(folder: Path) -> None:
    lake = opened_lake(folder)
    put(lake, records([event(1), event(2)]))
    put(lake, records([event(5, "intervention_ended", service="outcome")], first=0, partition=2), Place("outcome", 2))
    again = reopened(lake)
    assert again.standings == lake.standings
    assert {place: one.next for place, one in again.standings.items()} == {PLACE: 2, Place("outcome", 2): 1}
    assert again.standing(PLACE).anchor == (1, 2)
    assert again.standing(Place("intake", 1)).next == 0
    assert again.counts == lake.counts == {"rows": 3}


def test_what_a_relay_publishes_again_is_in_the_lake_once(folder: Path) -> None:
    lake = opened_lake(folder)
    put(lake, records([event(1), event(2), event(2)]))
    put(lake, records([event(1), event(2), event(3)], first=3))
    again = reopened(lake)
    put(again, records([event(3), event(4)], first=6))
    assert sequences(folder) == [1, 2, 3, 4]
    assert again.counts["repeated"] == 4


def test_records_that_bring_nothing_new_still_move_the_lake_on(folder: Path) -> None:
    lake = opened_lake(folder)
    put(lake, records([event(1)]))
    put(lake, records([event(1), event(1)], first=1))
    again = reopened(lake)
    assert again.standing(PLACE).next == 3
    assert sequences(folder) == [1]


def test_a_topic_that_began_anew_is_read_again_and_counts_once(folder: Path) -> None:
    lake = opened_lake(folder)
    put(lake, records([event(1), event(2), event(3)]))
    lake.standing(PLACE).begin_anew(0)
    assert lake.standing(PLACE).status == "topic_shorter_than_lake"
    put(lake, records([event(1), event(2)]))
    again = reopened(lake)
    assert (again.standing(PLACE).epoch, again.standing(PLACE).next) == (1, 2)
    assert again.standing(PLACE).status == "topic_shorter_than_lake"
    put(again, records([event(3), event(4)], first=2))
    assert again.standing(PLACE).status == "ok"
    assert sequences(folder) == [1, 2, 3, 4]
    assert [row["epoch"] for row in rows(folder, "select epoch from events order by sequence")] == [0, 0, 0, 1]
    assert again.faults == []


def test_a_case_that_lies_on_another_partition_after_that_counts_once(folder: Path) -> None:
    lake = opened_lake(folder)
    put(lake, records([event(1), event(2)]))
    put(lake, records([event(1), event(2), event(3)], partition=4), Place("referral", 4))
    assert sequences(folder) == [1, 2, 3]


def test_a_case_of_two_partitions_is_whole_whichever_is_read_first(folder: Path) -> None:
    lake = opened_lake(folder)
    put(lake, records([event(1, version=1), event(9, version=5)]))
    again = reopened(lake)
    later = [event(n, version=n) for n in (2, 3, 4)]
    put(again, records(later, partition=1), Place("referral", 1))
    assert sequences(folder) == [1, 2, 3, 4, 9]


def test_another_ledger_under_the_same_numbers_is_noticed_and_not_mixed_in(folder: Path) -> None:
    lake = opened_lake(folder)
    put(lake, records([event(1, number=1, version=1), event(2, number=1, version=2)]))
    lake.standing(PLACE).begin_anew(0)
    put(lake, records([event(1, number=1, version=9), event(2, number=2, version=1)]))
    assert lake.counts["contradicts"] + lake.counts["repeated"] == 2
    assert lake.counts["contradicts"] >= 1
    assert sequences(folder) == [1, 2]


def test_a_file_that_was_half_written_is_cleared_and_never_read(folder: Path) -> None:
    lake = opened_lake(folder)
    put(lake, records([event(1)]))
    half = stored(folder, "events")[0].path.with_name("overdracht.referral-0_000000000001-000000000009.parquet.tmp")
    half.write_bytes(b"PAR1 and then the power went")
    assert sequences(folder) == [1]
    again = reopened(lake)
    assert not half.exists()
    assert again.standing(PLACE).next == 1


def test_texts_without_their_events_are_written_again(folder: Path) -> None:
    lake = opened_lake(folder)
    put(lake, records([event(1, "return_reviewed", lesson=SEALED)]))
    put(lake, records([event(2, "return_reviewed", lesson=SEALED)], first=1))
    stored(folder, "events")[1].path.unlink()
    again = reopened(lake)
    assert len(stored(folder, "texts")) == 1
    put(again, records([event(2, "return_reviewed", lesson=SEALED), event(3)], first=1))
    found = rows(folder, "select t.sequence from texts t join events e using (service, sequence) order by 1")
    assert [row["sequence"] for row in found] == [1, 2]


@pytest.mark.parametrize(("missing", "fault"), [(1, "gap"), (None, "overlap")])
def test_names_that_do_not_join_are_said(folder: Path, missing: int | None, fault: str) -> None:
    lake = opened_lake(folder)
    for first in range(3):
        put(lake, records([event(first + 1)], first=first))
    some = stored(folder, "events")
    if missing is not None:
        some[missing].path.unlink()
    else:
        os.link(some[1].path, some[1].path.with_name("overdracht.referral-0_000000000000-000000000001.parquet"))
    again = reopened(lake)
    assert again.faults[0].startswith(fault)


def test_a_new_month_gets_a_folder_of_its_own(folder: Path) -> None:
    lake = opened_lake(folder, datetime(2026, 11, 30, 23, 59, tzinfo=UTC))
    put(lake, records([event(1)]))
    later = reopened(lake, datetime(2026, 12, 1, 0, 1, tzinfo=UTC))
    put(later, records([event(2)], first=1))
    assert [name[:7] for name in names(folder)] == ["2026-11", "2026-12"]


def test_a_clock_that_goes_back_opens_no_month_that_is_over(folder: Path) -> None:
    lake = opened_lake(folder, datetime(2026, 12, 1, 0, 1, tzinfo=UTC))
    put(lake, records([event(1)]))
    back = reopened(lake, datetime(2026, 11, 30, 23, 59, tzinfo=UTC))
    put(back, records([event(2)], first=1))
    assert [name[:7] for name in names(folder)] == ["2026-12", "2026-12"]


def test_two_do_not_write_in_one_lake(folder: Path) -> None:
    lake = opened_lake(folder)
    with pytest.raises(InUse):
        opened_lake(folder)
    lake.close()
    opened_lake(folder).close()


def test_a_key_must_be_a_key(folder: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        open_lake(folder, b"short")


def test_a_full_disk_changes_nothing_and_the_same_can_be_tried_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = opened_lake(folder)
    put(lake, records([event(1)]))
    before = (names(folder), lake.standings[PLACE].next, dict(lake.counts))
    real = os.fsync

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        add(lake, PLACE, records([event(2, "return_reviewed", lesson=SEALED)], first=1))
    assert (names(folder), lake.standings[PLACE].next, dict(lake.counts)) == before
    assert list(folder.rglob("*.tmp")) == []
    monkeypatch.setattr(os, "fsync", real)
    put(lake, records([event(2, "return_reviewed", lesson=SEALED)], first=1))
    assert sequences(folder) == [1, 2]


def test_texts_that_went_ahead_of_their_events_are_not_left_in_a_month_that_is_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter([datetime(2026, 11, 30, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)])
    lake = open_lake(folder, KEY, lambda: next(moments))
    real = os.replace

    def full(half: Path, whole: Path) -> None:
        if "held/events" in str(whole) and str(whole).endswith(".parquet"):
            raise OSError(errno.ENOSPC, "no space")
        real(half, whole)

    some = records([event(1, "return_reviewed", lesson=SEALED)])
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="no space"):
        add(lake, PLACE, some)
    monkeypatch.setattr(os, "replace", real)
    put(lake, some)
    assert sequences(folder) == sequences(folder, "texts") == [1]


def test_who_listens_gets_the_rows_that_are_new(folder: Path) -> None:
    lake = opened_lake(folder)
    some: list[Any] = [add(lake, PLACE, records([event(1), event(2)])), add(lake, PLACE, records([event(2)], first=2))]
    assert [table["sequence"].to_pylist() for table in some] == [[1, 2], []]


def test_rows_from_elsewhere_are_read_like_all_others_and_the_writer_goes_on_after_them(folder: Path) -> None:
    table = pa.table(
        {"service": ["referral"] * 2, "sequence": [7, 8], "case_id": [1, 1], "caseversion": [1, 2], "fact": ["a", "b"]}
    )
    lay(folder, "2016-03", Range(PLACE, 0, 0, 1), table)
    lake = opened_lake(folder)
    assert (lake.standing(PLACE).next, lake.counts) == (2, {"rows": 2})
    put(lake, records([event(8), event(9)], first=2))
    assert sequences(folder) == [7, 8, 9]
    assert {row["month"] for row in rows(folder)} == {"2016-03", "2026-11"}
    with pytest.raises(pa.ArrowInvalid):
        lay(folder.with_name("other"), "2016-03", Range(PLACE, 0, 0, 1), pa.table({"sequence": ["many"]}))


def test_a_lake_of_an_older_version_gets_the_columns_it_has_not(folder: Path) -> None:
    lake = opened_lake(folder)
    put(lake, records([event(1)]))
    path = stored(folder, "events")[0].path
    older = pq.read_table(path).drop_columns(["coach", "warm"])
    mark = pq.read_metadata(path).metadata
    pq.write_table(older.replace_schema_metadata(mark), path)
    again = reopened(lake)
    put(again, records([event(2, "referral_accepted", coach="co-1", first_contact_on="2026-03-09")], first=1))
    found = rows(folder, "select sequence, coach is null as unsaid from events order by sequence")
    assert [row["unsaid"] for row in found] == [True, False]
