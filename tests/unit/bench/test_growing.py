"""What the bench says of growth and of cost, when the machine is not the same all the time."""

from typing import Any

import pytest

from tests.bench.lists import SUMS, grown
from tests.bench.rights import READS, figures


def asked(p50: float, p95: float, empty: float) -> dict[str, Any]:
    """How long a list took, and an empty one beside it."""
    return {"p50_ms": p50, "p95_ms": p95, "empty_ms": empty}


def test_a_list_that_took_longer_because_the_machine_did_has_not_grown() -> None:
    [row] = grown({"open cases": asked(2, 4, 1)}, {"open cases": asked(6, 12, 3)})
    assert (row["machine"], row["p50_ratio"], row["p95_ratio"]) == (3, 1, 1)


def test_a_list_that_grew_while_the_machine_got_faster_is_not_excused() -> None:
    [row] = grown({"open cases": asked(2, 4, 1)}, {"open cases": asked(2, 8, 0.5)})
    assert (row["p50_ratio"], row["p95_ratio"]) == (2, 4)


def test_the_most_grown_is_first_and_sums_are_no_lists() -> None:
    names = ["open cases", "events", f"{SUMS[0]}all"]
    before = {name: asked(1, 1, 1) for name in names}
    after = {name: asked(time, time, 1) for name, time in zip(names, (2, 3, 50), strict=True)}
    assert [row["door"] for row in grown(before, after)] == ["events", "open cases"]


def test_what_rights_cost_is_told_of_turns_that_follow_each_other() -> None:
    slow, fast = {"with": 90.0, "without": 100.0}, {"with": 900.0, "without": 1_000.0}
    rates = {name: {which: [slow[which], fast[which], fast[which]] for which in slow} for name in READS}
    costs = [one for one in figures(rates) if one.what.startswith("what they cost")]
    assert len(costs) == len(READS)
    assert [one.value for one in costs] == [pytest.approx(10.0)] * len(READS)
