"""The rows kept up to date: built once from the lake, then the rows of a case made anew when something is heard of it.

Every row follows from the events of its own case alone, so what is made anew is what a rebuild would make: live
figures and rebuilt ones are equal to the bit.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from services.insight.measures.frame import Frame, rows_of
from services.insight.measures.gathering import KINDS, Offsets, gathered


@dataclass
class Kept:
    """The rows of a lake; `generation` grows with each change."""

    lake: Path
    tables: dict[str, pa.Table] = field(default_factory=dict)
    frame: Frame = field(default_factory=dict)
    generation: int = 0

    def rebuild(self, until: Offsets | None = None) -> None:
        """Makes all rows from the files: of what was on the log up to these offsets, when they are said."""
        self._take(dict(gathered(self.lake, until=until)))

    def touch(self, cases: Collection[int], until: Offsets | None = None) -> None:
        """Makes the rows of these cases anew."""
        if not cases:
            return
        ids = pa.array(sorted(cases), pa.int64())
        fresh = {}
        for kind, table in gathered(self.lake, cases, until):
            before = self.tables[kind]
            others = before.filter(pc.invert(pc.is_in(before["case_id"], value_set=ids)))
            fresh[kind] = _ordered(pa.concat_tables([others, table.cast(before.schema)]), kind)
        self._take(fresh)

    def _take(self, tables: dict[str, pa.Table]) -> None:
        self.tables = tables
        self.frame = {kind: rows_of(table) for kind, table in tables.items()}
        self.generation += 1


def _ordered(table: pa.Table, kind: str) -> pa.Table:
    """In the one order of its kind; DuckDB puts what is missing last, and so does this."""
    return table.sort_by([(name.strip(), "ascending") for name in KINDS[kind].split(",")])
