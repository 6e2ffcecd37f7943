"""The history fed to both: which fact enters at which service, who listens to it, and the batches it comes in."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import orjson

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "leiden-2016.jsonl.gz"

WARM_UP_PLACE = b'"municipality":"GM0344"'
SERVICES = ("intake", "diagnosis", "referral", "outcome")

# Who handles whose events: the hops of the product.
LISTENS: dict[str, tuple[str, ...]] = {
    "intake": (),
    "diagnosis": ("intake",),
    "referral": ("intake", "diagnosis", "outcome"),
    "outcome": ("intake", "referral"),
}

_FACTS = {
    "intake": "application_received application_withdrawn benefit_decided benefit_ended case_closed",
    "diagnosis": "diagnosis_started life_area_mapped diagnosis_completed consultation_requested "
    "consultation_answered argument_weighed direction_decided",
    "outcome": "plan_agreed intervention_started intervention_ended goal_measured plan_adjusted "
    "job_started job_ended outcome_reached",
}
# Every other fact of the example is the referral's.
DOOR = {fact: service for service, facts in _FACTS.items() for fact in facts.split()}


@dataclass(frozen=True)
class Line:
    """One line of a history: the bytes as they stand in the file, and what is needed to route them."""

    raw: bytes
    service: str
    dossier: str


def read(path: Path = EXAMPLE) -> list[Line]:
    """All lines of a gzipped history, in the file's order."""
    with gzip.open(path) as file:
        return [_line(raw.rstrip(b"\n")) for raw in file if raw.strip()]


def warm_up(lines: Iterable[Line], *, share: int = 10) -> list[Line]:
    """One dossier in `share`, of another municipality, so that feeding them first leaves the real ones untouched."""
    return [
        Line(line.raw.replace(b'"municipality":"GM0546"', WARM_UP_PLACE, 1), line.service, line.dossier)
        for line in lines
        if crc32(line.dossier.encode()) % share == 0
    ]


def write(lines: Iterable[Line], path: Path) -> None:
    """Write lines as a gzipped history."""
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.writelines(line.raw + b"\n" for line in lines)


def lanes(lines: Iterable[Line], service: str, *, count: int) -> list[list[bytes]]:
    """The lines of one service, shared over `count` lanes by dossier: a dossier keeps its order within its lane."""
    shared: list[list[bytes]] = [[] for _ in range(count)]
    for line in lines:
        if line.service == service:
            shared[crc32(line.dossier.encode()) % count].append(line.raw)
    return shared


def chunks(lines: list[bytes], size: int) -> Iterator[list[bytes]]:
    """At most `size` lines at a time."""
    return (lines[start : start + size] for start in range(0, len(lines), size))


def deliveries(lines: Iterable[Line]) -> dict[str, int]:
    """How many events of others each service will handle."""
    own = dict.fromkeys(SERVICES, 0)
    for line in lines:
        own[line.service] += 1
    return {service: sum(own[source] for source in LISTENS[service]) for service in SERVICES}


def _line(raw: bytes) -> Line:
    fact = orjson.loads(raw)
    return Line(raw, DOOR.get(fact["fact"], "referral"), fact["dossier"])
