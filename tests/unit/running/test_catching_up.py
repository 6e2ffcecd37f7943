"""Who asks for figures right after an import gets them with the import in it, or is told that it is not."""

import asyncio
from collections.abc import Iterator
from itertools import chain, repeat
from typing import Any

import httpx
import pytest

from overdracht.doors import Door
from overdracht.running import catching_up
from overdracht.running.catching_up import caught_up, fresh

Said = tuple[int | None, float, str]
"""Records that are not in the lake, seconds that figures are behind it, and how the figures are."""
WELL: Said = (0, 0.0, "ok")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that goes on a second at each wait."""
    now = [0.0]

    async def sleep(_: float) -> None:
        now[0] += 1.0

    monkeypatch.setattr(catching_up, "monotonic", lambda: now[0])
    monkeypatch.setattr(asyncio, "sleep", sleep)
    return now


def insight(*said: Said) -> Door:
    """Insight that says these one after another, and then the last for ever."""
    answers: Iterator[Said] = chain(said, repeat(said[-1]))

    def answer(_: httpx.Request) -> httpx.Response:
        lag, behind, figures = next(answers)
        body: dict[str, Any] = {"ready": figures == "ok", "parts": {"lake": "ok", "figures": figures}}
        return httpx.Response(200, json=body | {"lake": {"lag": lag}, "behind_seconds": behind})

    return Door("insight", httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://insight"))


async def test_figures_that_show_everything_are_not_waited_for(clock: list[float]) -> None:
    assert await caught_up(insight(WELL), 0)
    assert clock == [0.0]


async def test_figures_of_a_large_import_are_waited_for(clock: list[float]) -> None:
    assert await caught_up(insight((9_000, 4.0, "ok"), (0, 6.0, "behind"), WELL), 120)
    assert clock == [2.0]


async def test_on_a_log_that_never_rests_only_what_was_there_at_the_beginning_is_waited_for(clock: list[float]) -> None:
    assert await caught_up(insight((3, 1.5, "ok")), 120)
    assert clock == [2.0]


async def test_figures_that_are_being_made_for_the_first_time_are_waited_for(clock: list[float]) -> None:
    assert await caught_up(insight((0, 0.0, "building"), WELL), 120)
    assert clock == [1.0]


async def test_patience_ends_and_an_insight_that_cannot_say_is_asked_at_once(clock: list[float]) -> None:
    assert not await caught_up(insight((9_000, 50.0, "behind")), 10)
    assert clock == [10.0]
    assert await caught_up(insight((None, 0.0, "building")), 10)
    assert clock == [10.0]


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ([WELL], []),
        ([(9_000, 4.0, "ok"), WELL], ["De cijfers nemen nog mee"]),
        ([(9_000, 4.0, "ok")], ["De cijfers nemen nog mee", "het nieuwste ontbreekt"]),
    ],
)
async def test_whoever_has_to_wait_or_gets_old_figures_is_told(
    said: list[Said], lines: list[str], clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    await fresh(insight(*said))
    told = [line for line in capsys.readouterr().err.splitlines() if line]
    assert len(told) == len(lines)
    assert all(line in one for line, one in zip(lines, told, strict=True))
