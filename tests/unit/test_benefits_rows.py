"""Rows and cells: read as the mapping says, refused by line and column, never repeated."""

import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from overdracht.benefits.cells import SENTENCES, Unfit, body_of, report_of
from overdracht.benefits.mapping import SKIP, mapping
from overdracht.benefits.rows import heading, rows
from overdracht.output import Stop
from tests.unit.benefits_given import COLUMNS, CSV, MAPPING, a_csv, cells, contract, mapped, small


def read(path: Path, told: Any = None) -> list[tuple[int, str, str]]:
    """Per row its line, its number and why it cannot be read."""
    how = mapped(told)
    head = heading(path, how)
    assert head.missing(list(how.columns)) == []
    return [(row.line, row.cells.get("Nummer", ""), row.code) for row in rows(path, how.encoding, head)]


def body(report: str = "application", told: Any = None, **given: str) -> dict[str, Any]:
    """What a row says."""
    found, unfit = body_of(mapped(told), report, cells(**given))
    assert unfit == []
    return found


def refused(report: str = "application", told: Any = None, **given: str) -> list[tuple[str, str, str | None]]:
    """Why a row is not taken."""
    return [(one.code, one.column, one.field) for one in body_of(mapped(told), report, cells(**given))[1]]


def reading(name: str, source: Any) -> dict[str, Any]:
    """The small mapping with one more field of the application."""
    told = small()
    told["reports"]["application"][name] = source
    return told


@pytest.mark.parametrize("separator", [";", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_are_read_whatever_separates_and_ends_them(
    tmp_path: Path, separator: str, encoding: str, end: str
) -> None:
    one = separator.join(["A", "A-1", "", "01-09-2025", "b", "", f'"Van{separator} der{end}""Meer"""', ""])
    two = separator.join(["A", "A-2", "", "01-09-2025", "b", "", "Één", ""])
    path = a_csv(tmp_path, one, "", separator * 7, two, separator=separator, encoding=encoding, end=end)
    assert read(path) == [(2, "A-1", ""), (6, "A-2", "")]
    how = mapped()
    names = [row.cells["Naam"] for row in rows(path, how.encoding, heading(path, how))]
    assert names == [f'Van{separator} der{end}"Meer"', "Één"]


def test_windows_1252_is_read_only_when_the_mapping_says_so(tmp_path: Path) -> None:
    path = a_csv(tmp_path, "A;A-1;;01-09-2025;b;;Zoë €;", "A;A-2;;01-09-2025;b;;Jan;", encoding="windows-1252")
    told = small(file={"date": "dd-mm-yyyy", "encoding": "windows-1252"})
    how = mapped(told)
    [one, _] = rows(path, how.encoding, heading(path, how))
    assert body_of(how, "application", one.cells)[0]["person"] == {"family_name": "Zoë €"}
    how = mapped()
    first, second = rows(path, how.encoding, heading(path, how))
    assert [(no.code, no.column) for no in body_of(how, "application", first.cells)[1]] == [("not_utf8", "Naam")]
    assert body_of(how, "application", second.cells)[1] == []


def test_a_row_that_cannot_be_read_holds_up_no_other(tmp_path: Path) -> None:
    path = a_csv(
        tmp_path,
        "A;A-1;;01-09-2025;b;;Jan;",
        "A;A-2;te weinig",
        "A;A-3;;01-09-2025;b;;Jan;;te veel",
        'A;A-4;;01-09-2025;b;;"Jan" de Vries;',
        "A;A-5;;01-09-2025;b;;Jan;",
        'A;A-6;;01-09-2025;b;;"Jan;',
        "A;A-7;;01-09-2025;b;;Jan;",
    )
    assert read(path) == [
        (2, "A-1", ""),
        (3, "", "cells_wrong"),
        (4, "", "cells_wrong"),
        (5, "", "quotes_wrong"),
        (6, "A-5", ""),
        (7, "", "quotes_wrong"),
    ]


def test_a_quote_that_is_never_closed_takes_no_more_than_a_cell_may_hold(tmp_path: Path) -> None:
    plain = "A;A-1;;01-09-2025;b;;Jan;"
    path = a_csv(tmp_path, 'A;A-0;;01-09-2025;b;;"Jan;', *[plain] * 6_000)
    found = read(path)
    assert found[0] == (2, "", "quotes_wrong")
    assert {row[1:] for row in found[1:]} == {("A-1", "")}
    assert 1_000 < len(found) < 6_000


def test_a_column_that_is_not_there_or_twice_is_missed(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Soort;Nummer;Nummer;Datum\nA;1;2;01-09-2025\n")
    missing = heading(path, mapped()).missing(list(mapped().columns))
    assert missing == ["Nummer", "Kanaal", "BSN", "Naam", "Dossier", "Waarde"]
    path.write_bytes(b"")
    assert len(heading(path, mapped()).missing(list(COLUMNS))) == len(COLUMNS)
    with pytest.raises(Stop, match="cannot be read"):
        heading(tmp_path / "none.csv", mapped())


def test_a_large_file_is_never_held_whole(tmp_path: Path) -> None:
    path = a_csv(tmp_path, *["A;A-1;;01-09-2025;b;;Jan;"] * 200_000, "x" * 3_000_000)
    how = mapped()
    head = heading(path, how)
    tracemalloc.start()
    try:
        count = sum(1 for _ in rows(path, how.encoding, head))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count > 200_000
    assert most < path.stat().st_size / 2 < 20_000_000


def test_a_cell_is_translated_as_the_mapping_says() -> None:
    assert body(Kanaal="o", BSN=" 999990342 ", Naam="Voorbeeld") == {
        "application_number": "A-1",
        "kind": "new_applicant",
        "channel": "online",
        "received_on": "2025-09-01",
        "bsn": "999990342",
        "person": {"family_name": "Voorbeeld"},
    }
    assert body()["channel"] == "walk_in"
    assert body("decision", Dossier="D-1", Waarde="W")["decision"] == "denied"


@pytest.mark.parametrize(
    ("format_", "cell", "day"),
    [
        ("yyyy-mm-dd", "2025-09-01", "2025-09-01"),
        ("yyyymmdd", "20250901", "2025-09-01"),
        ("dd-mm-yyyy", "01-09-2025", "2025-09-01"),
        ("dd/mm/yyyy", "01/09/2025", "2025-09-01"),
        ("dd.mm.yyyy", "01.09.2025", "2025-09-01"),
        ("ddmmyyyy", "01092025", "2025-09-01"),
        ("d-m-yyyy", "1-9-2025", "2025-09-01"),
        ("d-m-yyyy", "01-09-2025", "2025-09-01"),
        ("d/m/yyyy", "1/9/2025", "2025-09-01"),
        ("dd-mm-yyyy", "29-02-2024", "2024-02-29"),
        ("dd-mm-yyyy", "29-02-2025", None),
        ("dd-mm-yyyy", "1-9-2025", None),
        ("dd-mm-yyyy", "2025-09-01", None),
        ("dd-mm-yyyy", "01-13-2025", None),
        ("dd-mm-yyyy", "01-09-25", None),
        ("dd-mm-yyyy", "٠١-٠٩-٢٠٢٥", None),
        ("yyyymmdd", "20250901x", None),
        ("dd-mm-yyyy", "00-00-0000", None),
    ],
)
def test_a_day_is_read_in_its_own_way_and_no_other(format_: str, cell: str, day: str | None) -> None:
    told = small(file={"date": format_})
    if day is None:
        assert refused(told=told, Datum=cell) == [("date_invalid", "Datum", "received_on")]
    else:
        assert body(told=told, Datum=cell)["received_on"] == day


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("01-09-2025 14:05", "2025-09-01T14:05:00+02:00"),
        ("01-12-2025T14:05:09", "2025-12-01T14:05:09+01:00"),
        ("2025-09-01T14:05:00Z", "2025-09-01T14:05:00+00:00"),
        ("2025-09-01T14:05:00", None),
        ("01-09-2025", None),
        ("01-09-2025 24:05", None),
    ],
)
def test_a_moment_without_an_offset_is_in_the_netherlands(cell: str, moment: str | None) -> None:
    told = reading("occurred_at", "Waarde")
    if moment is None:
        assert refused(told=told, Waarde=cell) == [("date_invalid", "Waarde", "occurred_at")]
    else:
        assert body(told=told, Waarde=cell)["occurred_at"] == moment


@pytest.mark.parametrize(
    ("decimal", "cell", "band"),
    [
        (",", "0", "0-3"),
        (",", "3", "0-3"),
        (",", "3,1", "4-12"),
        (",", "12,0", "4-12"),
        (".", "36.5", "37+"),
        (",", "1200", "37+"),
        (".", "3,1", None),
        (",", "3.1", None),
        (",", "1e3", None),
        (",", "٣", None),
        (",", "nan", None),
    ],
)
def test_a_number_falls_in_a_band(decimal: str, cell: str, band: str | None) -> None:
    source = {"column": "Waarde", "bands": {"0-3": "3", "4-12": "12", "13-36": "36", "37+": ""}}
    told = reading("case_mix.months_without_work_band", source) | {"file": {"date": "dd-mm-yyyy", "decimal": decimal}}
    name = "case_mix.months_without_work_band"
    if band is None:
        assert refused(told=told, Waarde=cell) == [("number_invalid", "Waarde", name)]
    else:
        assert body(told=told, Waarde=cell)["case_mix"] == {"months_without_work_band": band}


def test_a_number_above_the_last_band_is_refused() -> None:
    told = reading("case_mix.age_band", {"column": "Waarde", "bands": {"18-26": "26", "27-34": "34"}})
    assert refused(told=told, Waarde="40") == [("value_unmapped", "Waarde", "case_mix.age_band")]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r", " =", "\n@"])
@pytest.mark.parametrize("column", ["Nummer", "Kanaal", "Naam", "BSN", "Datum", "Soort"])
def test_a_cell_that_begins_like_a_formula_is_refused_by_line_and_column(start: str, column: str) -> None:
    planted = f"{start}HYPERLINK(1)"
    row = cells(**{column: planted})
    if column == "Soort":
        with pytest.raises(Unfit) as no:
            report_of(mapped(), row)
        assert (no.value.code, no.value.column) == ("formula", column)
    else:
        found = refused(**{column: planted})
        assert [one[:2] for one in found] == [("formula", column)]
        assert "HYPERLINK" not in str(found)


def test_only_a_phone_number_begins_with_a_plus() -> None:
    told = reading("person.phone", "Waarde")
    assert body(told=told, Waarde="+31 (6) 0000-0001")["person"] == {"phone": "+31 (6) 0000-0001"}
    for cell in ("+31;=1", "+A1", "=31600000001", "-31600000001"):
        assert refused(told=told, Waarde=cell) == [("formula", "Waarde", "person.phone")]


def test_every_wrong_cell_of_a_row_is_told() -> None:
    found = refused(Nummer="", Kanaal="x", Datum="gisteren", Naam="=1")
    assert found == [
        ("field_missing", "Nummer", "application_number"),
        ("value_unmapped", "Kanaal", "channel"),
        ("date_invalid", "Datum", "received_on"),
        ("formula", "Naam", "person.family_name"),
    ]
    assert all(len({*SENTENCES[code]}) == 2 for code, *_ in found)


def test_what_a_row_reports_is_what_its_code_says() -> None:
    how = mapped()
    assert [report_of(how, cells(Soort=code)) for code in "ABX"] == ["application", "decision", "skip"]
    with pytest.raises(Unfit, match="value_unmapped"):
        report_of(how, cells(Soort="Q"))
    alone = small()
    del alone["report"], alone["reports"]["decision"]
    assert report_of(mapped(alone), cells(Soort="=Q")) == "application"


def test_the_example_is_read_whole_and_fits_the_door() -> None:
    how, _, _ = mapping(MAPPING.read_bytes(), contract())
    assert how is not None
    reports: list[str] = []
    for row in rows(CSV, how.encoding, heading(CSV, how)):
        reports.append(report_of(how, row.cells))
        if reports[-1] != SKIP:
            found, unfit = body_of(how, reports[-1], row.cells)
            assert unfit == []
            contract().whole[reports[-1]].validate(found)
    assert reports == ["application"] * 4 + [SKIP] + ["decision"] * 3 + ["ending", "application"]
