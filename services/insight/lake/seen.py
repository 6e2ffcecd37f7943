"""Which events the lake has: an event counts once, however often a relay published it.

An event is known by its service and sequence; a case's version says the same in another way. Both are asked, so that a
log that began anew under the same numbers is noticed and not taken for the old one.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Longs = NDArray[np.int64]
NEW, REPEATED, CONTRADICTS = 0, 1, 2
_CHUNK = 1 << 16
_FRESH = 200_000


@dataclass
class Sequences:
    """A set of sequences: a byte for each, in chunks, so that holes cost nothing."""

    chunks: dict[int, NDArray[np.bool_]] = field(default_factory=dict)

    def has(self, sequences: Longs) -> NDArray[np.bool_]:
        """Which of these are in it."""
        found = np.zeros(len(sequences), bool)
        for number in np.unique(sequences // _CHUNK):
            chunk = self.chunks.get(int(number))
            if chunk is not None:
                here = sequences // _CHUNK == number
                found[here] = chunk[sequences[here] % _CHUNK]
        return found

    def add(self, sequences: Longs) -> None:
        """Puts these in."""
        for number in np.unique(sequences // _CHUNK):
            chunk = self.chunks.setdefault(int(number), np.zeros(_CHUNK, bool))
            chunk[sequences[sequences // _CHUNK == number] % _CHUNK] = True


@dataclass
class Versions:
    """Per case up to which version there is no gap. What came before a gap closed is not counted in yet."""

    cases: Longs = field(default_factory=lambda: np.zeros(0, np.int64))
    upto: Longs = field(default_factory=lambda: np.zeros(0, np.int64))
    fresh: dict[int, int] = field(default_factory=dict)

    def of(self, cases: Longs) -> Longs:
        """Per case the version; 0 for a case nobody knows."""
        names, places = np.unique(cases, return_inverse=True)
        found = np.zeros(len(names), np.int64)
        if len(self.cases):
            at = np.minimum(np.searchsorted(self.cases, names), len(self.cases) - 1)
            found = np.where(self.cases[at] == names, self.upto[at], 0)
        for place, name in enumerate(names.tolist()):
            if name in self.fresh:
                found[place] = self.fresh[name]
        return found[places]

    def add(self, cases: Longs, versions: Longs) -> None:
        """These are there now, in this order."""
        for case, version, before in zip(cases.tolist(), versions.tolist(), self.of(cases).tolist(), strict=True):
            if version == self.fresh.get(case, before) + 1:
                self.fresh[case] = version
        if len(self.fresh) > _FRESH:
            self._settle()

    def _settle(self) -> None:
        """Puts what is fresh among the sorted ones."""
        names = np.fromiter(self.fresh, np.int64, len(self.fresh))
        stays = ~np.isin(self.cases, names)
        cases = np.concatenate([self.cases[stays], names])
        upto = np.concatenate([self.upto[stays], np.fromiter(self.fresh.values(), np.int64, len(self.fresh))])
        order = np.argsort(cases)
        self.cases, self.upto, self.fresh = cases[order], upto[order], {}


@dataclass
class Seen:
    """What the lake has of each service."""

    sequences: dict[str, Sequences] = field(default_factory=lambda: defaultdict(Sequences))
    versions: dict[str, Versions] = field(default_factory=lambda: defaultdict(Versions))

    def verdicts(self, service: str, sequences: Longs, cases: Longs, versions: Longs) -> NDArray[np.int8]:
        """Per event NEW, REPEATED or CONTRADICTS: the number of another event, or another number for the same one."""
        upto = self.versions[service].of(cases)
        numbered = self.sequences[service].has(sequences) | _again(sequences)
        versioned = (versions <= upto) | _again(cases, versions)
        found = np.full(len(sequences), NEW, np.int8)
        found[versioned & ~numbered] = CONTRADICTS
        found[numbered] = np.where(versioned | (upto == 0), REPEATED, CONTRADICTS)[numbered]
        return found

    def add(self, service: str, sequences: Longs, cases: Longs, versions: Longs) -> None:
        """The lake has these."""
        self.sequences[service].add(sequences)
        self.versions[service].add(cases, versions)


def _again(*keys: Longs) -> NDArray[np.bool_]:
    """Which entries stood there before in the same list."""
    order = np.lexsort(keys)
    same = np.ones(max(len(order) - 1, 0), bool)
    for key in keys:
        same &= key[order][1:] == key[order][:-1]
    again = np.zeros(len(order), bool)
    again[order[1:]] = same
    return again
