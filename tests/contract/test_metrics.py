"""Metrics as Prometheus asks for them: named for what they are, explained, by labels that are closed sets."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from services.insight import metrics as insight
from shared.measuring import Measure
from shared.metrics import DELIVERY
from tests.builders import ROOT

SERVICES = ("intake", "diagnosis", "referral", "outcome")
LABELS = {
    "kind", "topic", "partition", "result", "reason", "part", "days", "turn", "route", "method", "status", "from", "to",
    "fact", "imported", "family", "clock", "channel", "decision", "ground", "perspective", "sustained_months",
    "provider",
}  # fmt: skip
"""Each is a closed set: codes, topics, templates. A new one is thought about before it stands here."""
UNITS = ("seconds", "records", "events", "letters", "cases", "checkpoints", "referrals", "ratio")
STATES = {"overdracht_leading", "overdracht_ready", "overdracht_lake_whole"}
"""Gauges that are one or nought."""
SOURCES: dict[str, tuple[Path, tuple[Measure, ...]]] = {
    "shared": (ROOT / "shared" / "metrics.py", DELIVERY),
    **{
        name: (ROOT / "services" / name / "metrics.py", import_module(f"services.{name}.metrics").MEASURED.measures)
        for name in SERVICES
    },
    "insight": (ROOT / "services" / "insight" / "metrics.py", insight.OWN),
}
MEASURES = [(source, one) for source, (_, measures) in SOURCES.items() for one in measures]
each_metric = pytest.mark.parametrize(("source", "one"), MEASURES, ids=[f"{s}-{m.name}" for s, m in MEASURES])


@each_metric
def test_a_metric_is_named_for_what_it_is(source: str, one: Measure) -> None:
    assert re.fullmatch(r"overdracht(_[a-z]+)+", one.name)
    assert (one.kind == "counter") == one.name.endswith("_total")
    assert not re.search(r"_(ms|milliseconds|minutes|hours|days|count|sum|bucket)(_total)?$", one.name)
    if one.kind == "histogram":
        assert one.name.endswith("_seconds")
        assert list(one.buckets) == sorted(set(one.buckets))
    if one.kind == "gauge" and one.name not in STATES:
        assert one.name.endswith(UNITS)


@each_metric
def test_a_metric_says_what_it_means_in_a_sentence(source: str, one: Measure) -> None:
    assert one.help[0].isupper()
    assert len(one.help) > len("Jobs ended.")


@each_metric
def test_a_metric_is_split_by_closed_sets_only(source: str, one: Measure) -> None:
    assert set(one.labels) <= LABELS
    assert all(len(labels) == len(one.labels) for labels in one.starts)


@each_metric
def test_a_metric_is_in_the_documentation(source: str, one: Measure) -> None:
    place = ROOT / ("deploy/RUNBOOK.md" if source == "shared" else f"services/{source}/README.md")
    assert f"| `{one.name}` | {one.kind} | " in place.read_text(), f"run `make schemas`: {place.name}"
    assert one.help in place.read_text()


@pytest.mark.parametrize("source", SOURCES)
def test_a_metric_is_declared_under_a_comment_that_says_what_it_is_for_and_is_listed(source: str) -> None:
    path, measures = SOURCES[source]
    declared = re.findall(r"(?m)^(?P<above>.*)\n[A-Z_]+ = (?:counter|gauge|histogram)\(", path.read_text())
    assert len(declared) == len(measures) == len({one.name for one in measures})
    assert [line for line in declared if not line.startswith("# ")] == []


def test_a_name_means_the_same_in_every_service() -> None:
    known: dict[str, Any] = {}
    for _, one in MEASURES:
        meaning = (one.kind, one.help, one.labels)
        assert known.setdefault(one.name, meaning) == meaning, one.name


@pytest.mark.parametrize("service", SERVICES)
def test_every_fact_that_says_a_term_has_passed_is_counted_by_its_clock(service: str) -> None:
    facts: dict[str, Any] = import_module(f"services.{service}.events").FACTS
    passed = {name for name, fact in facts.items() if {"due_on", "waiting_for"} <= set(fact.model_fields)}
    assert set(import_module(f"services.{service}.metrics").CLOCKS) == passed


def test_every_hand_off_is_counted_from_one_side_to_the_other() -> None:
    facts: dict[str, Any] = import_module("services.referral.events").FACTS
    ways = import_module("services.referral.metrics").WAYS
    assert set(ways) == {name for name, fact in facts.items() if fact.hand_off}
    assert ways["referral_sent"] == ways["return_reviewed"] == ("municipality", "provider")
    assert ways["referral_accepted"] == ways["referral_returned"] == ("provider", "municipality")
