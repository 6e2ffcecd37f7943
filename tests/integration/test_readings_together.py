"""Readings at the same time: their lines are committed together, each is told of its own, nobody waits for nothing."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import DBAPIError

from services.intake.logbook import Line
from services.intake.vault.entering import Desk, enter
from tests.integration.intake_world import NUMBER, applies, case
from tests.integration.world import World
from tests.tokens import caseworker

LINE = Line(
    "person", "p-x", "GM0546", None, "n", datetime(2026, 3, 2, tzinfo=UTC), "ab" * 16, "cd" * 8, None, "km-1",
    "caseworker", None,
)  # fmt: skip
UNWRITABLE = replace(LINE, reader="km-\x00")
"""PostgreSQL has no such text."""


async def test_lines_of_readings_that_end_at_the_same_time_are_one_transaction(intake: World) -> None:
    desk, ledger = Desk(), intake.service.ledger
    await asyncio.gather(*(enter(desk, ledger, [replace(LINE, reader=f"km-{n}")]) for n in range(20)))
    assert await intake.sql("select count(*), count(distinct reader), count(distinct xmin::text) from reading") == [
        (20, 20, 1)
    ]


async def test_a_line_that_cannot_be_written_is_told_and_holds_back_no_other(intake: World) -> None:
    desk, ledger = Desk(), intake.service.ledger
    lines = [LINE, UNWRITABLE, replace(LINE, reader="km-2")]
    first, wrong, last = await asyncio.gather(*(enter(desk, ledger, [one]) for one in lines), return_exceptions=True)
    assert (first, last) == (None, None)
    assert isinstance(wrong, DBAPIError)
    assert await intake.sql("select reader from reading order by position") == [("km-1",), ("km-2",)]
    with pytest.raises(DBAPIError):
        await enter(desk, ledger, [UNWRITABLE])


async def test_who_goes_away_before_the_line_is_there_takes_no_other_along(intake: World) -> None:
    desk, ledger = Desk(), intake.service.ledger
    gone, stays = (asyncio.create_task(enter(desk, ledger, [LINE])) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    await stays
    assert gone.cancelled()
    assert await intake.sql("select count(*) from reading") == [(2,)]


async def test_more_readings_at_once_than_there_are_connections_all_get_their_answer(intake: World) -> None:
    await intake.post_lines([applies(bsn=NUMBER)])
    path, count = f"/v1/cases/{case()}/person", 40
    answers = await asyncio.gather(*(intake.doors.get(path, headers=caseworker(f"km-{n}")) for n in range(count)))
    assert {answer.status_code for answer in answers} == {200}
    assert await intake.sql("select count(distinct reader) from reading where activity = 'person'") == [(count,)]
