"""What a lake's files say when its writer starts: which events there are, where each partition goes on, the counts."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import orjson

from services.insight.lake.encoding import mark_of
from services.insight.lake.folders import Stored
from services.insight.lake.names import Place
from services.insight.lake.reading import Counts
from services.insight.lake.seen import Seen

_SEQUENCES = "select service, sequence from read_parquet($1)"
_VERSIONS = """
    select service, case_id, max(caseversion) upto from read_parquet($1) where case_id is not null
    group by all having count(*) = max(caseversion) order by service, case_id
"""
_MARKS = "select value from parquet_kv_metadata($1) where key = 'overdracht'"
_ROWS = 1_000_000


@dataclass
class Standing:
    """Where the copying of a partition stands."""

    place: Place
    epoch: int = 0
    next: int = 0
    """The offset of the first record that is not in the lake."""
    anchor: tuple[int, int] | None = None
    """A record of this epoch that the lake has read: its offset and sequence. It must still be there."""
    reached: int = 0
    """The highest sequence of this epoch."""
    had: int = 0
    """The highest sequence of the epochs before it."""

    @property
    def status(self) -> str:
        """`topic_shorter_than_lake` until the partition has told all again that it told before it began anew."""
        return "topic_shorter_than_lake" if self.reached < self.had else "ok"

    def begin_anew(self, first: int) -> None:
        """The partition's records are others now, from this offset on."""
        self.epoch, self.next, self.anchor = self.epoch + 1, first, None
        self.had, self.reached = max(self.had, self.reached), 0


def standings(files: Iterable[Stored]) -> dict[Place, Standing]:
    """Per partition where to go on, as the names of the files and the last one's mark say."""
    found: dict[Place, Standing] = {}
    last: dict[tuple[Place, int], Stored] = {}
    for one in files:
        key = (one.range.place, one.range.epoch)
        if key not in last or one.range > last[key].range:
            last[key] = one
    for (place, epoch), one in sorted(last.items()):
        mark = mark_of(one.path)
        standing = found.setdefault(place, Standing(place))
        standing.had = max(standing.had, standing.reached)
        standing.epoch, standing.next = epoch, one.range.last + 1
        standing.anchor, standing.reached = (one.range.last, mark["last"]), mark["reached"]
    return found


def known(files: Sequence[Stored]) -> tuple[Seen, Counts]:
    """All events that the files hold, and all that was counted while they were written."""
    found, counts = Seen(), Counter[str]()
    if not files:
        return found, counts
    paths = [str(one.path) for one in files]
    with duckdb.connect() as connection:
        for batch in connection.sql(_SEQUENCES, params=[paths]).to_arrow_reader(_ROWS):
            for service, sequences in _by_service(batch):
                found.sequences[service].add(sequences[0])
        for batch in connection.sql(_VERSIONS, params=[paths]).to_arrow_reader(_ROWS):
            for service, (cases, upto) in _by_service(batch):
                versions = found.versions[service]
                versions.cases = np.concatenate([versions.cases, cases])
                versions.upto = np.concatenate([versions.upto, upto.astype(np.int64)])
        for (mark,) in connection.sql(_MARKS, params=[paths]).fetchall():
            counts.update(orjson.loads(mark)["counts"])
    return found, counts


def _by_service(batch: Any) -> list[tuple[str, list[Any]]]:
    """Per service its rows of the other columns."""
    services = batch.column(0).to_numpy(zero_copy_only=False)
    others = [batch.column(number).to_numpy(zero_copy_only=False) for number in range(1, batch.num_columns)]
    return [(str(name), [one[services == name] for one in others]) for name in np.unique(services.astype(str))]
