"""The way to work: how long each step takes, who works within a year, and after what was tried."""

import numpy as np
import pytest

from services.insight.measures.frame import NEVER, Column, Rows
from services.insight.measures.leaving import after_instrument, days_until, working
from services.insight.measures.referring import DAY

NOW = 400 * DAY


def cases(**columns: list[int]) -> Rows:
    """Cases by what happened on which day; what is not said never happened."""
    many = len(next(iter(columns.values())))
    names = ("applied_at", "decided_at", "withdrawn_at", "closed_at", "benefit_ended_at", "granted_on", "work_at")
    return Rows({name: moments(columns.get(name, [-1] * many)) for name in names}, {})


def moments(days: list[int]) -> Column:
    """Milliseconds; below 0: never."""
    return np.array([day * DAY if day >= 0 else NEVER for day in days])


def test_half_of_those_who_applied_were_decided_on_by_that_day_and_who_waits_counts() -> None:
    decided = cases(applied_at=[0, 0, 0, 0], decided_at=[10, 20, 30, -1])
    assert days_until(decided, NOW, "decided_at").value == 20
    waiting = cases(applied_at=[0, 0, 0, 0], decided_at=[10, -1, -1, -1])
    assert days_until(waiting, NOW, "decided_at").value is None


def test_who_withdrew_waits_no_longer_and_was_never_decided_on() -> None:
    rows = cases(applied_at=[0] * 4, decided_at=[10, 20, -1, -1], withdrawn_at=[-1, -1, 5, 5])
    assert days_until(rows, NOW, "decided_at").value == 20


def test_who_applies_later_than_the_moment_is_not_there_yet() -> None:
    assert days_until(cases(applied_at=[500], decided_at=[510]), NOW, "decided_at").n == 0


def test_of_people_who_were_granted_so_many_work_within_a_year() -> None:
    rows = cases(granted_on=[10] * 4, work_at=[100, 374, 376, -1])
    found = working(rows, NOW)
    assert (found.n, found.value) == (4, 0.5)


def test_who_left_for_something_else_did_not_work_but_who_left_for_work_did() -> None:
    rows = cases(
        granted_on=[0] * 4, work_at=[50, -1, -1, -1], benefit_ended_at=[50, 50, -1, -1], closed_at=[-1, -1, 60, -1]
    )
    assert working(rows, NOW).value == 0.25


def test_who_worked_before_the_grant_is_not_counted() -> None:
    assert working(cases(granted_on=[100, 100], work_at=[50, 150]), NOW).n == 1


@pytest.mark.parametrize(("many", "known"), [(99, False), (100, True)])
def test_of_fewer_than_a_hundred_nothing_is_known_of_what_an_instrument_did(many: int, known: bool) -> None:
    worked = [day if day % 2 else -1 for day in range(many)]
    rows = Rows(
        {
            "started_at": np.zeros(many, np.int64),
            "work_at": moments(worked),
            "left_at": np.full(many, NEVER),
        },
        {},
    )
    found = after_instrument(rows, NOW)
    assert found.n == many
    assert found.complete is known
    assert found.value == (pytest.approx(0.5) if known else None)
