"""From what stands on the log to the codes of the statistics: what one municipality's mapping says."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from services.insight.srg.fields import UNCLASSIFIED, UNKNOWN
from services.insight.srg.plain import plain


@dataclass(frozen=True, slots=True)
class Entry:
    """What something is called in the statistics; None where it says nothing."""

    type: str | None = None
    purpose: str | None = None
    ability: str | None = None
    description: str | None = None

    def under(self, other: "Entry") -> "Entry":
        """This, where the other says nothing."""
        said = {name: getattr(other, name) for name in Entry.__slots__ if getattr(other, name) is not None}
        return replace(self, **said)


@dataclass(frozen=True, slots=True)
class JobEntry:
    """What an instrument for an employer is called, and under which contracts it is called something else."""

    usual: Entry | None
    contracts: Mapping[str, Entry | None]

    def of(self, contract: str) -> Entry | None:
        """Under this contract; None when the municipality gives no such thing."""
        if contract not in self.contracts:
            return self.usual
        found = self.contracts[contract]
        return found if found is None or self.usual is None else self.usual.under(found)


@dataclass(frozen=True)
class Elements:
    """The names of elements. A group without a name has no element of its own."""

    root: str
    header: str
    record: str
    groups: Mapping[str, str]
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Translation:
    """What holds in one municipality."""

    package: str
    release: str
    reporter: str | None
    elements: Elements
    begins: Literal["accepted", "started"]
    trajectories: Mapping[str, Entry]
    goals: Mapping[str, Entry]
    instruments: Mapping[str, Entry | None]
    jobs: Mapping[str, JobEntry | None]
    wage_value_for: frozenset[str]
    end_reason_for: frozenset[str]
    administrative: frozenset[str]
    provided_ends: frozenset[str]
    job_ends: frozenset[str]

    def hand_off(self, trajectory: str | None, goal: str | None, known: bool) -> Entry:
        """A hand-off; until it is known what is done there, its type is that nobody knows."""
        usual = self.trajectories.get(trajectory or "", Entry(UNCLASSIFIED, description=_words(trajectory)))
        entry = usual.under(self.goals.get(goal or "", Entry()))
        return entry if known else replace(entry, type=UNKNOWN, description="Uitbesteed en onbekend")

    def instrument(self, code: str | None) -> Entry | None:
        """An instrument at work; None when it is no facility of the municipality."""
        if code is None or code not in self.instruments:
            return Entry(UNCLASSIFIED, description=_words(code))
        return self.instruments[code]

    def job(self, instrument: str, contract: str) -> Entry | None:
        """What an employer gets; None when the municipality does not give it."""
        if instrument not in self.jobs:
            return Entry(UNCLASSIFIED, description=_words(instrument))
        entry = self.jobs[instrument]
        return None if entry is None else entry.of(contract)


def _words(code: str | None) -> str | None:
    """A code that nobody has put into words, as words."""
    return None if code is None else plain(code.replace("_", " ").replace(".", " "))
