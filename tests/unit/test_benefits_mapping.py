"""A mapping is checked as a whole before a row is read: everything that is wrong is said, with its line."""

from typing import Any

import pytest

from overdracht.benefits.mapping import mapping
from overdracht.benefits.rows import heading
from tests.unit.benefits_given import CSV, MAPPING, contract, mapped, small, written, wrong


def changed(*path: str, to: Any = None, drop: bool = False) -> dict[str, Any]:
    """The small mapping with one thing otherwise."""
    told = small()
    node = told
    for step in path[:-1]:
        node = node[step]
    if drop:
        del node[path[-1]]
    else:
        node[path[-1]] = to
    return told


def test_the_example_is_right_and_its_columns_are_in_its_file() -> None:
    found, _, problems = mapping(MAPPING.read_bytes(), contract())
    assert problems == []
    assert found is not None
    assert heading(CSV, found).missing(list(found.columns)) == []
    assert set(found.reports) == {"application", "decision", "ending"}


def test_every_value_is_text_whatever_yaml_would_make_of_it() -> None:
    told = b"""
version: 1
reports:
  decision:
    decision_number: 007
    dossier: no
    decided_on: 2025-01-01
    decision: {column: on, values: {01: granted, 1: denied, nee: not_taken_up, 1.0: granted}}
"""
    found, _, problems = mapping(told, contract())
    assert problems == []
    assert found is not None
    sources = {source.field.name: source for source in found.reports["decision"]}
    assert [sources[name].column for name in ("decision_number", "dossier", "decided_on", "decision")] == [
        "007", "no", "2025-01-01", "on",
    ]  # fmt: skip
    assert sources["decision"].values == {"01": "granted", "1": "denied", "nee": "not_taken_up", "1.0": "granted"}


@pytest.mark.parametrize(
    ("told", "place", "says"),
    [
        (changed("version", to="2"), "version", "possible: 1"),
        (changed("version", drop=True), "", "missing here: version"),
        (changed("colour", to="red"), "colour", "does not belong"),
        (changed("municipality", to="Leiden"), "municipality", "form"),
        (changed("file", "encoding", to="latin-1"), "file.encoding", "possible: utf-8, windows-1252"),
        (changed("file", "separator", to="|"), "file.separator", "possible: ;, ,"),
        (changed("file", "date", to="%d-%m-%Y"), "file.date", "possible: yyyy-mm-dd"),
        (changed("report", "values", "A", to="appeal"), "report.values.A", "possible: application"),
        (changed("report", "column", drop=True), "report", "missing here: column"),
        (changed("report", drop=True), "reports", "which column names the kind"),
        (changed("report", "values", "E", to="ending"), "report.values.E", "how to read ending"),
        (changed("reports", "appeal", to={"x": "y"}), "reports.appeal", "does not belong"),
        (changed("reports", "decision", to=[]), "reports.decision", "form"),
        (changed("reports", "decision", "colour", to="Kleur"), "reports.decision.colour", "no such field"),
        (changed("reports", "decision", "municipality", to="G"), "reports.decision.municipality", "no such field"),
        (changed("reports", "decision", "decided_on", drop=True), "reports.decision", "decided_on is required"),
        (changed("reports", "application", "bsn", to=""), "reports.application.bsn", "form"),
        (changed("reports", "application", "bsn", to=["BSN"]), "reports.application.bsn", "form"),
        (changed("reports", "application", "kind", "constant", to="old"), "reports.application.kind.constant", "take"),
        (
            changed("reports", "application", "channel", "default", to="x"),
            "reports.application.channel.default",
            "take",
        ),
        (
            changed("reports", "decision", "decision", "values", "T", to="yes"),
            "reports.decision.decision.values.T",
            "decision does not take this",
        ),
        (
            changed("reports", "application", "channel", "bands", to={"walk_in": "3"}),
            "reports.application.channel",
            "values or bands",
        ),
        (
            changed("reports", "application", "case_mix.age_band", to={"column": "L", "bands": {"0-26": "26"}}),
            "reports.application.case_mix.age_band.bands.0-26",
            "does not take this",
        ),
        (
            changed("reports", "application", "bsn", to={"column": "BSN", "date": "yyyymmdd"}),
            "reports.application.bsn.date",
            "no date",
        ),
        (
            changed("reports", "application", "bsn", to={"column": "BSN", "constant": "x"}),
            "reports.application.bsn.column",
            "does not belong",
        ),
    ],
)
def test_what_is_wrong_is_pointed_at(told: Any, place: str, says: str) -> None:
    found = wrong(told)
    assert [one.place for one in found if says in one.en] == [place], found
    assert all(one.nl and one.en and one.nl != one.en for one in found)


def test_all_errors_are_told_at_once_each_on_its_line() -> None:
    told = b"""version: 1
municipality: Leiden
file:
  encoding: latin-1
reports:
  decision:
    decision_number: Nr
    decision:
      column: Besluit
      values:
        T: yes
    kleur: Kleur
    decision_number: Twee
"""
    assert [(one.line, one.place) for one in wrong(told)] == [
        (2, "municipality"),
        (4, "file.encoding"),
        (6, "reports.decision"),
        (6, "reports.decision"),
        (11, "reports.decision.decision.values.T"),
        (12, "reports.decision.kleur"),
        (13, "reports.decision.decision_number"),
    ]


@pytest.mark.parametrize(
    "told",
    [b"", b"[]", b"text", b"a: [", b"\xff\xfe", b"a: &x 1\nb: *x\n", b"- 1\n- 2\n", b"x" * 1_000_001, b"a: \x00"],
)
def test_what_is_no_mapping_at_all_is_told_so(told: bytes) -> None:
    found = wrong(told)
    assert found
    assert all(one.line >= 1 for one in found)


def test_a_mapping_may_begin_with_a_byte_order_mark() -> None:
    found, _, problems = mapping(b"\xef\xbb\xbf" + written(small()), contract())
    assert problems == []
    assert found == mapped()


def test_the_fields_are_those_of_the_door() -> None:
    """Nothing of a report can be left out of a file, and what the door must have is asked of every mapping."""
    fields = contract().fields
    assert {name for name, one in fields["application"].items() if one.required} == {
        "application_number", "kind", "channel", "received_on",
    }  # fmt: skip
    assert {"case_mix.age_band", "person.family_name", "bsn", "dossier", "occurred_at"} <= set(fields["application"])
    assert {name: one.written for name, one in fields["ending"].items()} == {
        "municipality": "text", "occurred_at": "moment", "ending_number": "text", "dossier": "text", "reason": "text",
        "ended_on": "date",
    }  # fmt: skip
