"""Reads the whole file once before anything is sent: what is faulty, what goes where, and how much there is of it."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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

    def in_lanes(self, phase: int, lanes: Iterable[int]) -> int:
        """How many lines a phase has to send in these lanes."""
        return sum(self.routes.count(phase * LANES + lane) for lane in lanes)


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
    in_order: frozenset[int] = frozenset(),
) -> Scan:
    """Checks every line. Blank lines are not counted, but they do count in the line numbers.

    The phases `in_order` have one lane only.
    """
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
            phase = verdict // LANES
            found.routes.append(phase * LANES if phase in in_order else verdict)
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


def chunks(text: Iterable[bytes], routes: bytearray, phase: int, lanes: Sequence[int]) -> Iterator[Chunk]:
    """The requests of one phase in these lanes; always the same for the same file, so that they can be sent again."""
    places = {phase * LANES + lane: lane for lane in lanes}
    held: dict[int, tuple[list[int], list[bytes]]] = {lane: ([], []) for lane in lanes}
    sizes, counts = dict.fromkeys(lanes, 0), dict.fromkeys(lanes, 0)

    def cut(lane: int) -> Chunk:
        chunk = Chunk(lane, counts[lane], *held[lane])
        held[lane], sizes[lane] = ([], []), 0
        counts[lane] += 1
        return chunk

    for number, (route, line) in enumerate(zip(routes, text, strict=True), 1):
        lane = places.get(route)
        if lane is None:
            continue
        if len(held[lane][1]) == CHUNK_LINES or sizes[lane] + len(line) > CHUNK_BYTES:
            yield cut(lane)
        numbers, kept = held[lane]
        numbers.append(number)
        kept.append(_tidy(line))
        sizes[lane] += len(line) + 1
    for lane in lanes:
        if held[lane][1]:
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
