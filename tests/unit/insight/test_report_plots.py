"""Plots: every mark stands where its number says, words are words, and colours can be told apart."""

import re
import xml.etree.ElementTree as ET

import pytest

from services.insight.report import colours
from services.insight.report.lines import Funnel, Line, Table
from services.insight.report.numbers import interval, value
from services.insight.report.plotting import plot
from services.insight.report.style import STYLE
from services.insight.report.svg import LEFT, RIGHT, Mark, axis, bars, intervals
from services.insight.report.svg_funnel import Point, funnel
from services.insight.statistics.comparing import Place
from tests.unit.insight.report_read import parts, plots, points

SHARES = axis([0.0, 0.4], str)


def only(text: str) -> ET.Element:
    """The one plot there is."""
    [found] = plots(text).values()
    return found


def test_a_round_stands_at_the_value_and_a_line_over_its_interval() -> None:
    drawn = only(
        intervals("p", "t", "d", [Mark("a", "10 %", 0.1, 0.05, 0.2), Mark("b", "30 %", 0.3, 0.3, 0.4)], SHARES)
    )
    assert [float(one.get("cx")) for one in parts(drawn, "circle")] == [
        LEFT + share / 0.4 * (RIGHT - LEFT) for share in (0.1, 0.3)
    ]
    spans = [one for one in map(points, parts(drawn, "polyline", "i")) if one[0][1] == one[1][1]]
    assert [(one[0][0], one[1][0]) for one in spans] == [(52.5, 180.0), (265.0, 350.0)]


def test_a_bar_is_as_long_as_its_number() -> None:
    drawn = only(bars("p", "t", "d", [Mark("a", "10", 10.0), Mark("b", "40", 40.0)], axis([10.0, 40.0], str)))
    short, long = (float(one.get("width")) for one in parts(drawn, "rect"))
    assert (short, long) == (85.0, 340.0)


def test_who_was_not_followed_so_long_shows_by_shape() -> None:
    drawn = only(intervals("p", "t", "d", [Mark("a", "1", 0.1), Mark("b", "1", 0.1, complete=False)], SHARES))
    assert [one.get("class") for one in parts(drawn, "circle")] == ["p", "p open"]


def test_a_bound_that_was_not_reached_has_no_end() -> None:
    [span, low] = map(
        points, parts(only(intervals("p", "t", "d", [Mark("a", "1", 0.1, 0.05)], SHARES)), "polyline", "i")
    )
    assert span[1][0] == RIGHT
    assert low[0][0] == low[1][0] == span[0][0]


def test_what_is_held_back_has_no_mark_and_says_so() -> None:
    held = Table("x", ("k", "c"), ("w", "w"), (Line(("a", "a"), "share", 0.2, 0.1, 0.3, 50),
                 Line(("b", "b"), "share", held="small_number")), "intervals")  # fmt: skip
    drawn = only(plot(held))
    assert len(parts(drawn, "circle")) == 1
    assert "achtergehouden" in [one.text for one in parts(drawn, "text")]
    assert plot(Table("x", ("k", "c"), ("w", "w"), held.lines[1:], "intervals")) == ""


def test_the_mark_to_compare_with_stands_at_its_value() -> None:
    drawn = only(bars("p", "t", "d", [Mark("a", "10", 10.0)], axis([10.0], str, (5.0, "doel"))))
    [mark] = parts(drawn, "polyline", "m")
    assert {x for x, _ in points(mark)} == {180.0}


@pytest.mark.parametrize(("place", "tag"), [("within", "circle"), ("between", "rect"), ("outside", "path")])
def test_in_a_funnel_the_place_shows_by_shape(place: Place, tag: str) -> None:
    limits = Funnel((1.0, 100.0), ((0.5, 0.9), (2.0, 1.1)), ((0.4, 0.8), (2.0, 1.2)))
    drawn = only(funnel("p", "t", "d", [Point("1", 25.0, 1.0, place)], limits, ("x", "y")))
    assert [len(parts(drawn, one, "p")) for one in ("circle", "rect", "path")] == [
        int(tag == one) for one in ("circle", "rect", "path")
    ]
    inner, outer = (parts(drawn, "polyline", kind) for kind in ("f", "m"))
    assert [len(inner), len(outer)] == [2, 2]
    assert points(outer[0])[1][1] > points(inner[0])[1][1] > points(inner[1])[1][1] > points(outer[1])[1][1]


def test_whatever_a_provider_is_called_stays_text() -> None:
    name = '<script>alert("x")</script> & co'
    drawn = intervals("p", name, name, [Mark(name, "1", 0.1)], SHARES)
    assert "<script" not in drawn
    [title, *_] = only(drawn)
    assert title.text == name
    assert name in [one.text for one in parts(only(drawn), "text")]


def test_steps_along_an_axis_are_round_and_hold_every_value() -> None:
    for values in ([0.03, 0.31], [707.0], [-0.21, -0.08], [0.0], [1.9, 0.4]):
        made = axis(values, str)
        assert made.low <= min(values) <= max(values) <= made.high
        assert 0.0 in made.ticks
        assert len(made.ticks) <= 7


def test_numbers_are_written_as_dutch_readers_write_them() -> None:
    assert value(Line(("", ""), "count", 1345)) == "1.345"
    assert value(Line(("", ""), "share", 0.2977, count=1401)) == "29,8\N{NO-BREAK SPACE}% (1.401)"
    assert value(Line(("", ""), "share", 0.3)) == "30\N{NO-BREAK SPACE}%"
    assert value(Line(("", ""), "share", 0.29999)) == "30,0\N{NO-BREAK SPACE}%"
    assert value(Line(("", ""), "difference", -0.149)) == "\N{MINUS SIGN}14,9 procentpunt"
    assert value(Line(("", ""), "share", -0.0)) == "0\N{NO-BREAK SPACE}%"
    assert interval(Line(("", ""), "per person", 0.92, 0.8)) == "vanaf\N{NO-BREAK SPACE}0,80"
    assert interval(Line(("", ""), "days", 5.0)) is None


def test_words_and_shapes_stand_out_from_their_ground() -> None:
    assert colours.contrast("#000000", "#ffffff") == 21
    assert round(colours.contrast("#767676", "#ffffff"), 2) == 4.54
    assert all(colours.contrast(*pair) >= 4.5 for pair in colours.TEXT_ON)
    assert all(colours.contrast(*pair) >= 3 for pair in colours.DRAWN_ON)
    used = {one for pair in (*colours.TEXT_ON, *colours.DRAWN_ON) for one in pair}
    assert set(re.findall(r"#[0-9a-f]{6}", STYLE)) <= used
