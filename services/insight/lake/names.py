"""Names of files: which records of which partition they hold. The names alone say where to go on."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

TOPICS = ("intake", "diagnosis", "referral", "outcome", "practice")
"""The services whose topics are copied. Dead letters and checkpoints are not: they are no facts about cases."""
_NAME = re.compile(
    r"overdracht\.(?P<service>[a-z]+)-(?P<partition>\d+)(~(?P<epoch>\d+))?_(?P<first>\d{12})-(?P<last>\d{12})\.parquet"
)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A partition of a service's topic."""

    service: str
    partition: int

    @property
    def topic(self) -> str:
        """The topic's name."""
        return f"overdracht.{self.service}"


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """Records of a partition, from the first offset to the last. An epoch begins when the partition began anew."""

    place: Place
    epoch: int
    first: int
    last: int

    @property
    def name(self) -> str:
        """The file's name: names of one partition sort in the order of their records."""
        epoch = f"~{self.epoch}" if self.epoch else ""
        return f"{self.place.topic}-{self.place.partition}{epoch}_{self.first:012}-{self.last:012}.parquet"


def parsed(name: str) -> Range | None:
    """The range of a file's name; None when it is not a name of ours."""
    found = _NAME.fullmatch(name)
    if found is None or int(found["first"]) > int(found["last"]):
        return None
    place = Place(found["service"], int(found["partition"]))
    return Range(place, int(found["epoch"] or 0), int(found["first"]), int(found["last"]))


def joins(one: Range, other: Range) -> bool:
    """Whether the other goes on exactly where the one ends."""
    return (one.place, one.epoch, one.last + 1) == (other.place, other.epoch, other.first)


def faults(ranges: Iterable[Range]) -> Iterator[tuple[str, Range]]:
    """What is not right about the names: (`gap` or `overlap`, the range before which it was found)."""
    for _, some in groupby(sorted(ranges), lambda one: (one.place, one.epoch)):
        last = None
        for one in some:
            if last is not None and one.first > last + 1:
                yield "gap", one
            if last is not None and one.first <= last:
                yield "overlap", one
            last = one.last if last is None else max(last, one.last)


def runs(ranges: Iterable[Range], gaps: bool = False) -> list[list[Range]]:
    """The ranges in order, those of one epoch together that join each other; with `gaps` also those that do not."""
    found: list[list[Range]] = []
    for one in sorted(ranges):
        before = found[-1][-1] if found else None
        if before and (joins(before, one) or (gaps and (before.place, before.epoch) == (one.place, one.epoch))):
            found[-1].append(one)
        else:
            found.append([one])
    return found
