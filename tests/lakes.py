"""Small logs and lakes for tests: records as a relay would publish them, and what a reader of the lake sees."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pyarrow.parquet as pq

from services.insight.lake.names import Place
from services.insight.lake.writing import Lake, add, open_lake
from shared.envelope import Event, source_urn, timestamp
from shared.ids import from_number
from tests.builders import ID_KEY, NOON
from tests.leiden_log import OIN, Record, Topics, record_of

KEY = bytes(range(32))
NOVEMBER = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SEALED = "hpke1.AAAA"


def case(number: int) -> str:
    """A case's id."""
    return from_number(ID_KEY, "GM0546", "dossier", f"L-{number}")


def event(
    sequence: int,
    fact: str = "referral_received",
    *,
    number: int = 1,
    version: int | None = None,
    service: str = "referral",
    kind: str = "v1",
    at: datetime = NOON,
    recorded: datetime = NOON,
    data: dict[str, Any] | None = None,
    **own: Any,
) -> Event:
    """An event of case `number`; its version is its sequence unless told otherwise."""
    said = {
        "case_id": case(number),
        "municipality": "GM0546",
        "occurred_at": at.isoformat(),
        "actor": {"role": "coach", "id": "co-1"},
    }
    if fact in ("referral_received", "referral_accepted", "referral_returned"):
        said["referral_id"] = from_number(ID_KEY, "GM0546", "referral", f"R-{number}")
    return Event(
        id=from_number(ID_KEY, service, str(sequence)),
        source=source_urn(OIN, service),
        type=f"nl.overdrachten.{fact}.{kind}" if "." not in fact else fact,
        subject=case(number),
        time=timestamp(recorded),
        sequence=sequence,
        caseversion=version if version is not None else sequence,
        casehash="00",
        causationid="c",
        traceparent="t",
        data=orjson.dumps(data if data is not None else said | own),
    )


def records(events: Iterable[Event], first: int = 0, partition: int = 0) -> list[Record]:
    """The records of events that follow on each other, on one partition of their service's topic."""
    return [
        record_of(one, f"overdracht.{one.source.rpartition('-')[2]}", partition, first + number)
        for number, one in enumerate(events)
    ]


def opened_lake(folder: Path, now: datetime = NOVEMBER) -> Lake:
    """A lake that is written in, on a day of our choice."""
    return open_lake(folder, KEY, lambda: now)


PLACE = Place("referral", 0)


def put(lake: Lake, some: Sequence[Record], place: Place = PLACE) -> None:
    """Writes records."""
    add(lake, place, some)


def fill(lake: Lake, topics: Topics, size: int = 1_000) -> None:
    """Everything that is on the topics, in batches of this size."""
    for (topic, partition), some in topics.items():
        place = Place(topic.partition(".")[2], partition)
        for start in range(0, len(some), size):
            add(lake, place, some[start : start + size])


def rows(folder: Path, query: str = "select * from events order by all") -> list[dict[str, Any]]:
    """What a plain reader of the files sees: `events` and `texts` are the globs that anybody would write."""
    with duckdb.connect() as connection:
        for family in ("events", "texts"):
            connection.execute(
                f"create view {family} as select * from read_parquet('{folder}/{family}/*/*.parquet',"
                " hive_partitioning = true, hive_types_autocast = false, union_by_name = true)"
            )
        found = connection.execute(query)
        names = [one[0] for one in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def sequences(folder: Path, family: str = "events") -> list[int]:
    """The sequences that are in the files of a plain glob, each as often as it is there."""
    tables = [pq.read_table(path, columns=["sequence"]) for path in folder.glob(f"{family}/*/*.parquet")]
    return sorted(number for table in tables for number in table["sequence"].to_pylist())


def said(row: dict[str, Any]) -> dict[str, Any]:
    """A row without what is empty."""
    return {name: value for name, value in row.items() if value is not None}
