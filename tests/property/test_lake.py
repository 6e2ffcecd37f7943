"""However records are cut into batches, whatever a relay repeats, wherever the process dies: the same rows."""

import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.insight.lake import merging
from services.insight.lake.folders import stored, sweep
from services.insight.lake.names import faults
from services.insight.lake.writing import Lake, open_lake
from shared.envelope import Event
from tests.crashes import dies_at
from tests.lakes import KEY, PLACE, SEALED, event, put, records, rows, sequences

NOVEMBER, DECEMBER = datetime(2026, 11, 24, tzinfo=UTC), datetime(2026, 12, 2, tzinfo=UTC)
FACTS = ("referral_received", "return_reviewed", "referral_accepted", "referral_praised")
WHERE = "select * exclude (epoch, record_offset, month) from events order by sequence"


@dataclass(frozen=True)
class Course:
    """How it goes: the records, the sizes of the batches, the steps at which it dies, when the topic is wiped."""

    published: list[Event]
    sizes: list[int]
    deaths: list[int]
    wiped_at: int | None


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """A log of a few cases, with what a relay publishes again after it was killed."""
    cases = draw(st.lists(st.integers(1, 3), min_size=1, max_size=12))
    versions: dict[int, int] = {}
    events = []
    for sequence, number in enumerate(cases, 1):
        versions[number] = versions.get(number, 0) + 1
        fact = FACTS[sequence % len(FACTS)]
        own: dict[str, Any] = {"lesson": SEALED} if fact == "return_reviewed" else {}
        events.append(event(sequence * 3, fact, number=number, version=versions[number], **own))
    back = draw(st.lists(st.tuples(st.integers(0, len(events)), st.integers(0, 5)), max_size=3))
    published = list(events)
    for at, far in sorted(back, reverse=True):
        published[at:at] = published[max(0, at - far) : at]
    return Course(
        published,
        draw(st.lists(st.integers(1, 5), min_size=1, max_size=5)),
        draw(st.lists(st.integers(1, 40), max_size=4)),
        draw(st.none() | st.integers(0, len(published))),
    )


def copied(lake: Lake, course: Course, upto: int) -> None:
    """Follows to the end, merging and sweeping on the way."""
    batch = 0
    some = records(course.published[:upto])
    while (start := lake.standing(PLACE).next) < len(some):
        size = course.sizes[batch % len(course.sizes)]
        batch += 1
        put(lake, some[start : start + size])
        if batch % 2 == 0:
            for job in merging.jobs(lake.folder, "2026-12"):
                merging.do(lake.folder, job)
            sweep(lake.folder, time.time() + 1)


def gone_through(folder: Path, course: Course) -> None:
    """The whole course, with every death in it."""
    deaths = list(course.deaths)
    stages = [len(course.published)] if course.wiped_at is None else [course.wiped_at, len(course.published)]
    for number, upto in enumerate(stages):
        anew = number == 1
        while True:
            lake: list[Lake] = []

            def work(upto: int = upto, anew: bool = anew, lake: list[Lake] = lake) -> None:
                lake.append(open_lake(folder, KEY, lambda: DECEMBER if anew else NOVEMBER))
                if anew and lake[0].standing(PLACE).epoch == 0:
                    lake[0].standing(PLACE).begin_anew(0)
                copied(lake[0], course, upto)

            died = dies_at(deaths.pop(), work) if deaths else bool(work())
            for one in lake:
                one.close()
            if not died:
                break


@settings(max_examples=30, deadline=None)
@given(courses())
def test_the_same_rows_whatever_happens(course: Course) -> None:
    with tempfile.TemporaryDirectory() as here:
        there, plain = Path(here) / "tried", Path(here) / "plain"
        gone_through(there, course)
        lake = open_lake(plain, KEY, lambda: NOVEMBER)
        put(lake, records(course.published))
        lake.close()
        assert rows(there, WHERE) == rows(plain, WHERE)
        assert sequences(there) == sorted({one.sequence for one in course.published})
        assert sequences(there, "texts") == sequences(plain, "texts")
        assert list(faults(one.range for one in stored(there, "events"))) == []
