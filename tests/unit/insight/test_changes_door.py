"""Before and after a change: from what is told of two moments nobody can be worked out who stands between them."""

from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from services.insight.measures.asking import Figures
from services.insight.measures.frame import Frame, Rows
from services.insight.measures.keeping import Kept
from tests.insight_doors import AS_OF, opened_doors
from tests.tokens import called_by

HERE, THERE = "GM0546", "GM0344"
MONTHS = [f"2016-{number:02}-01T00:00:00Z" for number in range(4, 9)]


@pytest.fixture(scope="module")
def frame(leiden_lake: Path) -> Frame:
    """The example year."""
    kept = Kept(leiden_lake)
    kept.rebuild()
    return kept.frame


async def changed(frame: Frame, since: str, **more: str) -> dict[str, Any]:
    async with opened_doors(Figures(frame, {})) as doors:
        answer = await asked(doors, since, **more)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def asked(doors: httpx.AsyncClient, since: str, **more: str) -> httpx.Response:
    who = called_by("coach", organisation="org-rw")
    return await doors.get("/v1/changes", params={"since": since, "asOf": AS_OF} | more, headers=who)


async def test_answers_for_two_months_differ_by_no_single_person(frame: Frame) -> None:
    for since in MONTHS:
        found = await changed(frame, since)
        months = found["series"]["months"]
        assert len(months) >= 8
        for one in (found["before"], found["after"], found["difference"], *months):
            assert one["n"] % 10 == 0
            assert [round(one[name], 2) for name in ("value", "low", "high")] == [
                one["value"], one["low"], one["high"],
            ]  # fmt: skip


async def test_between_months_there_is_no_answer(frame: Frame) -> None:
    async with opened_doors(Figures(frame, {})) as doors:
        for since in ("2016-07-01T00:00:01Z", "2016-07-15T00:00:00Z"):
            no = await asked(doors, since)
            assert (no.status_code, no.json()["code"], no.json()["field"]) == (400, "moment_no_month", "since")


async def test_a_municipality_that_would_give_away_five_people_of_another_is_not_split(frame: Frame) -> None:
    for municipality in (HERE, THERE):
        found = await changed(_five_elsewhere(frame), MONTHS[3], municipality=municipality)
        assert found["held_back"] in ("would_show_a_small_number", "small_number")
        assert [found[name] for name in ("before", "after", "difference", "detectable", "series")] == [None] * 5
    assert (await changed(frame, MONTHS[3], municipality=HERE))["held_back"] is None


def _five_elsewhere(frame: Frame) -> Frame:
    rows = frame["referrals"]
    place = rows["municipality"].copy()
    place[np.flatnonzero(rows["number_in_case"] == 1)[:5]] = len(rows.words["municipality"])
    words = {**rows.words, "municipality": (*rows.words["municipality"], THERE)}
    return dict(frame) | {"referrals": Rows({**rows.columns, "municipality": place}, words)}
