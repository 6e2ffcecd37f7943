"""The report of the example year, from the lake to the page."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.insight.measures.asking import Figures, told
from services.insight.measures.disclosing import Audience
from services.insight.measures.keeping import Kept
from services.insight.report import numbers
from services.insight.report.gather import begin
from services.insight.report.lines import Line, Unit
from services.insight.report.making import report
from tests.builders import dossiers
from tests.lakes import fill, opened_lake
from tests.leiden_log import leiden_topics
from tests.unit.insight.report_read import Page, table_of

LEIDEN = "GM0546"
DECEMBER = date(2016, 12, 1)
SHARES: Mapping[str, tuple[str, str]] = {
    "argued_directions": ("Hoe het werk gedaan is", "Richting met gewogen argumenten"),
    "shared_directions": ("Hoe het werk gedaan is", "Richting samen met de inwoner gekozen"),
    "interim_measurement": ("Hoe het werk gedaan is", "Binnen drie maanden samen gemeten"),
    "diagnosis_coverage": ("Hoe het werk gedaan is", "Bijstand: diagnose in de laatste drie jaar"),
    "returned_within_90_days": ("Teruggemeld binnen 90 dagen", "Eerste doorverwijzing, vanaf verzenden"),
    "returned_within_90_days_of_acceptance": ("Teruggemeld binnen 90 dagen", "Eerste doorverwijzing, vanaf aanvaarden"),
    "declined_within_90_days": ("Teruggemeld binnen 90 dagen", "Geweigerd door het re-integratiebedrijf"),
    "no_step_within_three_months": ("Aanvragen zonder stap", "Na drie maanden nog geen stap"),
    "sustained_6_months": ("Werk dat blijft", "Na zes maanden nog aan het werk"),
}
"""Measure -> where it stands."""


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    folder: Path = tmp_path_factory.mktemp("lake")
    lake = opened_lake(folder)
    fill(lake, leiden_topics())
    lake.close()
    kept = Kept(folder)
    kept.rebuild()
    return Figures(kept.frame, {"referral-0": (0, 9)})


def cells(one: Mapping[str, Any], unit: Unit = "share") -> list[str | None]:
    """A figure as the report is to write it."""
    line = Line(("", ""), unit, one["value"], one["low"], one["high"])
    return [numbers.value(line), numbers.interval(line), numbers.count(one["n"])]


@pytest.mark.parametrize("audience", ["partner", "public"])
def test_every_number_on_the_page_is_the_measure(figures: Figures, audience: Any) -> None:
    page = Page(report(figures, LEIDEN, DECEMBER, audience))
    assert page.headings[0][1].strip() == "Maandverslag gemeente GM0546, december 2016"
    for measure, (caption, label) in SHARES.items():
        assert table_of(page, caption)[label][:3] == cells(said(figures, measure, audience)), measure
    reasons = said(figures, "primary_return_reasons", audience)["value"]
    rows = table_of(page, "Terugmeldingen naar hoofdreden")
    assert rows["Psychische gezondheid"][0] == numbers.count(reasons["person.health_mental"])
    assert len(rows) == 1 + len(reasons)


def said(figures: Figures, measure: str, audience: Audience, **more: str) -> Mapping[str, Any]:
    """The measure as its door tells it."""
    return told(figures, measure, {"municipality": LEIDEN} | more, begin(DECEMBER), audience)


def test_month_by_month_of_sending_it_is_the_measure_and_later_months_are_not_there(figures: Figures) -> None:
    rows = table_of(
        Page(report(figures, LEIDEN, DECEMBER, "partner")), "Teruggemeld binnen 90 dagen, per maand van verzenden"
    )
    assert len(rows) == 1 + 11
    assert rows["maart 2016"][:3] == cells(said(figures, "returned_within_90_days", "partner", month="2016-03"))
    assert rows["november 2016"][3] == "nog niet zo lang gevolgd"
    assert "december 2016" not in rows


def test_nineteen_people_are_shown_to_partners_and_not_to_anybody(figures: Figures) -> None:
    caption = "Teruggemeld, tegen wat te verwachten was"
    partner, public = (
        table_of(Page(report(figures, LEIDEN, DECEMBER, who)), caption)["1. org-participatie"][0]
        for who in ("partner", "public")
    )  # fmt: skip
    assert re.fullmatch(r"\d,\d\d", partner)
    assert public == "achtergehouden: minder dan honderd"


def test_no_number_of_a_dossier_or_a_person_is_on_the_page(figures: Figures) -> None:
    text = report(figures, LEIDEN, DECEMBER, "partner")
    lines = [line for some in dossiers().values() for line in some]
    known = {str(line["dossier"]) for line in lines} | {str(line["actor"]["id"]) for line in lines} - {"citizen"}
    known |= {str(line["data"][name]) for line in lines for name in ("bsn", "referral") if name in line["data"]}
    words = set(re.findall(r"[\w-]+", text))
    assert len(known) > 4_000
    assert not known & words


def test_the_same_lake_gives_the_same_page(figures: Figures) -> None:
    anew = Figures(figures.frame, figures.offsets)
    assert report(anew, LEIDEN, DECEMBER, "public") == report(figures, LEIDEN, DECEMBER, "public")
