"""Records of one partition to columns: the events of a batch as a table, and the sealed texts as another."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from services.insight.lake.columns import columns
from services.insight.lake.filling import Filling
from services.insight.lake.names import Place
from services.insight.lake.pseudonyms import Pseudonyms
from services.insight.lake.reading import Counts, Record, envelopes, groups
from services.insight.lake.seen import CONTRADICTS, NEW, REPEATED, Longs, Seen


@dataclass(frozen=True)
class Batch:
    """What came of some records: the tables, what was counted, and what the lake has seen with them."""

    events: pa.Table
    texts: pa.Table
    counts: Counts
    last: int
    """The sequence of the last record; 0 when it has none."""
    highest: int
    """The highest sequence of all these records, also of those the lake had already."""
    keys: tuple[Longs, Longs, Longs]
    """Sequences, cases and versions of the events."""


def convert(records: Sequence[Record], place: Place, epoch: int, names: Pseudonyms, seen: Seen) -> Batch:
    """The batch of some records, in their order. What is none of ours, and what was seen before, is only counted."""
    counts: Counts = Counter()
    read = envelopes(records, place.service, counts)
    sequences = np.array([one.sequence for one in read], np.int64)
    cases = np.array(names.numbers([one.subject for one in read]), np.int64)
    versions = np.array([one.caseversion for one in read], np.int64)
    verdicts = seen.verdicts(place.service, sequences, cases, versions)
    counts["repeated"] = int((verdicts == REPEATED).sum())
    counts["contradicts"] = int((verdicts == CONTRADICTS).sum())
    fresh = np.flatnonzero(verdicts == NEW)
    known = columns()
    kept = [read[number] for number in fresh.tolist()]
    filling = Filling(kept, known, names, counts)
    for group in groups(kept, place.service, known, counts):
        filling.fill(group)
    events = filling.events_table(place, epoch)
    counts["rows"] = events.num_rows
    return Batch(
        events,
        filling.texts_table(place),
        +counts,
        read[-1].sequence if read and read[-1].offset == records[-1].offset else 0,
        max((one.sequence for one in read), default=0),
        (sequences[fresh], cases[fresh], versions[fresh]),
    )
