"""Reads the whole file once before anything is sent: what is faulty, what goes where, and how much there is of it."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import orjson

from overdracht.importing.checking import Reject, about, check
from overdracht.importing.plan import CHUNK_BYTES, CHUNK_LINES, LANES
from overdracht.importing.reading import Ending, lines

SKIP = 255
_TICK = 4096


@dataclass
class Scan:
    """What the file holds. `routes` has one byte a line, so that later readings need not parse again."""

    routes: bytearray = field(default_factory=bytearray)
    lines: int = 0
    rejected: int = 0
    ending: Ending = field(default_factory=Ending)

    def in_phase(self, phase: int) -> int:
        """How many lines a phase has to send."""
        return sum(self.routes.count(phase * LANES + lane) for lane in range(LANES))


@dataclass(frozen=True, slots=True)
class Chunk:
    """One request: consecutive lines of one lane, and where they stand in the file."""

    lane: int
    number: int
    numbers: list[int]
    lines: list[bytes]


async def scan(
    path: Path,
    phase_of: Mapping[str, int],
    on_reject: Callable[[int, Reject], None],
    on_tick: Callable[[int], None],
    on_good: Callable[[int, bytes], None] | None = None,
) -> Scan:
    """Checks every line. Blank lines are not counted, but they do count in the line numbers."""
    found = Scan()
    for number, line in enumerate(lines(path, found.ending), 1):
        if number % _TICK == 0:
            on_tick(found.lines)
            await asyncio.sleep(0)
        if not line.strip():
            found.routes.append(SKIP)
            continue
        found.lines += 1
        verdict = check(_tidy(line), phase_of)
        if isinstance(verdict, int):
            found.routes.append(verdict)
            if on_good:
                on_good(number, line)
            continue
        found.routes.append(SKIP)
        found.rejected += 1
        if found.ending.partial and verdict.code in ("not_json", "not_utf8"):
            verdict = Reject("line_cut_off")
        on_reject(number, verdict)
    return found


def _tidy(line: bytes) -> bytes:
    """Without carriage returns: outside a string they mean nothing, inside one JSON does not allow them."""
    return line.replace(b"\r", b"") if b"\r" in line else line


def chunks(path: Path, routes: bytearray, phase: int) -> Iterator[Chunk]:
    """The requests of one phase; always the same for the same file, so that they can be sent again."""
    first = phase * LANES
    numbers: list[list[int]] = [[] for _ in range(LANES)]
    held: list[list[bytes]] = [[] for _ in range(LANES)]
    sizes, counts = [0] * LANES, [0] * LANES

    def cut(lane: int) -> Chunk:
        chunk = Chunk(lane, counts[lane], numbers[lane], held[lane])
        numbers[lane], held[lane], sizes[lane] = [], [], 0
        counts[lane] += 1
        return chunk

    for number, (route, line) in enumerate(zip(routes, lines(path, Ending()), strict=True), 1):
        lane = route - first
        if not 0 <= lane < LANES:
            continue
        if len(held[lane]) == CHUNK_LINES or sizes[lane] + len(line) > CHUNK_BYTES:
            yield cut(lane)
        numbers[lane].append(number)
        held[lane].append(_tidy(line))
        sizes[lane] += len(line) + 1
    for lane in range(LANES):
        if held[lane]:
            yield cut(lane)


class Order:
    """Notices lines whose `at` is no time, or lies before the line above it of the same dossier (dry run)."""

    def __init__(self, on_finding: Callable[[int, Reject], None]) -> None:
        self._last: dict[int, datetime] = {}
        self._on_finding = on_finding

    def look(self, number: int, line: bytes) -> None:
        """Looks at one good line."""
        said = orjson.loads(line)
        try:
            at = datetime.fromisoformat(said["at"])
        except ValueError:
            at = None
        if at is None or at.tzinfo is None:
            self._on_finding(number, about(said, "time_invalid", "at"))
            return
        key = hash((said["municipality"], said["dossier"]))
        before = self._last.get(key)
        if before is not None and at < before:
            self._on_finding(number, about(said, "out_of_order", "at"))
        else:
            self._last[key] = at
