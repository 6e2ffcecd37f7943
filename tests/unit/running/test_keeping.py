"""Who dies is started again, after a growing pause, and the console says so; who is told to stop stops."""

import asyncio
import sys
from pathlib import Path

import pytest

from deploy.embedded.parts import Halt, Start
from overdracht.running import supervising
from overdracht.running.supervising import Part, begin, keep, stop

Told = list[str]


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses that a test can wait for."""
    monkeypatch.setattr(supervising, "PAUSES", (0.01, 0.02, 0.04))


def part(folder: Path, code: str, **more: float) -> Part:
    """A part that runs this Python code."""
    return Part("broker", lambda: Start("broker", [sys.executable, "-c", code], folder / "log", **more))  # type: ignore[arg-type]


async def watched(one: Part, told: Told, until: int) -> None:
    """Keeps the part running until so many things were told."""
    enough = asyncio.Event()

    def tell(nl: str, en: str) -> None:
        told.append(en)
        if len(told) >= until:
            enough.set()

    await begin(one)
    keeping = asyncio.create_task(keep(one, lambda: None, tell))
    await asyncio.wait_for(enough.wait(), 20)
    keeping.cancel()
    await stop([one])


async def test_a_process_that_dies_is_started_again_after_growing_pauses(tmp_path: Path) -> None:
    told: Told = []
    await watched(part(tmp_path, "raise SystemExit(7)"), told, 3)
    assert ["stopped (code 7)" in one for one in told] == [True] * 3
    assert [one.split(" in ")[1].split(" s;")[0] for one in told] == ["0.01", "0.02", "0.04"]
    assert str(tmp_path / "log") in told[0]


async def test_a_killed_process_is_named_by_its_signal(tmp_path: Path) -> None:
    told: Told = []
    await watched(part(tmp_path, "import os; os.kill(os.getpid(), 9)"), told, 1)
    assert "signal SIGKILL" in told[0]


async def test_who_ran_steadily_is_not_punished_for_earlier_failures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervising, "STEADY_SECONDS", 0.0)
    told: Told = []
    await watched(part(tmp_path, ""), told, 3)
    assert {one.split(" in ")[1].split(" s;")[0] for one in told} == {"0.01"}


async def test_what_keeps_it_from_starting_again_is_told_and_tried_again(tmp_path: Path) -> None:
    told: Told = []
    starts = 0

    def prepare() -> Start:
        nonlocal starts
        starts += 1
        if starts == 2:
            raise Halt("De schijf is vol.", "The disk is full.")
        return Start("broker", [sys.executable, "-c", ""], tmp_path / "log")

    await watched(Part("broker", prepare), told, 3)
    assert "The disk is full." in told[1]
    assert starts >= 3


async def test_who_does_not_stop_when_asked_is_stopped_firmly(tmp_path: Path) -> None:
    deaf = part(tmp_path, "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)", stop_seconds=0.3)
    await begin(deaf)
    assert deaf.running is not None
    await asyncio.sleep(0.3)
    await stop([deaf])
    assert deaf.running is None
