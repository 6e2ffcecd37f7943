"""Counters by day of age: the same figure in whatever order and from however many places it was counted."""

import numpy as np
import pytest

from services.insight.statistics import counters as c
from services.insight.statistics.incidence import Spells, estimate, incidence, returned, table, within
from tests.unit.insight.given import followed

TODAY = 270


def world(seed: int = 1, many: int = 3_000) -> tuple[Spells, c.Ints]:
    """Referrals of 270 days as they stand on the last one, and the day each was made."""
    return followed(np.random.default_rng(seed), many)


def told(spells: Spells, started: c.Ints) -> list[c.Cells]:
    """The changes that these referrals tell: each its start, and its end if it has one."""
    rows = zip(started.tolist(), spells.durations.tolist(), spells.causes.tolist(), strict=True)
    return [change for day, age, how in rows for change in ([c.start(day)] + ([c.end(day, age, how)] if how else []))]


def test_counters_give_the_figure_of_the_referrals_themselves() -> None:
    spells, started = world()
    assert estimate(c.table(c.counted(started, spells.durations, spells.causes), TODAY)) == returned(spells, 90)


def test_counted_one_by_one_or_all_at_once_is_one_state() -> None:
    spells, started = world()
    assert c.merged(told(spells, started)) == c.counted(started, spells.durations, spells.causes)


def test_ends_before_their_starts_and_in_any_order_leave_the_same_state() -> None:
    changes = told(*world(many=500))
    shuffled = [changes[place] for place in np.random.default_rng(3).permutation(len(changes))]
    assert c.merged(shuffled) == c.merged(reversed(changes)) == c.merged(changes)


def test_the_last_thirty_days_from_counters_are_those_of_the_referrals_themselves() -> None:
    spells, started = world()
    cells = c.counted(started, spells.durations, spells.causes)
    # A window of 30 days of the calendar, today among them, opens at the end of the day before the first of them.
    own = table(within(spells, started, TODAY - 30, TODAY), 90)
    found = c.table(cells, TODAY, window=30)
    assert incidence(found)[own.times.astype(int)] == pytest.approx(incidence(own), abs=1e-12)


def test_a_window_longer_than_the_history_is_the_whole_history() -> None:
    spells, started = world()
    cells = c.counted(started, spells.durations, spells.causes)
    assert estimate(c.table(cells, TODAY, window=1_000)) == estimate(c.table(cells, TODAY))


def test_a_correction_takes_back_the_old_and_adds_the_new() -> None:
    cells = c.merged([c.start(10), c.end(10, 20, 1)])
    c.add(cells, c.undo(c.end(10, 20, 1)))
    assert cells == c.start(10)
    c.add(cells, c.end(10, 25, 2))
    assert cells == {(10, 25, 2): 1}


def test_a_referral_that_never_was_leaves_no_trace() -> None:
    cells = c.merged([c.start(10), c.start(11)])
    c.add(cells, c.undo(c.start(11)))
    assert cells == c.start(10)


def test_a_day_in_the_past_is_seen_as_it_was_then() -> None:
    spells, started = world()
    cells = c.counted(started, spells.durations, spells.causes)
    then = started <= 200
    later = started[then] + spells.durations[then] > 200
    known = Spells(
        np.where(later, 200 - started[then], spells.durations[then]), np.where(later, 0, spells.causes[then])
    )
    assert estimate(c.table(cells, 200)) == returned(known, 90)


def test_ends_that_are_told_before_their_starts_break_nothing() -> None:
    cells = c.merged([c.end(10, 20, 1), c.end(10, 20, 1), c.end(10, 30, 2), c.start(0)])
    found = c.table(cells, TODAY)
    assert (found.at_risk >= found.ended.sum(axis=1)).all()
    assert 0 <= estimate(found).low <= estimate(found).value <= estimate(found).high <= 1


def test_of_no_counters_nothing_is_known() -> None:
    assert estimate(c.table({}, TODAY)).value is None
    assert c.counted(*(np.array([], np.int64),) * 3) == {}


def test_days_of_age_that_nobody_had_in_the_window_are_said() -> None:
    # Both were made on one day, so in a window of ten days they were of ten ages and of no other.
    cells = c.merged([c.start(0), c.start(0)])
    assert estimate(c.table(cells, 100)).complete
    assert not estimate(c.table(cells, 100, window=10)).complete


@pytest.mark.parametrize(("age", "cause"), [(-1, 1), (5, 0)])
def test_an_end_before_the_start_or_without_a_cause_is_refused(age: int, cause: int) -> None:
    with pytest.raises(ValueError, match="a spell ends"):
        c.end(10, age, cause)


def test_a_state_is_as_small_as_there_are_days_and_ages() -> None:
    spells, started = world(many=50_000)
    cells = c.counted(started, spells.durations, spells.causes)
    assert sum(cells.values()) == 50_000
    assert len(cells) < 50_000 / 2
