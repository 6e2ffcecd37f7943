"""Figures of the bench: held to their aims, and shown as they were measured."""

import pytest

from tests.bench.figures import Figure, cost, percentiles, quantile, ratio
from tests.bench.report import table


def test_quantiles_are_values_that_were_measured() -> None:
    found = percentiles(number / 1000 for number in range(1, 101))
    assert found == {"n": 100, "p50_ms": 51.0, "p95_ms": 96.0, "p99_ms": 100.0, "max_ms": 100.0}
    assert quantile([1.0], 0.99) == 1.0


def test_of_nothing_there_are_no_quantiles() -> None:
    assert percentiles([]) == {"n": 0}


@pytest.mark.parametrize(
    ("figure", "met"),
    [
        (Figure("a read", 20.0, "ms", 20.0), True),
        (Figure("a read", 20.1, "ms", 20.0), False),
        (Figure("events", 49_999, "a second", 50_000, "least"), False),
        (Figure("events", 50_000, "a second", 50_000, "least"), True),
        (Figure("bytes", 3.0, "bytes"), None),
    ],
)
def test_an_aim_is_the_most_or_the_least_that_a_figure_may_be(figure: Figure, met: bool | None) -> None:
    assert figure.met is met


def test_what_something_costs_is_a_share_of_the_rate_without_it() -> None:
    assert cost(without=1_000, having=900) == pytest.approx(0.1)
    assert cost(without=900, having=1_000) < 0


def test_growth_against_nothing_is_growth_against_what_the_clock_can_tell() -> None:
    assert ratio(after=3.0, before=1.5) == 2.0
    assert ratio(after=0.0002, before=0.0) == pytest.approx(2.0)


def test_the_table_says_beside_each_figure_whether_its_aim_was_met() -> None:
    figures = [
        Figure("a read", 21.04, "ms", 20.0).told(),
        Figure("events", 51_234.5, "a second", 50_000, "least").told(),
    ]
    times = [{"title": "reads", "times": {"one case": percentiles([0.002]), "none": percentiles([])}}]
    shown = table({"rates": {}, "doors": {"times": times, "figures": figures}})
    one, other = (line for line in shown.splitlines() if "aim" not in line and ("≤" in line or "≥" in line))
    assert one.split() == ["a", "read", "21", "ms", "≤", "20", "MISSED"]
    assert other.split() == ["events", "51,234", "a", "second", "≥", "50,000", "met"]
    assert "one case" in shown
    assert "none" not in shown
