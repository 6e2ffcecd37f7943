"""Insight lets the doors go first."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.insight import yielding
from services.insight.service import pause_left
from services.insight.yielding import NICE

AUTOGROUP = Path("/proc/self/autogroup")
SCRIPT = """
import os
from pathlib import Path
from services.insight.yielding import give_way
give_way()
place = Path("/proc/self/autogroup")
print(os.nice(0), place.read_text() if place.exists() else "")
"""


def weight(group: str) -> str:
    """Of a session's group as Linux shows it, "/autogroup-7 nice 10"; a session of before the groups shows nothing."""
    return group.rpartition(" ")[2].strip()


def group() -> str:
    """This session's, as Linux shows it; nothing where it has none."""
    return AUTOGROUP.read_text() if AUTOGROUP.exists() else ""


def priorities(*, own_session: bool) -> tuple[int, str]:
    """Of a process that gave way: its own, and its session's where Linux has one."""
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, start_new_session=own_session
    )
    own, _, session = ended.stdout.strip().partition(" ")
    return int(own), weight(session)


def test_a_process_that_gives_way_has_a_lower_priority_and_goes_on() -> None:
    assert priorities(own_session=True)[0] == min(os.nice(0) + NICE, 19)


def test_its_session_gives_way_with_it_and_never_the_session_of_others() -> None:
    """Where Linux weighs no sessions there is no weight to change, and giving way is no less possible."""
    there, before = AUTOGROUP.exists(), group()
    assert priorities(own_session=True)[1] == (str(NICE) if there else "")
    assert priorities(own_session=False)[1] == weight(before)
    assert group() == before


@pytest.mark.parametrize(("leads", "said"), [(True, str(NICE)), (False, "")])
def test_only_who_leads_a_session_says_that_it_is_nice(
    leads: bool, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, added = tmp_path / "autogroup", list[int]()
    place.write_text("")
    monkeypatch.setattr(yielding, "_AUTOGROUP", place)
    monkeypatch.setattr(os, "nice", added.append)
    monkeypatch.setattr(os, "getsid", lambda _: os.getpid() + (not leads))
    yielding.give_way()
    assert (place.read_text(), added) == (said, [NICE])


def test_a_system_that_will_not_hear_of_it_is_no_reason_to_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yielding, "_AUTOGROUP", tmp_path / "none" / "autogroup")
    monkeypatch.setattr(os, "nice", lambda _: 0)
    monkeypatch.setattr(os, "getsid", lambda _: os.getpid())
    yielding.give_way()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("took", "since", "left"),
    [(0.1, 0.0, 0.5), (0.1, 0.4, 0.1), (0.1, 60.0, 0.0), (2.0, 0.0, 6.0), (2.0, 5.0, 1.0), (2.0, 60.0, 0.0)],
)
def test_renewing_rests_longer_the_longer_it_took_and_not_at_all_after_a_quiet_while(
    took: float, since: float, left: float
) -> None:
    assert pause_left(0.5, took, since) == pytest.approx(left)
