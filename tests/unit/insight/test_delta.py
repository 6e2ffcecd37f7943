"""Past one machine: the same rows in a Delta table, its commit holding how far each partition is."""

from pathlib import Path

from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake

from services.insight.lake.converting import convert
from services.insight.lake.names import Place
from services.insight.lake.pseudonyms import Pseudonyms
from services.insight.lake.seen import Seen
from tests.builders import TRUTH
from tests.lakes import KEY
from tests.leiden_log import Record, leiden_topics


def next_of(table: Path, place: Place) -> int:
    """Where to go on, as the table itself says."""
    if not DeltaTable.is_deltatable(str(table)):
        return 0
    last = DeltaTable(str(table)).transaction_version(f"{place.topic}-{place.partition}")
    return 0 if last is None else last + 1


def append(table: Path, place: Place, records: list[Record], names: Pseudonyms, seen: Seen) -> None:
    """Rows and offset in one commit."""
    batch = convert(records, place, 0, names, seen)
    seen.add(place.service, *batch.keys)
    done = Transaction(f"{place.topic}-{place.partition}", records[-1].offset)
    commit = CommitProperties(app_transactions=[done])
    write_deltalake(str(table), batch.events, mode="append", schema_mode="merge", commit_properties=commit)


def test_a_delta_table_holds_the_same_and_knows_how_far_it_is(tmp_path: Path) -> None:
    table, names, seen = tmp_path / "events", Pseudonyms(KEY), Seen()
    for (topic, partition), some in leiden_topics().items():
        place = Place(topic.partition(".")[2], partition)
        while (start := next_of(table, place)) < len(some):
            append(table, place, some[start : start + 2_000], names, seen)
        assert next_of(table, place) == len(some)
    facts = DeltaTable(str(table)).to_pyarrow_table(columns=["fact"])["fact"].value_counts().to_pylist()
    found = {one["values"]: one["counts"] for one in facts}
    assert {fact: found[fact] for fact in TRUTH["facts"]} == TRUTH["facts"]
