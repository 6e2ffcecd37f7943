"""Two halves of a year in the report: never shown where what they leave of the months would be a small number."""

from dataclasses import replace

import numpy as np
import pytest

from services.insight.measures.asking import Figures, milliseconds
from services.insight.measures.definitions import HEADLINE
from services.insight.measures.disclosing import tens
from services.insight.report.gather import Asked
from services.insight.report.halves import halves
from tests.unit.insight.report_given import HERE, MONTH, THERE, asked, figures


def alone(moved: int = 0) -> Asked:
    """A municipality without neighbours, of whom so many stay in July and all others of July were sent in August."""
    whole = figures().frame
    frame = {kind: rows.of(rows.is_("municipality", HERE)) for kind, rows in whole.items()}
    for rows in frame.values():
        rows.words["municipality"] = (HERE,)  # type: ignore[index]  # a frame of this test's own
        if moved and "month" in rows.words:
            months = rows.words["month"]
            july = np.flatnonzero(rows.is_("month", "2024-07"))
            rows["month"][july[moved:]] = months.index("2024-08")
    return Asked(Figures(frame, {}), HERE, MONTH, "partner")


def left(one: Asked) -> list[int]:
    """Per half that is shown, how many it has more than its months that are shown."""
    at, found = milliseconds(one.at), halves(one)
    if found.before.n is None or found.after.n is None:
        return []
    rest = [0, 0]
    for month in one.months():
        if one.ask(HEADLINE, month=month).held_back is not None:
            rest[month >= "2024-07"] += one.figures.figure(HEADLINE, {"municipality": HERE, "month": month}, at).n
    return rest


def test_halves_are_made_of_the_months_and_both_are_shown() -> None:
    found = halves(asked())
    assert found.before.held is None
    assert found.before.n is not None
    assert found.after.n is not None
    sizes = [asked().figures.figure(HEADLINE, {"municipality": HERE, "month": one}, milliseconds(asked().at)).n
             for one in asked().months()]  # fmt: skip
    assert (found.before.n, found.after.n) == (tens(sum(sizes[:6])), tens(sum(sizes[6:])))
    assert found.difference.value == pytest.approx((found.after.value or 0) - (found.before.value or 0), abs=0.015)
    assert found.detectable is not None
    assert found.detectable > abs(found.difference.value or 0)


def test_what_a_half_has_more_than_its_months_is_never_a_small_number() -> None:
    for stay in (0, 3, 9, 12):
        assert all(rest == 0 or rest >= 10 for rest in left(alone(stay))), stay


def test_a_half_that_would_show_a_small_month_is_held_back() -> None:
    # January has nine: with it the smallest month is held back, and that one lies in the other half
    found = halves(alone())
    assert {one.held for one in (found.before, found.after, found.difference)} == {"would_show_a_small_number"}
    assert found.detectable is None
    assert found.verdict == "too_few"


def test_a_half_is_held_back_that_would_show_a_small_neighbour() -> None:
    whole = asked()
    few = np.flatnonzero(whole.figures.frame["referrals"].is_("municipality", THERE))[:33]
    frame = {
        kind: rows.of(~np.isin(rows["case_id"], whole.figures.frame["referrals"]["case_id"][few]))
        for kind, rows in whole.figures.frame.items()
    }
    found = halves(replace(whole, figures=Figures(frame, {})))
    assert found.before.held == "would_show_a_small_number"


def test_what_anybody_may_see_rests_on_a_hundred_in_each_half() -> None:
    assert halves(asked("public")).before.held is None
    assert halves(asked("public", THERE)).before.held == "too_few_to_publish"
    assert halves(asked("partner", THERE)).before.held is None
