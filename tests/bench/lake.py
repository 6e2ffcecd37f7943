"""What the lake costs: `python -m tests.bench.lake` says events a second from records to files, and bytes an event.

The log is Leiden's year in many copies, each with ids and a municipality of its own: once as history, copy after copy,
and once as one month of the whole country as it comes in, by the moment it is recorded. One JSON object on stdout.
"""

import argparse
import gc
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from aiokafka.partitioner import murmur2

from services.insight.lake import merging
from services.insight.lake.converting import convert
from services.insight.lake.folders import stored
from services.insight.lake.names import Place
from services.insight.lake.pseudonyms import Pseudonyms
from services.insight.lake.seen import Seen
from services.insight.lake.writing import add, open_lake
from shared.envelope import Event, timestamp
from tests.leiden_log import ORDER, PARTITIONS, Record, leiden_events, record_of

_UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PLACE = b'"municipality":"GM0546"'
_AT = re.compile(rb'"occurred_at":"([^"]+)"')
KEY = bytes(32)
JULY = datetime(2016, 7, 1, tzinfo=UTC)
Logs = dict[Place, list[Record]]


def copy_of(event: Event, number: int, sequence: int) -> Event:
    """The event in another municipality: every id another one, the same in every event."""
    turned = b"0123456789abcdef"
    first = bytes.maketrans(turned, turned[number % 16 :] + turned[: number % 16])
    last = bytes.maketrans(turned, turned[number // 16 % 16 :] + turned[: number // 16 % 16])

    def other(found: "re.Match[bytes]") -> bytes:
        return found[0][:8].translate(first) + found[0][8:24] + found[0][24:].translate(last)

    data = _UUID.sub(other, event.data).replace(_PLACE, b'"municipality":"GM%04d"' % (number + 1))
    return replace(event, subject=_UUID.sub(other, event.subject.encode()).decode(), data=data, sequence=sequence)


def history(copies: int) -> Iterator[Event]:
    """Copy after copy, service after service."""
    for service in ORDER:
        events = leiden_events()[service]
        for number in range(copies):
            for place, event in enumerate(events, 1):
                yield copy_of(event, number, number * len(events) + place)


def month(copies: int) -> Iterator[Event]:
    """What is recorded in one month: most of it as it happens, some of it days later; to the microsecond."""
    chance = random.Random(5)  # noqa: S311 - the same log every time
    for service in ORDER:
        came: list[tuple[datetime, Event]] = []
        for number in range(copies):
            shift = timedelta(seconds=chance.randrange(28 * 86_400))
            for event in leiden_events()[service]:
                at = _moved(event, shift + timedelta(microseconds=chance.randrange(1_000_000)))
                recorded = at if chance.random() < 0.7 else at + timedelta(days=chance.expovariate(1))
                if JULY <= recorded < JULY + timedelta(days=31):
                    data = _AT.sub(b'"occurred_at":"%s"' % at.isoformat().encode(), event.data)
                    data = data.replace(b'"imported":true,', b"")
                    came.append(
                        (recorded, replace(copy_of(replace(event, data=data), number, 0), time=timestamp(recorded)))
                    )
        came.sort(key=lambda one: one[0])
        for sequence, (_, event) in enumerate(came, 1):
            yield replace(event, sequence=sequence)


def _moved(event: Event, shift: timedelta) -> datetime:
    found = _AT.search(event.data)
    assert found is not None
    return datetime.fromisoformat(found[1].decode()) + shift


def logs(events: Iterator[Event]) -> Logs:
    """The records by partition."""
    found: Logs = {}
    for event in events:
        service = event.source.rpartition("-")[2]
        place = Place(service, (murmur2(event.subject.encode()) & 0x7FFF_FFFF) % PARTITIONS)
        some = found.setdefault(place, [])
        some.append(record_of(event, place.topic, place.partition, len(some)))
    return found


def pieces(log: Logs, size: int) -> Iterator[tuple[Place, Sequence[Record]]]:
    """The records in batches."""
    for place, some in log.items():
        for start in range(0, len(some), size):
            yield place, some[start : start + size]


def converting(log: Logs, size: int) -> float:
    """Events a second from records to Arrow, of processor time."""
    names, seen, count = Pseudonyms(KEY), Seen(), 0
    begun = time.process_time()
    for place, some in pieces(log, size):
        batch = convert(some, place, 0, names, seen)
        seen.add(place.service, *batch.keys)
        count += batch.events.num_rows
    return count / (time.process_time() - begun)


def writing(log: Logs, size: int, folder: Path) -> dict[str, Any]:
    """Writes, merges and reads a lake; what it took."""
    now = JULY
    lake = open_lake(folder, KEY, lambda: now)
    begun, wall = time.process_time(), time.perf_counter()
    for place, some in pieces(log, size):
        add(lake, place, some)
    took, wall = time.process_time() - begun, time.perf_counter() - wall
    count = lake.counts["rows"]
    fresh = _bytes(folder, "events")
    begun = time.perf_counter()
    for job in merging.jobs(folder, "2016-08"):
        merging.do(folder, job)
    merged = time.perf_counter() - begun
    lake.close()
    begun = time.perf_counter()
    open_lake(folder, KEY).close()
    again = time.perf_counter() - begun
    return {
        "events": count,
        "events_a_second": count / wall,
        "events_a_cpu_second": count / took,
        "bytes_an_event_written": fresh / count,
        "bytes_an_event_merged": _bytes(folder, "events") / count,
        "merged_seconds": merged,
        "opened_seconds": again,
    }


def _bytes(folder: Path, family: str) -> int:
    return sum(one.path.stat().st_size for one in stored(folder, family))


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.lake", description=__doc__)
    parser.add_argument("--copies", type=int, default=20, help="of Leiden's year as history (25,253 events each)")
    parser.add_argument("--country", type=int, default=0, help="of which a month is taken; 123: 3.1 million a year")
    parser.add_argument("--batch", type=int, default=20_000, help="records in a batch")
    given = parser.parse_args()
    log = logs(history(given.copies))
    gc.freeze()
    gc.set_threshold(200_000, 20, 50)  # as the services do
    told: dict[str, Any] = {"arrow_a_cpu_second": converting(log, given.batch)}
    with tempfile.TemporaryDirectory() as here:
        told["history"] = writing(log, given.batch, Path(here) / "history")
        if given.country:
            told["month"] = writing(logs(month(given.country)), given.batch, Path(here) / "month")
    sys.stdout.buffer.write(orjson.dumps(told) + b"\n")


if __name__ == "__main__":
    main()
