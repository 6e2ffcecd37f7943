"""What has been exported so far, for whoever waits, and for the answer at the end."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
Progress = Callable[[int], None]
"""Hears how many events have been written."""
_EVERY = 10_000


@dataclass
class Told:
    """Counts what passes."""

    progress: Progress | None = None
    event_count: int = 0
    object_count: int = 0
    relation_count: int = 0

    def events(self, some: Iterator[T]) -> Iterator[T]:
        """The same events, counted."""
        for one in some:
            self.event_count += 1
            if self.progress is not None and self.event_count % _EVERY == 0:
                self.progress(self.event_count)
            yield one

    def objects(self, some: Iterator[T]) -> Iterator[T]:
        """The same objects, counted."""
        for one in some:
            self.object_count += 1
            yield one

    def relations(self, some: list[T]) -> list[T]:
        """The same relations, counted."""
        self.relation_count += len(some)
        return some
