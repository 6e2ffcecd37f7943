"""What a set of processes uses: CPU seconds, and memory with shared pages counted once (PSS)."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

SAMPLE_SECONDS = 0.2
Find = Callable[[], Mapping[int, str]]


@dataclass(frozen=True)
class Usage:
    """Per kind of process: CPU (user + system) in seconds, highest memory in MB; `together` is the highest sum."""

    cpu_seconds: dict[str, float]
    peak_mb: dict[str, float]
    together_mb: float | None


class Meter:
    """Watches the processes that `find` names (pid to kind) while it is entered."""

    def __init__(self, find: Find) -> None:
        self._find = find
        self._peak: dict[str, float] = defaultdict(float)
        self._together = 0.0
        self._unreadable = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._before: dict[str, float] = {}
        self._used: dict[str, float] = {}

    def __enter__(self) -> Self:
        self._before = cpu(self._find())
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        after = cpu(self._find())
        self._used = {kind: after[kind] - self._before.get(kind, 0.0) for kind in after}
        self._over.set()
        self._thread.join()

    def usage(self) -> Usage:
        """What was used while it was entered."""
        together = None if self._unreadable or not self._together else self._together
        return Usage(self._used, dict(self._peak), together)

    def _watch(self) -> None:
        while not self._over.is_set():
            self._sample()
            self._over.wait(SAMPLE_SECONDS)

    def _sample(self) -> None:
        now: dict[str, float] = defaultdict(float)
        for pid, kind in self._find().items():
            with suppress(FileNotFoundError, ProcessLookupError):
                try:
                    now[kind] += pss_mb(pid)
                except PermissionError:
                    self._unreadable = True
        for kind, size in now.items():
            self._peak[kind] = max(self._peak[kind], size)
        self._together = max(self._together, sum(now.values()))


def cpu(processes: Mapping[int, str]) -> dict[str, float]:
    """CPU seconds so far per kind, of the processes and of their children that are gone."""
    used: dict[str, float] = defaultdict(float)
    for pid, kind in processes.items():
        with suppress(psutil.NoSuchProcess):
            times = psutil.Process(pid).cpu_times()
            used[kind] += times.user + times.system + times.children_user + times.children_system
    return dict(used)


def pss_mb(pid: int) -> float:
    """The proportional set size of a process in MB (2^20 bytes). Raises OSError where Linux does not tell."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def family(pid: int) -> list[psutil.Process]:
    """A process and all that came of it and still run; none when it is gone."""
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def postmasters(folder: Path) -> list[int]:
    """The PostgreSQL servers whose data stands somewhere under the folder; they are nobody's children."""
    return [int(file.read_text().split("\n", 1)[0]) for file in folder.rglob("postmaster.pid")]
