"""Whatever is counted: shares stay shares, parts add up to the whole, and the order of telling is nothing."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.insight.statistics import counters as c
from services.insight.statistics.comparing import compare
from services.insight.statistics.durations import quantile, quantile_of_ended
from services.insight.statistics.estimate import Estimate, difference, share_of
from services.insight.statistics.guards import reasons
from services.insight.statistics.incidence import Spells, estimate, incidence, interval, returned, table, variance
from services.insight.statistics.recurrence import People, rounds_per_person
from services.insight.statistics.watching import alarms, by_day, cusum, hazard

END = st.tuples(st.integers(0, 120), st.integers(0, 3))
ENDS = st.lists(END, max_size=40)
TODAY = 150
REFERRALS = st.lists(st.tuples(st.integers(0, TODAY), st.integers(0, 120), st.integers(0, 3)), max_size=40)
HORIZON = st.integers(0, 130)


def spells(ends: list[tuple[int, int]]) -> Spells:
    """Each how long it lasted and how it ended."""
    rows = np.array(ends, np.int64).reshape(-1, 2)
    return Spells(rows[:, 0], rows[:, 1])


def changes(referrals: list[tuple[int, int, int]]) -> list[c.Cells]:
    """What these referrals tell: a start, and an end when it has come by today."""
    told = [c.start(day) for day, _, _ in referrals]
    return told + [c.end(day, age, how) for day, age, how in referrals if how and day + age <= TODAY]


def check_sound(found: Estimate, least: float, most: float) -> None:
    """No NaN anywhere, a value within its interval, and all of it within bounds."""
    known = [one for one in (found.low, found.value, found.high) if one is not None]
    assert all(math.isfinite(one) for one in known)
    assert known == sorted(known)
    assert all(least <= one <= most for one in known)
    assert found.error is None or (math.isfinite(found.error) and found.error >= 0)


@settings(deadline=None)
@given(ENDS, HORIZON)
def test_shares_by_cause_only_grow_and_with_those_still_there_they_are_all(
    ends: list[tuple[int, int]], horizon: int
) -> None:
    found = table(spells(ends), horizon)
    curves = [incidence(found, cause) for cause in (1, 2, 3)]
    assert all((np.diff(curve) >= 0).all() for curve in curves)
    assert all((variance(found, cause) >= 0).all() for cause in (1, 2, 3))
    left = np.prod(1 - found.ended.sum(axis=1) / np.maximum(found.at_risk, 1))
    assert math.isclose(sum(float(curve[-1]) for curve in curves) + left, 1, abs_tol=1e-12)


@settings(deadline=None)
@given(ENDS, HORIZON, st.sampled_from([0.5, 0.95, 0.999]))
def test_every_share_has_a_sound_interval(ends: list[tuple[int, int]], horizon: int, level: float) -> None:
    found = table(spells(ends), horizon)
    check_sound(estimate(found, 1, level), 0, 1)
    check_sound(estimate(found, 1, level, "log-log"), 0, 1)
    for low, high in (interval(found, 1, level), interval(found, 1, level, "log-log")):
        assert (low <= high).all()


@settings(deadline=None)
@given(ENDS, HORIZON)
def test_it_lies_between_returns_so_far_and_a_world_without_jobs(ends: list[tuple[int, int]], horizon: int) -> None:
    whole = spells(ends)
    found = returned(whole, horizon)
    if found.value is None:
        return
    without_jobs = returned(Spells(whole.durations, np.where(whole.causes == 1, 1, 0)), horizon)
    assert found.events / found.n - 1e-12 <= found.value <= (without_jobs.value or 0) + 1e-12


@settings(deadline=None)
@given(ENDS, HORIZON, st.randoms(use_true_random=False))
def test_the_order_of_the_referrals_is_nothing_to_the_bit(
    ends: list[tuple[int, int]], horizon: int, any_: object
) -> None:
    shuffled = list(ends)
    any_.shuffle(shuffled)  # type: ignore[attr-defined]
    assert returned(spells(ends), horizon) == returned(spells(shuffled), horizon)


@settings(deadline=None)
@given(ENDS, HORIZON)
def test_who_is_followed_longer_only_makes_it_surer_what_was_seen(ends: list[tuple[int, int]], horizon: int) -> None:
    whole = spells(ends)
    capped = Spells(np.minimum(whole.durations, horizon + 1), whole.causes * (whole.durations <= horizon))
    assert returned(whole, horizon) == returned(capped, horizon)


@settings(deadline=None)
@given(REFERRALS, st.randoms(use_true_random=False), st.integers(1, 5))
def test_parts_counted_apart_in_any_order_are_the_whole_to_the_bit(
    referrals: list[tuple[int, int, int]], any_: object, places: int
) -> None:
    told = changes(referrals)
    shuffled = list(told)
    any_.shuffle(shuffled)  # type: ignore[attr-defined]
    parts = [c.merged(shuffled[place::places]) for place in range(places)]
    whole, together = c.merged(told), c.merged(parts)
    assert whole == together
    assert estimate(c.table(whole, TODAY)) == estimate(c.table(together, TODAY))
    assert estimate(c.table(whole, TODAY, window=30)) == estimate(c.table(together, TODAY, window=30))


@settings(deadline=None)
@given(REFERRALS, st.randoms(use_true_random=False))
def test_what_is_told_twice_changes_nothing_once_the_second_is_dropped(
    referrals: list[tuple[int, int, int]], any_: object
) -> None:
    told = list(enumerate(changes(referrals)))
    again = told + told[: len(told) // 2]
    any_.shuffle(again)  # type: ignore[attr-defined]
    assert c.merged(dict(again).values()) == c.merged(change for _, change in told)


@given(REFERRALS, REFERRALS)
def test_taking_back_undoes_adding(kept: list[tuple[int, int, int]], wrong: list[tuple[int, int, int]]) -> None:
    state = c.merged(changes(kept))
    before = dict(state)
    for change in changes(wrong):
        c.add(state, change)
    for change in reversed(changes(wrong)):
        c.add(state, c.undo(change))
    assert state == before


@settings(deadline=None)
@given(REFERRALS)
def test_counters_and_referrals_give_one_figure(referrals: list[tuple[int, int, int]]) -> None:
    rows = np.array(referrals, np.int64).reshape(-1, 3)
    shut = (rows[:, 2] > 0) & (rows[:, 0] + rows[:, 1] <= TODAY)
    ages = np.where(shut, rows[:, 1], TODAY - rows[:, 0])
    found, other = estimate(c.table(c.merged(changes(referrals)), TODAY)), returned(Spells(ages, rows[:, 2] * shut), 90)
    assert (found.n, found.events, found.complete) == (other.n, other.events, other.complete)
    assert found.value == other.value or math.isclose(found.value or 0, other.value or 0, abs_tol=1e-12)


@settings(deadline=None)
@given(REFERRALS, st.integers(1, 200))
def test_any_window_of_any_counters_is_sound(referrals: list[tuple[int, int, int]], window: int) -> None:
    check_sound(estimate(c.table(c.merged(changes(referrals)), TODAY, window=window)), 0, 1)


@settings(deadline=None)
@given(REFERRALS, st.integers(0, 3))
def test_over_the_time_it_was_learned_from_as_many_were_expected_as_came(
    referrals: list[tuple[int, int, int]], later: int
) -> None:
    cells = c.merged(changes(referrals))
    usual = hazard(c.table(cells, TODAY))
    observed, expected = by_day(cells, usual, 0, TODAY + later)
    assert len(observed) == len(expected) == TODAY + later + 1
    within = sum(how == 1 and age <= 90 and day + age <= TODAY for day, age, how in referrals)
    assert observed.sum() == within
    if not later:
        assert math.isclose(expected.sum(), observed.sum(), abs_tol=1e-9)


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(0, 5)), max_size=60), st.floats(0.2, 6))
def test_the_sum_never_falls_below_nothing_and_alarms_are_in_order(
    days: list[tuple[int, float]], height: float
) -> None:
    observed, expected = np.array([one for one, _ in days], float), np.array([two for _, two in days], float)
    path, step = cusum(observed, expected), 0.0
    for place, (many, awaited) in enumerate(days):
        step = max(0.0, step + many * math.log(1.5) - 0.5 * awaited)
        assert math.isclose(path[place], step, abs_tol=1e-9)
    found = alarms(observed, expected, height)
    assert found == sorted(set(found))
    assert all(observed[day] > 0 for day in found)


@settings(deadline=None)
@given(ENDS, st.sampled_from([0.1, 0.5, 0.9]))
def test_quantiles_of_waits_are_sound_and_grow(ends: list[tuple[int, int]], share: float) -> None:
    whole = spells(ends)
    check_sound(quantile(whole, share), 0, 120)
    check_sound(quantile_of_ended(whole, share), 0, 120)
    shorter, longer = quantile(whole, share / 2).value, quantile(whole, share).value
    assert longer is None or (shorter is not None and shorter <= longer)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 100), st.booleans()), max_size=20),
    st.lists(st.tuples(st.integers(0, 19), st.integers(0, 100)), max_size=40),
    st.integers(0, 110),
)
def test_rounds_per_person_are_sound(
    followed: list[tuple[int, bool]], back: list[tuple[int, int]], horizon: int
) -> None:
    kept = np.array([one for one in back if one[0] < len(followed)], np.int64).reshape(-1, 2)
    until, left = np.array([one for one, _ in followed], np.int64), np.array([gone for _, gone in followed], bool)
    found = rounds_per_person(People(until, left, kept[:, 0], kept[:, 1]), horizon)
    check_sound(found, 0, math.inf)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_the_difference_of_any_two_shares_is_sound(one: int, rest: int, other: int, others: int) -> None:
    check_sound(difference(share_of(one, one + rest), share_of(other, other + others)), -1, 1)


@given(st.lists(st.integers(0, 50), max_size=20))
def test_the_variety_of_reasons_is_at_most_their_number(counts: list[int]) -> None:
    found = reasons(np.array(counts, np.int64))
    given_at_all = sum(count > 0 for count in counts)
    assert 0 <= found.evenness <= 1
    assert (1 - 1e-9 if given_at_all else 0) <= found.variety <= given_at_all + 1e-9


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 400), st.floats(0.01, 400)), min_size=1, max_size=30),
    st.sampled_from(["shmi", "cqc"]),
)
def test_any_providers_can_be_compared(providers: list[tuple[int, float]], variant: str) -> None:
    observed, expected = (np.array(column, float) for column in zip(*providers, strict=True))
    found = compare(observed, expected, variant)  # type: ignore[arg-type]
    assert [one.observed for one in found.providers] == observed.tolist()
    for one in found.providers:
        check_sound(one.ratio, 0, math.inf)
        check_sound(one.shrunk, 0, math.inf)
        assert one.outer[0] <= one.inner[0] <= 1 <= one.inner[1] <= one.outer[1]
        assert one.seen_below <= one.inner[0]
        assert one.inner[1] <= one.seen_above * (1 + 1e-9)
