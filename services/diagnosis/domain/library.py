"""The instruments and frameworks as plain data, and how one is found by name, version and municipality."""

from dataclasses import dataclass, field
from typing import Literal

from services.diagnosis.codes import Direction, Factor, LifeArea


@dataclass(frozen=True, slots=True)
class Item:
    """A question of an instrument. `reversed`: a high answer hinders."""

    code: str
    life_area: LifeArea
    factor: Factor
    by: Literal["citizen", "professional"]
    nl: str
    en: str
    reversed: bool = False
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Instrument:
    """A version of a questionnaire; answers are whole numbers from `low` to `high`."""

    instrument: str
    version: str
    nl: str
    en: str
    low: int
    high: int
    labels: tuple[tuple[int, str, str], ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a framework: for which sides it usually speaks, which factor it touches."""

    code: str
    sides: tuple[Direction, ...]
    factor: Factor
    nl: str
    en: str


@dataclass(frozen=True, slots=True)
class Framework:
    """A version of the weighing framework: the national core, or what one municipality adds below it."""

    version: str
    municipality: str | None
    arguments: dict[str, Argument]

    @property
    def age(self) -> tuple[int, ...]:
        """Sorts versions: the newest is the greatest."""
        return tuple(int(part) for part in self.version.rpartition("-")[2].split("."))


@dataclass(frozen=True)
class Library:
    """All versions that are known here. Of an empty one nothing is found: then nothing is let through either."""

    instruments: dict[tuple[str, str], Instrument] = field(default_factory=dict)
    cores: tuple[Framework, ...] = ()
    additions: tuple[Framework, ...] = ()

    def framework(self, municipality: str, version: str | None = None) -> Framework | None:
        """The framework a municipality weighs with. Without a version: the newest core and its own newest additions.

        A version is `core-2026.1`, a municipality's own (then on the newest core), or both with a plus. Additions of
        another municipality are never part of it.
        """
        cores = {core.version: core for core in self.cores}
        own = {one.version: one for one in self.additions if one.municipality == municipality}
        newest = max(self.cores, key=lambda one: one.age, default=None)
        if version is None:
            return _joined(newest, max(own.values(), key=lambda one: one.age, default=None))
        first, _, second = version.partition("+")
        if second:
            return _joined(cores.get(first), own[second]) if second in own else None
        return cores.get(first) or (_joined(newest, own[first]) if first in own else None)

    def versions(self, municipality: str) -> list[str]:
        """The versions a municipality may name."""
        own = [one.version for one in self.additions if one.municipality == municipality]
        return sorted([core.version for core in self.cores] + own)


def _joined(core: Framework | None, additions: Framework | None) -> Framework | None:
    if core is None or additions is None:
        return core
    version = f"{core.version}+{additions.version}"
    return Framework(version, additions.municipality, {**core.arguments, **additions.arguments})


NOTHING = Library()
