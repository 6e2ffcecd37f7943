"""The rows kept up to date: built once from the lake, then the rows of a case made anew when something is heard of it.

Every row follows from the events of its own case alone, so what is made anew is what a rebuild would make: live
figures and rebuilt ones are equal to the bit.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from services.insight.measures.frame import Frame, renewed, rows_of
from services.insight.measures.gathering import KINDS, Offsets, gathered


@dataclass
class Kept:
    """The rows of a lake; `generation` grows with each change."""

    lake: Path
    frame: Frame = field(default_factory=dict)
    generation: int = 0

    def rebuild(self, until: Offsets | None = None) -> None:
        """Makes all rows from the files: of what was on the log up to these offsets, when they are said."""
        self._take(whole(self.lake, until))

    def touch(self, cases: Collection[int], until: Offsets | None = None) -> None:
        """Makes the rows of these cases anew."""
        if not cases:
            return
        ids = np.fromiter(cases, np.int64, len(cases))
        self._take(
            {
                kind: renewed(self.frame[kind], rows_of(table), ids, KINDS[kind].partition(",")[0])
                for kind, table in gathered(self.lake, cases, until)
            }
        )

    def _take(self, frame: Frame) -> None:
        self.frame = frame
        self.generation += 1


def whole(lake: Path, until: Offsets | None = None) -> Frame:
    """All rows of a lake. One kind after another: no more than one is there twice."""
    return {kind: rows_of(table) for kind, table in gathered(lake, until=until)}
