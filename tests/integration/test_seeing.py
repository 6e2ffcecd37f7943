"""Connections of readers keep the sight that was said last: nobody sees by what was said for another."""

import asyncio
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.ledger import seeing
from shared.ledger.seeing import Sight, seen
from tests.integration.world import World

LEIDEN, UTRECHT = Sight("municipality", "GM0546"), Sight("municipality", "GM0344")
BOTH, A_COACH = Sight("all"), Sight("organisation", organisation="org-a")
PLACES = text("select municipality from cases order by 1")
"""A query that forgets to ask for what is within sight."""


@pytest.fixture
async def two(world: World) -> World:
    """A case in Leiden, at org-a, and one in Utrecht."""
    await world.sql("""
        insert into cases (case_id, municipality, version, casehash, state, heard, status, turn, caseworker, opened_at,
            parties)
        select gen_random_uuid(), m, 1, '', '{}', '{}', 'open', '', 'km', now(), p
        from (values ('GM0546', array['org-a']), ('GM0344', array['org-b'])) given (m, p)
    """)
    return world


async def places(world: World, sight: Sight) -> tuple[list[str], int]:
    """The municipalities that are seen, and by which connection."""
    async with seen(world.service.ledger, sight) as tx:
        connection = (await tx.execute(text("select pg_backend_pid()"))).scalar_one()
        return [row[0] for row in await tx.execute(PLACES)], connection


async def test_callers_who_follow_each_other_on_one_connection_see_their_own(two: World) -> None:
    said = [(LEIDEN, ["GM0546"]), (UTRECHT, ["GM0344"]), (LEIDEN, ["GM0546"]), (BOTH, ["GM0344", "GM0546"]),
            (A_COACH, ["GM0546"]), (Sight("cases"), []), (UTRECHT, ["GM0344"])]  # fmt: skip
    found = [await places(two, sight) for sight, _ in said]
    assert [one for one, _ in found] == [wanted for _, wanted in said]
    assert len({connection for _, connection in found}) == 1


async def test_callers_at_the_same_time_see_their_own(two: World) -> None:
    found = await asyncio.gather(*(places(two, LEIDEN if turn % 3 else UTRECHT) for turn in range(60)))
    assert [one for one, _ in found] == [["GM0546" if turn % 3 else "GM0344"] for turn in range(60)]


async def test_a_sight_that_was_said_while_its_caller_went_away_is_not_taken_for_the_one_before(two: World) -> None:
    assert (await places(two, LEIDEN))[0] == ["GM0546"]
    execute = AsyncConnection.execute

    async def goes_away(self: AsyncConnection, statement: Any, *values: Any) -> Any:
        found = await execute(self, statement, *values)
        if statement is seeing._LOOK:
            raise asyncio.CancelledError
        return found

    with patch.object(AsyncConnection, "execute", goes_away), pytest.raises(asyncio.CancelledError):
        await places(two, UTRECHT)
    assert (await places(two, LEIDEN))[0] == ["GM0546"]


async def test_a_reader_can_write_nothing(two: World) -> None:
    for statement in ("delete from cases", "insert into party values ('o', now(), gen_random_uuid(), 'GM0546')"):
        async with seen(two.service.ledger, BOTH) as tx:
            with pytest.raises(DBAPIError, match="read-only transaction"):
                await tx.execute(text(statement))
