"""The year as XES: a trace per case with its facts in their order, for tools that know nothing but cases."""

import gzip
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from services.insight.exports.exporting import Exported, export
from tests.builders import DAY, NOON
from tests.lakes import event, rows
from tests.unit.insight.exports_given import lake_of, pm4py, referral, returned, sent

XES = "{http://www.xes-standard.org/}"
Said = dict[str, str]


@pytest.fixture(scope="module")
def year(leiden_lake: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Exported]:
    """The file of the year, and what the export says of it."""
    out = tmp_path_factory.mktemp("year") / "log.xes.gz"
    return out, export(leiden_lake, "xes", out)


def traces(path: Path) -> dict[str, list[Said]]:
    """By case what its events say."""
    raw = path.read_bytes()
    log = ET.fromstring(gzip.decompress(raw) if path.suffix == ".gz" else raw)  # noqa: S314 - our own
    assert log.tag == f"{XES}log"
    return {
        said(trace)["concept:name"]: [said(one) for one in trace.iter(f"{XES}event")]
        for trace in log.iter(f"{XES}trace")
    }


def said(element: ET.Element) -> Said:
    """By key the value, of what stands directly in an element."""
    return {one.attrib["key"]: one.attrib["value"] for one in element if "key" in one.attrib}


def test_each_case_is_a_trace_with_all_its_facts(year: tuple[Path, Exported], leiden_lake: Path) -> None:
    counted = rows(
        leiden_lake, "select 'case-' || case_id as id, count(*) as n from events where case_id is not null group by 1"
    )
    expected = {one["id"]: one["n"] for one in counted}
    log = pm4py().read_xes(str(year[0]))
    assert Counter(log["case:concept:name"]) == expected
    assert year[1] == Exported(len(log), len(expected), relations=0, withheld=0, undated=0)


def test_facts_stand_in_the_order_in_which_they_happened(year: tuple[Path, Exported]) -> None:
    for facts in traces(year[0]).values():
        moments = [one["time:timestamp"] for one in facts]
        assert moments == sorted(moments)


def test_every_event_says_what_when_and_which_side(year: tuple[Path, Exported]) -> None:
    facts = [one for some in traces(year[0]).values() for one in some]
    assert {one["lifecycle:transition"] for one in facts} == {"complete"}
    assert {one["org:group"] for one in facts} == {"municipality", "provider", "citizen", "system"}
    assert all({"concept:name", "time:timestamp", "org:role"} <= set(one) for one in facts)
    assert not any("org:resource" in one for one in facts)


def test_every_extension_that_is_used_is_declared(year: tuple[Path, Exported]) -> None:
    log = ET.fromstring(gzip.decompress(year[0].read_bytes()))  # noqa: S314 - our own
    declared = {one.attrib["prefix"]: one.attrib["uri"] for one in log.iter(f"{XES}extension")}
    used = {one.attrib["key"].split(":")[0] for one in log.iter() if ":" in one.attrib.get("key", "")}
    assert set(declared) == used
    assert declared["org"] == "http://www.xes-standard.org/org.xesext"
    order = [one.tag.removeprefix(XES) for one in log]
    assert order == sorted(order, key=["extension", "global", "classifier", "string", "trace"].index)


def test_a_small_story_is_told_in_full(tmp_path: Path) -> None:
    late = event(4, "referral_received", at=NOON + DAY)
    export(lake_of(tmp_path, sent(1), returned(2, at=NOON + 9 * DAY), late), "xes", tmp_path / "log.xes")
    [facts] = traces(tmp_path / "log.xes").values()
    assert [(one["concept:name"], one["time:timestamp"]) for one in facts] == [
        ("referral_sent", "2026-03-02T12:00:00.000Z"),
        ("referral_received", "2026-03-03T12:00:00.000Z"),
        ("referral_returned", "2026-03-11T12:00:00.000Z"),
    ]
    assert facts[2]["primary_reason"] == "person.debts"
    assert facts[0]["warm"] == "true"


def test_what_is_about_no_case_is_in_no_trace(tmp_path: Path) -> None:
    places = {"occurred_at": NOON.isoformat(), "organisation": "org-werk", "trajectory": "care", "places": 4}
    lake = lake_of(
        tmp_path, event(1, "capacity_stated", data=places), event(2, "referral_praised", referral_id=referral())
    )
    assert export(lake, "xes", tmp_path / "log.xes") == Exported(1, 1, 0, 0, 0)
    [facts] = traces(tmp_path / "log.xes").values()
    assert [one["concept:name"] for one in facts] == ["referral_praised"]


def test_compressed_or_not_it_says_the_same(year: tuple[Path, Exported], leiden_lake: Path, tmp_path: Path) -> None:
    export(leiden_lake, "xes", tmp_path / "log.xes")
    assert gzip.decompress(year[0].read_bytes()) == (tmp_path / "log.xes").read_bytes()


def test_an_empty_lake_is_a_log_without_traces(tmp_path: Path) -> None:
    assert export(lake_of(tmp_path), "xes", tmp_path / "log.xes") == Exported(0, 0, 0, 0, 0)
    assert traces(tmp_path / "log.xes") == {}
