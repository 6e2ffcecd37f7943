"""What the rules hold back is for who runs the data: of one municipality, when the token names one; all else is the
same figure for all."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copytree
from typing import Any

import httpx
import pytest

from services.insight.doors.measuring import READERS
from services.insight.measures.asking import Figures
from services.insight.measures.keeping import Kept
from tests.insight_doors import asked, opened_doors
from tests.tokens import called_by

HERE, THERE = "GM0546", "GM0344"
FIGURE, TABLE = "/measures/{measure}/figure", "/measures/{measure}/figures"
NUMBER, AGAIN = "/published/{number}", "/published/{number}/reproduction"
EVERYWHERE = called_by("operator", name="op-all")
OURS = called_by("operator", "analyst", municipality=HERE)
THEIRS = called_by("operator", "analyst", municipality=THERE)
ENDS = {f"{name}-{n}": (0, 10**9) for name in ("intake", "diagnosis", "referral", "outcome") for n in range(3)}


@pytest.fixture(scope="module")
async def doors(leiden_lake: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    """The doors over the example year, which is of one municipality; numbers are published in a lake of our own."""
    lake = tmp_path_factory.mktemp("sight") / "lake"
    copytree(leiden_lake, lake)
    kept = Kept(lake)
    kept.rebuild()
    async with opened_doors(Figures(kept.frame, ENDS), lake) as found:
        yield found


async def answer(
    doors: httpx.AsyncClient, method: str, path: str, who: dict[str, str], municipality: str | None, **more: Any
) -> httpx.Response:
    return await doors.request(method, **asked(method, path, municipality, **more), headers=who)


def refusal(found: httpx.Response) -> tuple[int, str, str | None]:
    said = found.json()
    return found.status_code, said["code"], said.get("field")


@pytest.mark.parametrize(("method", "path"), [("GET", FIGURE), ("GET", TABLE), ("POST", "/published")])
@pytest.mark.parametrize("municipality", [HERE, None])
async def test_who_runs_the_data_of_one_municipality_sees_what_is_held_back_of_that_one_alone(
    doors: httpx.AsyncClient, method: str, path: str, municipality: str | None
) -> None:
    inside: dict[str, Any] = {"audience": "internal"}
    no = await answer(doors, method, path, THEIRS, municipality, **inside)
    assert refusal(no) == (403, "out_of_sight", "municipality")
    assert no.json()["possible"] == [THERE]
    own = await answer(doors, method, path, OURS, municipality, **inside)
    assert own.is_success if municipality else refusal(own) == (403, "out_of_sight", "municipality")
    assert (await answer(doors, method, path, EVERYWHERE, municipality, **inside)).is_success


async def test_a_table_by_municipality_would_show_the_others(doors: httpx.AsyncClient) -> None:
    for who, passes in ((THEIRS, False), (OURS, False), (EVERYWHERE, True)):
        found = await answer(doors, "GET", TABLE, who, None, by="municipality", audience="internal")
        assert found.is_success == passes


async def test_a_number_that_holds_what_is_held_back_is_there_for_who_may_see_it_and_for_nobody_else(
    doors: httpx.AsyncClient,
) -> None:
    made = await answer(doors, "POST", "/published", OURS, HERE, audience="internal")
    number = made.json()["id"]
    readers = [called_by(role, municipality=HERE, organisation="org-rw") for role in READERS - {"operator"}]
    for who in (*readers, THEIRS):
        no = await answer(doors, "GET", NUMBER, who, None, number=number)
        assert refusal(no) == (404, "number_unknown", "number")
    assert refusal(await answer(doors, "POST", AGAIN, THEIRS, None, number=number)) == (404, "number_unknown", "number")
    for who in (OURS, EVERYWHERE):
        assert (await answer(doors, "GET", NUMBER, who, None, number=number)).json()["number"]["audience"] == "internal"
        assert (await answer(doors, "POST", AGAIN, who, None, number=number)).json()["same"]
    assert number not in (await answer(doors, "GET", "/published", OURS, None)).text


async def test_a_number_for_others_is_there_for_all(doors: httpx.AsyncClient) -> None:
    number = (await answer(doors, "POST", "/published", THEIRS, HERE, audience="public")).json()["id"]
    for role in READERS:
        who = called_by(role, municipality=THERE, organisation="org-elders")
        assert (await answer(doors, "GET", NUMBER, who, None, number=number)).is_success
        assert number in (await answer(doors, "GET", "/published", who, None)).text


@pytest.mark.parametrize(
    "path", [FIGURE, TABLE, "/comparisons/providers", "/changes", "/signals", "/reports/{municipality}"]
)
async def test_the_figure_of_a_municipality_is_the_same_for_whoever_asks(doors: httpx.AsyncClient, path: str) -> None:
    seen = set()
    for role in READERS:
        for municipality, organisation in ((HERE, "org-rw"), (THERE, "org-elders")):
            who = called_by(role, municipality=municipality, organisation=organisation)
            found = await answer(doors, "GET", path, who, HERE)
            assert found.is_success, found.text
            seen.add(found.text)
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/statistics/srg/rows"), ("GET", "/statistics/srg/unknown"), ("POST", "/statistics/srg/names")],
)
async def test_statistics_are_for_the_municipality_whose_people_they_are_of(
    doors: httpx.AsyncClient, method: str, path: str
) -> None:
    for role in ("operator", "benefit_administration"):
        ours, theirs = (called_by(role, municipality=one) for one in (HERE, THERE))
        assert (await answer(doors, method, path, ours, HERE)).is_success
        assert refusal(await answer(doors, method, path, theirs, HERE)) == (403, "out_of_sight", "municipality")
