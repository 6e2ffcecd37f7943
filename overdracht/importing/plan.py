"""Which fact goes to which service, and in what order the services get their history."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

import orjson

from overdracht.doors import Doors, Json, get
from overdracht.output import AWAY, Stop
from overdracht.patience import Tell, patiently

GROUPS = 4
"""Dossiers go in group by group: while one group is at one service, the next is at the service before."""
LANES = 2 * GROUPS
CHUNK_LINES = 1_000
CHUNK_BYTES = 4_000_000
_PATIENCE_SECONDS = 10.0
MADE_BY_THE_PRODUCT = -1


@dataclass(frozen=True)
class Plan:
    """The phases in order, what each service's decisions rest on, and the phase of every known fact."""

    phases: tuple[str, ...]
    rests_on: Mapping[str, frozenset[str]]
    phase_of: Mapping[str, int]
    """Fact -> number of its phase, or MADE_BY_THE_PRODUCT."""

    @property
    def in_order(self) -> frozenset[int]:
        """Numbers of the phases that go in the file's order: of services that rest on nobody."""
        return frozenset(number for number, service in enumerate(self.phases) if not self.rests_on[service])

    @property
    def digest(self) -> str:
        """Changes when lines would be sent otherwise, so that an old import's keys are not used for other lines."""
        parts = [self.phases, sorted(self.in_order), sorted(self.phase_of.items()), LANES, CHUNK_LINES, CHUNK_BYTES]
        return hashlib.sha256(orjson.dumps(parts)).hexdigest()


async def fetched_plan(doors: Doors, tell: Tell) -> Plan:
    """The plan from what the services say of themselves. Raises Stop (exit 3) when one stays away."""

    async def once() -> list[Json]:
        answers: list[Json] = await asyncio.gather(*(get(door, "/v1/catalogue") for door in doors.values()))
        return answers

    return plan(await patiently(once, _PATIENCE_SECONDS, tell))


def plan(catalogues: Sequence[Json]) -> Plan:
    """The plan that follows from the services' catalogues. Raises Stop when they rest on one another in a circle."""
    rests_on = {entry["service"]: set(entry.get("rests_on", ())) for entry in catalogues}
    phases = _in_order(rests_on)
    phase_of: dict[str, int] = {}
    for entry in catalogues:
        for fact in entry["facts"]:
            if fact.get("door", True):
                phase_of[fact["fact"]] = phases.index(entry["service"])
            else:
                phase_of.setdefault(fact["fact"], MADE_BY_THE_PRODUCT)
    return Plan(phases, {service: frozenset(others & set(phases)) for service, others in rests_on.items()}, phase_of)


def _in_order(rests_on: Mapping[str, set[str]]) -> tuple[str, ...]:
    """Always the same order: what rests on least first, by name where it does not matter."""
    sorter = TopologicalSorter({service: others & set(rests_on) for service, others in rests_on.items()})
    order: list[str] = []
    try:
        sorter.prepare()
    except CycleError:
        raise Stop(
            "De diensten rusten in een kring op elkaar; zo is er geen volgorde.",
            "the services rest on one another in a circle; there is no order",
            AWAY,
        ) from None
    while sorter.is_active():
        free = sorted(sorter.get_ready())
        order += free
        sorter.done(*free)
    return tuple(order)
