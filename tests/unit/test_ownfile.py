"""A person's own file as it is told and written, and a line of the log of readings as a span."""

from typing import Any

import pytest
from typer.testing import CliRunner

from overdracht.__main__ import COMMANDS, built
from overdracht.ownfile.telling import parts_of
from overdracht.ownfile.writing import page, plain
from overdracht.readings import otlp

LINE: dict[str, Any] = {
    "position": 7,
    "trace_id": "0af7651916cd43dd8448eb211c80319c",
    "span_id": "b7ad6b7169203331",
    "parent_span_id": None,
    "status": "Ok",
    "name": "read person",
    "start_time": 1_767_225_600_123,
    "end_time": 1_767_225_600_130,
    "attributes": {"dpl.core.processing_activity_id": "https://x.example/r#person"},
    "audit": {
        "case_id": "c-1", "municipality": "GM0546", "reader": "km-1", "role": "caseworker", "organisation": None,
        "activity": "person",
    },
}  # fmt: skip
CASE: dict[str, Any] = {
    "case_id": "c-1",
    "municipality": "GM0546",
    "erased_at": None,
    "bsn": "999993653",
    "person": {"family_name": "<script>alert(1)</script>"},
    "organisations": [{"organisation": "org-rw", "party": True, "pseudonym": "p-abc"}],
    "retention": {"result": "denied", "ended_on": "2020-01-02", "until_on": "2025-01-02", "legal_source": "S:8.2"},
    "readings": [LINE],
    "facts": [
        {
            "service": "diagnosis",
            "fact": "life_area_mapped",
            "title_nl": "Leefgebied in kaart gebracht",
            "occurred_at": "2026-07-01T08:00:00+00:00",
            "actor": {"role": "citizen", "id": "citizen"},
            "data": {"life_area": "housing"},
            "texts": [{"field": "own_words", "text": 'Rust & "stilte"'}],
        }
    ],
}


def file(**changes: Any) -> dict[str, Any]:
    """A person's own file, of one case."""
    activities = {"person": {"nl": "Zien om wie het gaat", "purpose_nl": "Contact houden."}}
    made = {"made_at": "2026-11-01T10:00:00+00:00", "municipality": "GM0546", "activities": activities}
    return made | {"cases": [CASE | changes]}


def test_a_page_holds_all_of_it_and_what_people_wrote_is_never_markup() -> None:
    text = page(parts_of(file()))
    for shown in (
        "999993653",
        "&lt;script&gt;",
        "Rust &amp; &quot;stilte&quot;",
        "org-rw",
        "p-abc",
        "02-01-2025",
        "S:8.2",
    ):
        assert shown in text, shown
    assert "<script" not in text
    assert "01-07-2026 10:00" in text
    assert '<html lang="nl">' in text


def test_a_text_says_the_same_as_a_page() -> None:
    text = plain(parts_of(file()))
    for shown in (
        "Burgerservicenummer: 999993653",
        'Uw eigen woorden: Rust & "stilte"',
        "Zien om wie het gaat",
        "km-1",
    ):
        assert shown in text, shown


def test_an_erased_case_says_so_and_a_running_one_has_no_end_yet() -> None:
    gone = plain(parts_of(file(erased_at="2026-10-01T10:00:00+00:00", bsn=None, person={})))
    assert "Dit dossier is gewist op 01-10-2026 12:00" in gone
    running = plain(parts_of(file(retention=dict.fromkeys(CASE["retention"]))))
    assert "Uw dossier loopt nog" in running
    assert "Wij weten niet wie u bent" in plain(parts_of(file(bsn=None, person={})))


def test_a_line_is_a_span_as_collectors_read_it_and_who_read_is_left_out() -> None:
    [resource] = otlp(LINE)["resourceSpans"]
    [span] = resource["scopeSpans"][0]["spans"]
    assert (span["startTimeUnixNano"], span["status"], span["parentSpanId"]) == ("1767225600123000000", {"code": 1}, "")
    assert span["attributes"] == [
        {"key": "dpl.core.processing_activity_id", "value": {"stringValue": "https://x.example/r#person"}}
    ]
    assert "km-1" not in str(otlp(LINE))


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["case", "GM0546/L-1", "--data", "/nowhere"], "draait geen Overdracht"),
        (["case", "--json", "GM0546/L-1", "--data", "/nowhere"], "draait geen Overdracht"),
        (["case", "show", "GM0546/L-1", "--data", "/nowhere"], "draait geen Overdracht"),
        (["case", "export", "GM0546/L-1", "--data", "/nowhere"], "draait geen Overdracht"),
        (["case", "erase", "GM0546/L-1", "--reason", "unlawful"], "--subject"),
        (["case", "erase", "GM0546/L-1", "--subject", "km-1"], "Zeg één ding"),
        (["case", "erase", "GM0546/L-1", "--subject", "km-1", "--approve", "--refuse"], "Zeg één ding"),
        (["case", "erase", "GM0546/L-1", "--subject", "km-1", "--approve", "--reason", "unlawful"], "Zeg één ding"),
        (["retention", "run", "--data", "/nowhere"], "draait geen Overdracht"),
        (["readings", "--data", "/nowhere"], "draait geen Overdracht"),
    ],
)
def test_a_command_that_cannot_be_says_why_in_a_sentence(words: list[str], wanted: str) -> None:
    done = CliRunner().invoke(built(COMMANDS.values()), words)
    assert done.exit_code in (2, 3)
    assert wanted in done.output
