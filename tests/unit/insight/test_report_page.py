"""The report of a small municipality: what people read is what was measured, and nobody can be picked out."""

import base64
import hashlib
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from services.insight.measures.asking import Figures, told
from services.insight.measures.definitions import DEFINITIONS
from services.insight.measures.slicing import SliceUnknown
from services.insight.report import numbers
from services.insight.report.codes import reason
from services.insight.report.gather import Asked, Reader
from services.insight.report.lines import Line, Table
from services.insight.report.making import gathered, report
from services.insight.report.style import STYLE
from services.insight.report.svg import LEFT, RIGHT
from services.referral.codes import REASONS
from tests.unit.insight.report_given import HERE, LARGE, MONTH, OFFSETS, OTHER, SMALL, asked, figures
from tests.unit.insight.report_read import Page, parts, plots, points, table_of

READERS: tuple[Reader, ...] = ("partner", "public")


@pytest.fixture(scope="module")
def known() -> Figures:
    return figures()


@pytest.fixture(scope="module")
def text(known: Figures) -> str:
    return report(known, HERE, MONTH, "partner")


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def tables(audience: Reader) -> list[Table]:
    return [table for part in gathered(asked(audience)) for table in part.tables]


def test_the_same_figures_give_the_same_bytes(text: str) -> None:
    assert report(figures(), HERE, MONTH, "partner") == text
    assert report(figures(seed=2), HERE, MONTH, "partner") != text


def test_quality_of_the_work_comes_before_coming_back_and_outcomes_after_all_that(page: Page) -> None:
    order = ["over", "werk", "overdracht", "terug", "redenen", "rondpompen", "warm", "aanbieders", "tijd", "stiltes",
             "uitkomsten", "signalen", "definities", "achtergehouden"]  # fmt: skip
    assert [one for one in page.ids if one in order] == order


def test_headings_follow_each_other_without_a_gap(page: Page) -> None:
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(said.strip() for _, said in page.headings)


def test_every_table_has_a_caption_and_every_head_says_of_what(page: Page) -> None:
    assert len(page.tables) > 20
    assert all(table.caption.strip() for table in page.tables)
    assert len({table.caption for table in page.tables}) == len(page.tables)
    assert {scope for table in page.tables for scope in table.scopes} == {"col", "row", "rowgroup"}


def test_ids_are_unique_and_every_reference_leads_somewhere(page: Page) -> None:
    assert len(set(page.ids)) == len(page.ids)
    named = [attributes.get(name, "") for _, attributes in page.tags for name in ("aria-labelledby",)]
    wanted = {one for said in named for one in said.split()}
    wanted |= {attributes["href"].removeprefix("#") for tag, attributes in page.tags if tag == "a"}
    assert wanted <= set(page.ids)


def test_a_reader_by_ear_is_told_the_language_and_can_skip_to_the_content(page: Page) -> None:
    assert [attributes["lang"] for tag, attributes in page.tags if tag == "html"] == ["nl"]
    assert {language for language, _ in page.words} == {"nl", "en"}
    [skip, *_] = [attributes for tag, attributes in page.tags if tag == "a"]
    assert skip == {"class": "skip", "href": "#inhoud"}
    assert [tag for tag, attributes in page.tags if attributes.get("id") == "inhoud"] == ["main"]


def test_every_plot_is_named_and_its_table_stands_beside_it(text: str) -> None:
    found = plots(text)
    assert len(found) >= 15
    for svg in found.values():
        assert svg.get("role") == "img"
        assert [one.tag for one in list(svg)[:2]] == ["title", "desc"]
        assert svg.get("aria-labelledby") == f"{svg[0].get('id')} {svg[1].get('id')}"
        assert all(one.text for one in list(svg)[:2])


@pytest.mark.parametrize("audience", READERS)
def test_what_is_drawn_is_what_is_written(known: Figures, audience: Reader) -> None:
    text = report(known, HERE, MONTH, audience)
    drawn, page = plots(text), Page(text)
    for table in tables(audience):
        rows = table_of(page, table.caption[0])
        for line in table.lines:
            if line.group is None and line.held is None:
                cells = rows[line.label[0]]
                assert cells[0] == numbers.value(line)
                assert numbers.interval(line) in (None, cells[1])
        svg = drawn.get(f"{table.id}-plot-t")
        if svg is not None and table.kind in ("intervals", "bars"):
            check_drawn(svg, [line for line in table.lines if line.value is not None], table.kind)


def check_drawn(svg: ET.Element, lines: list[Line], kind: str) -> None:
    """Marks lie as far apart as their numbers do, and every number is written beside its mark."""
    if kind == "bars":
        found = [float(one.get("width", "")) for one in parts(svg, "rect", "b")]
    else:
        found = [float(one.get("cx", "")) for one in parts(svg, "circle", "p")]
    written = [one.text for one in parts(svg, "text")]
    assert [numbers.value(line) for line in lines if numbers.value(line) not in written] == []
    values = [line.value or 0.0 for line in lines]
    assert len(found) == len(values)
    scale = (RIGHT - LEFT) / reach(svg)
    for one, value in zip(found[1:], values[1:], strict=True):
        assert one - found[0] == pytest.approx((value - values[0]) * scale, abs=0.02)


def reach(svg: ET.Element) -> float:
    """From the first tick of the axis to the last, in what is measured."""
    along = next(points(one) for one in parts(svg, "polyline", "a"))
    ticks = [one.text or "" for one in parts(svg, "text") if float(one.get("y", "")) > along[0][1]]
    first, last = (text_number(one) for one in (ticks[0], ticks[-1]))
    return last - first


def text_number(said: str) -> float:
    """The number of a tick or a cell."""
    number = float(re.sub(r"[^0-9,-]", "", said.replace("\N{MINUS SIGN}", "-")).replace(",", "."))
    return number / 100 if "%" in said else number


def test_a_figure_is_the_measure_as_its_door_tells_it(known: Figures, page: Page) -> None:
    one = told(
        known, "returned_within_90_days", {"municipality": HERE}, Asked(known, HERE, MONTH, "partner").at, "partner"
    )
    cells = table_of(page, "Teruggemeld binnen 90 dagen")["Eerste doorverwijzing, vanaf verzenden"]
    line = Line(("", ""), "share", one["value"], one["low"], one["high"])
    assert cells == [numbers.value(line), numbers.interval(line), numbers.count(one["n"])]


@pytest.mark.parametrize("audience", READERS)
def test_no_value_stands_without_its_interval_where_there_is_one(audience: Reader) -> None:
    lines = [line for table in tables(audience) for line in table.lines if line.value is not None]
    bare = {line.label[0] for line in lines if line.unit in ("share", "difference") and numbers.interval(line) is None}
    assert bare == {"Verscheidenheid (100: alle redenen even vaak)"}
    assert all(line.n is not None for line in lines if line.low is not None)


@pytest.mark.parametrize("audience", READERS)
def test_a_provider_with_six_people_is_held_back_and_so_is_what_would_show_them(audience: Reader) -> None:
    text = report(figures(), HERE, MONTH, audience)
    page = Page(text)
    for caption in ("Teruggemeld, tegen wat te verwachten was", "Stand van het signaal, als deel van de grens"):
        rows = table_of(page, caption)
        said = {name.rpartition(" ")[2]: cells[0] for name, cells in rows.items()}
        assert said[SMALL] == "achtergehouden: minder dan tien"
        assert said[OTHER] == "achtergehouden: hieruit is een klein aantal af te leiden"
        assert text_number(said[LARGE]) >= 0
    assert "Minder dan tien" in [said.strip() for _, said in page.headings]


def test_what_is_published_is_rounded(known: Figures) -> None:
    page = Page(report(known, HERE, MONTH, "public"))
    sizes = [cells[-1] for cells in table_of(page, "Hoeveel overdrachten").values() if cells[-1].isdigit()]
    assert sizes
    assert all(size.endswith("0") for size in sizes)
    shares = [cells[0] for cells in table_of(page, "Hoe het werk gedaan is").values() if "%" in cells[0]]
    assert shares
    assert not any("," in share for share in shares)


def test_providers_stand_in_the_order_of_their_names(page: Page) -> None:
    rows = [name for name in table_of(page, "Teruggemeld, tegen wat te verwachten was") if name[:1].isdigit()]
    assert rows == [f"{number}. {name}" for number, name in enumerate(sorted([LARGE, OTHER, SMALL]), 1)]


def test_nothing_comes_from_outside_and_nothing_runs(text: str, page: Page) -> None:
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object", "base", "form"}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on") or name == "style"]
    assert "http://" not in text
    assert "https://" not in text
    [policy] = [a["content"] for _, a in page.tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert f"'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'" in policy
    assert f"<style>{STYLE}</style>" in text


def test_nobody_is_on_the_page(text: str) -> None:
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", text)
    assert not re.search(r"\b[0-9]{9}\b", text)
    assert not re.search(r"case_id|referral_id|\bkm-|\bco-[0-9]", text)


def test_every_measure_is_defined_with_its_version_and_how_far_the_log_was_read(text: str, page: Page) -> None:
    for one in DEFINITIONS.values():
        assert f"<code>{one.id}</code>, version {one.version}." in text
    rows = table_of(page, "Tot waar het log gelezen is")
    assert [rows[place] for place in OFFSETS] == [["0", "41"], ["1", "977"]]


def test_a_name_that_looks_like_html_stays_a_name() -> None:
    known, odd = figures(), '<b onclick="x">'
    rows = known.frame["referrals"]
    names = tuple(odd if name == LARGE else name for name in rows.words["provider"])
    rows.words["provider"] = names  # type: ignore[index]  # a frame of this test's own
    text = report(known, HERE, MONTH, "partner")
    assert odd not in text
    assert "&lt;b onclick=&quot;x&quot;&gt;" in text
    Page(text)


def test_a_municipality_that_is_not_there_is_refused(known: Figures) -> None:
    with pytest.raises(SliceUnknown):
        report(known, "GM9999", MONTH, "public")


def test_of_all_municipalities_there_is_a_report_too(known: Figures) -> None:
    assert Page(report(known, None, MONTH, "public")).headings[0] == (1, "Maandverslag alle gemeenten, januari 2025 ")


def test_reasons_have_the_names_that_the_referral_gives_them() -> None:
    for code, one in REASONS.items():
        assert reason(code) == (one.nl, one.en)
    assert reason("person.debts.GM0001.toeslagen") == ("Schulden (toeslagen)", "Debts (toeslagen)")
    assert reason("nobody.knows") == ("nobody.knows", "nobody.knows")
