"""What leaves in an export: codes, never a text or a name; the whole file or none; and a no that says which field."""

import gzip
import stat
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from services.insight.exports import ocel
from services.insight.exports.exporting import SENTENCES, Exported, Kind, export
from services.insight.exports.progress import Told
from services.insight.exports.reading import Part, one, reading
from services.insight.lake import merging
from services.insight.lake.names import Place
from shared.refusals import GENERAL, Refused
from tests.builders import DAY, NOON
from tests.lakes import SEALED, event, opened_lake, put, records
from tests.unit.insight.exports_given import lake_of, ocel_of, referral, returned, sent, table

KINDS: tuple[Kind, ...] = ("ocel-json", "ocel-sqlite", "xes")
SECRET = "Jan durft niet"


def test_a_text_leaves_in_no_export_wherever_it_was_put(tmp_path: Path) -> None:
    lake = lake_of(
        tmp_path,
        sent(1, goal=SECRET, factors=[SECRET, "skills"], to_organisation=SECRET),
        returned(
            2, narrative=SECRET, tried=["job_coach", SECRET], remark=SECRET, deep={"why": SECRET},
            reasons=[{"code": SECRET, "primary": True}], citizen_reading={"view": SECRET, "own_words": SECRET},
        ),
        event(3, "referral_declined", referral_id=referral(), reason=SECRET, explanation=SEALED),
        event(4, SECRET),
        event(5, "referral_withdrawn", referral_id=referral(), reason="km-999990342"),
        event(6, "referral_resumed", referral_id=referral(), actor={"role": SECRET, "id": SECRET}),
        event(7, "application_received", service="intake", case_mix={"region": SECRET}, channel=SECRET),
        event(8, "nl.overdrachten.jan.v1", who=SECRET),
    )  # fmt: skip
    for kind in KINDS:
        out = tmp_path / kind
        told = export(lake, kind, out)
        assert told.withheld == 6, "goal, organisation, two reasons, role and channel"
        assert told.events == 8
        for planted in (b"Jan", b"durft", b"999990342", b"hpke1", b"job_coach;Jan"):
            assert planted not in out.read_bytes()
    log = ocel_of(lake)
    assert log.event("referral-4").type == "unknown"
    assert b"job_coach" in (tmp_path / "xes").read_bytes(), "what is a code stays"


def test_a_fact_without_a_moment_is_counted_and_not_told(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, event(1), event(2, occurred_at="yesterday"))
    for kind in KINDS:
        told = export(lake, kind, tmp_path / "log")
        assert (told.events, told.undated) == (1, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_lake_gives_the_same_however_its_files_lie(tmp_path: Path, kind: Kind) -> None:
    facts = [sent(1), event(2), returned(3, at=NOON + DAY), sent(4, number=2), event(5, number=2)]
    lake = lake_of(tmp_path, *facts)
    several = opened_lake(tmp_path / "several" / "lake", NOON)
    for first, fact in enumerate(facts):
        put(several, records([fact], first), Place("referral", 0))
    whole, split = exported(lake, kind), exported(several.folder, kind)
    assert whole == split
    for job in list(merging.jobs(several.folder, "2027-01")):
        merging.do(several.folder, job)
    assert exported(several.folder, kind) == whole


def exported(lake: Path, kind: Kind) -> Any:
    """The bytes, or the rows of all tables."""
    out = lake.parent / "log"
    export(lake, kind, out)
    if kind != "ocel-sqlite":
        return out.read_bytes()
    names = [name for (name,) in table(out, "select name from sqlite_master where type = 'table' order by 1")]
    return {name: table(out, f'select * from "{name}"') for name in names}


def test_what_comes_in_while_it_is_read_is_not_in_it(tmp_path: Path) -> None:
    lake = opened_lake(tmp_path / "lake")
    put(lake, records([sent(1), event(2)]))
    with reading(lake.folder, Part(), tmp_path / "spill") as connection:
        put(lake, records([event(3)], first=2))
        put(lake, records([event(1, service="outcome", fact="job_ended")]), Place("outcome", 0))
        assert one(connection, "SELECT count(*) FROM told") == 2
    with reading(lake.folder, Part(), tmp_path / "spill") as connection:
        assert one(connection, "SELECT count(*) FROM told") == 4


def test_who_waits_hears_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.insight.exports.progress._EVERY", 2)
    heard: list[int] = []
    export(lake_of(tmp_path, sent(1), event(2), event(3)), "xes", tmp_path / "log", progress=heard.append)
    assert heard == [2, 3]


@pytest.mark.parametrize("kind", KINDS)
def test_an_export_that_fails_leaves_what_was_there(
    tmp_path: Path, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, out = lake_of(tmp_path, sent(1)), tmp_path / "log"
    export(lake, kind, out)
    before = out.read_bytes()

    def full(*_: Any) -> None:
        raise OSError("no space")

    monkeypatch.setattr(Told, "events", full)
    with pytest.raises(OSError, match="no space"):
        export(lake, kind, out)
    assert out.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lake", "log"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_is_for_who_asked_alone(tmp_path: Path, kind: Kind) -> None:
    export(lake_of(tmp_path, sent(1)), kind, tmp_path / "log")
    assert stat.S_IMODE((tmp_path / "log").stat().st_mode) == 0o600


def test_json_is_compressed_when_its_name_says_so_each_time_alike(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, sent(1))
    export(lake, "ocel-json", tmp_path / "log.json")
    export(lake, "ocel-json", tmp_path / "one.json.gz")
    export(lake, "ocel-json", tmp_path / "two.json.gz")
    assert gzip.decompress((tmp_path / "one.json.gz").read_bytes()) == (tmp_path / "log.json").read_bytes()
    assert (tmp_path / "one.json.gz").read_bytes() == (tmp_path / "two.json.gz").read_bytes()


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        ({"kind": "csv"}, "field_invalid", "kind"),
        ({"kind": "ocel-sqlite", "out": "log.sqlite.gz"}, "not_compressed", "out"),
        ({"lake": "elsewhere"}, "lake_missing", "lake"),
        ({"municipality": "Leiden"}, "field_invalid", "municipality"),
        ({"since": datetime(2026, 1, 1)}, "time_invalid", "since"),  # noqa: DTZ001 - on purpose
        ({"until": datetime(2026, 1, 1)}, "time_invalid", "until"),  # noqa: DTZ001 - on purpose
        ({"since": NOON, "until": NOON}, "period_empty", "until"),
    ],
)
def test_what_cannot_be_exported_is_refused_by_name(
    tmp_path: Path, asked: dict[str, Any], code: str, field: str
) -> None:
    lake_of(tmp_path, sent(1))
    said = {"kind": "xes", **asked}
    lake, out = tmp_path / said.pop("lake", "lake"), tmp_path / said.pop("out", "log")
    with pytest.raises(Refused) as refusal:
        export(lake, said.pop("kind"), out, **said)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert code in {**GENERAL, **SENTENCES}
    assert not out.exists()


def test_ids_of_one_object_are_one_in_every_export(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, sent(1))
    [whole] = [one.id for one in ocel_of(lake).objects if one.type == "Case"]
    export(lake, "xes", tmp_path / "log.xes")
    assert f'value="{whole}"'.encode() in (tmp_path / "log.xes").read_bytes()


def test_two_values_at_one_moment_are_the_one_recorded_last(tmp_path: Path) -> None:
    def decided(sequence: int, direction: str) -> Any:
        return event(sequence, "direction_decided", service="diagnosis", direction=direction)

    whole = ocel_of(lake_of(tmp_path, decided(1, "work"), decided(2, "participation"))).object("Case")
    said = [(value.time.year, value.value) for value in whole.attributes if value.name == "direction"]
    assert said == [(1970, "undecided"), (2026, "participation")]


def test_every_type_of_object_has_a_view_with_its_attributes(tmp_path: Path) -> None:
    with reading(lake_of(tmp_path), Part(), tmp_path / "spill") as connection:
        ocel.prepare(connection)
        for kind in ocel.OBJECTS:
            assert list(ocel.objects(connection, kind)) == []


def test_nothing_is_an_answer_too(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, sent(1))
    assert export(lake, "ocel-json", tmp_path / "log", until=NOON) == Exported(0, 0, 0, 0, 0)
