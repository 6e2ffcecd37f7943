"""Referrals: in an order that can be, round after round with a dent, and known only as far as the day it is."""

import numpy as np
import pytest

from tests.simulator import effects
from tests.simulator.exact import potential_returns
from tests.simulator.settings import DAY
from tests.simulator.spells import DECLINED, ENDED, OPEN, RETURNED, WORKS, Spells, ages, blind, picked, seen
from tests.simulator.tables import GENERAL, REASON_SHARES, REASONS
from tests.unit.simulator.worlds import ALIKE, MIXED, REFORMED, drawn

WORLD, SPELLS = drawn(MIXED)


def test_what_happens_to_a_referral_happens_in_order_and_ends_are_whole_days_after_acceptance() -> None:
    one = SPELLS
    taken, met, diagnosed = one.accepted_at >= 0, one.started_at >= 0, one.diagnosis_to >= 0
    assert np.all(one.diagnosis_from[diagnosed] < one.diagnosis_to[diagnosed])
    assert np.all(one.diagnosis_to[diagnosed] + 2 * DAY <= one.sent_at[diagnosed])
    assert np.all((one.sent_at < one.received_at) & (one.received_at < one.sent_at + DAY))
    assert np.all(one.accepted_at[taken] >= one.sent_at[taken] + DAY)
    assert np.all((one.accepted_at < one.started_at)[met] & (one.started_at < one.ended_at)[met])
    assert not np.any((one.ended_at - one.accepted_at)[taken] % DAY)
    assert np.all((one.sent_at // DAY + 3) % 7 < 5)
    assert np.array_equal(taken, one.cause != DECLINED)


def test_the_next_referral_of_a_person_comes_after_the_one_before_came_back() -> None:
    same = SPELLS.person[1:] == SPELLS.person[:-1]
    assert np.all(SPELLS.sent_at[1:][same] >= SPELLS.ended_at[:-1][same] + 9 * DAY)
    assert np.all(SPELLS.sequence[1:][same] == SPELLS.sequence[:-1][same] + 1)
    assert set(SPELLS.cause[:-1][same].tolist()) == {RETURNED, DECLINED}
    returned = SPELLS.cause[:-1] == RETURNED
    assert np.all((SPELLS.bounces[1:] == SPELLS.bounces[:-1] + returned)[same])
    assert len(set(SPELLS.number.tolist())) == len(SPELLS)


def test_more_than_half_of_who_comes_back_is_referred_again_after_six_weeks_in_the_middle() -> None:
    back = SPELLS.cause == RETURNED
    following = np.append(SPELLS.person[1:] == SPELLS.person[:-1], False)
    assert np.mean(following[back]) == pytest.approx(0.55, abs=0.01)
    gap = (SPELLS.sent_at[1:] - SPELLS.ended_at[:-1])[following[:-1]] / DAY
    assert np.median(gap) == pytest.approx(45, abs=1.5)


def test_seven_in_a_hundred_are_declined_and_answers_take_five_days_on_average() -> None:
    assert np.mean(SPELLS.cause == DECLINED) == pytest.approx(0.07, abs=0.003)
    answered = np.where(SPELLS.accepted_at >= 0, SPELLS.accepted_at, SPELLS.declined_at)
    assert np.mean(answered - SPELLS.sent_at) / DAY == pytest.approx(5, abs=0.06)


def test_every_return_dents_the_chance_of_work_and_raises_that_of_coming_back() -> None:
    dented = SPELLS.bounces == 2
    fresh = SPELLS.bounces == 0
    own = _explained(SPELLS)
    assert own[0][dented] == pytest.approx(2 * np.log(1.15))
    assert own[1][dented] == pytest.approx(2 * np.log(0.85))
    assert own[0][fresh] == pytest.approx(0)
    _, alike = drawn(ALIKE)
    assert not alike.log_return.any()
    assert not alike.log_job.any()


def _explained(spells: Spells) -> tuple[np.ndarray, np.ndarray]:
    """What is left of the logs when people, companies, markets and misreferral are taken away."""
    year = np.minimum((spells.sent_at - WORLD.settings.opens) // (365 * DAY), WORLD.market.shape[1] - 1)
    back = -0.30 * spells.will - 0.20 * spells.able + 0.15 * spells.barriers + WORLD.company_return[spells.company]
    job = 0.30 * spells.will + 0.35 * spells.able - 0.15 * spells.barriers + WORLD.company_job[spells.company]
    job += WORLD.market[spells.municipality, year]
    return spells.log_return - back - spells.misreferred * np.log(2.5), spells.log_job - job


def test_a_quarter_of_the_jobs_is_lost_within_a_year_and_most_of_those_early() -> None:
    works = SPELLS.cause == WORKS
    days = (SPELLS.job_lost_at - SPELLS.ended_at)[works] / DAY
    assert np.mean(days <= 365) == pytest.approx(0.25, abs=0.006)
    assert np.mean(days <= 91) > 0.25 * np.mean(days <= 365) * 1.3


def test_companies_get_their_shares_and_only_of_municipalities_they_work_for() -> None:
    mine = WORLD.contracts[SPELLS.municipality] == SPELLS.company[:, None]
    assert np.all(mine.sum(1) == 1)
    assert mine.mean(0) == pytest.approx([0.6, 0.3, 0.1], abs=0.006)


def test_reasons_are_given_in_the_stated_shares_and_mostly_in_general_terms_before_a_reform() -> None:
    _, spells = drawn(ALIKE)
    back = spells.cause == RETURNED
    shares = np.bincount(spells.true_reason[back], minlength=len(REASON_SHARES)) / back.sum()
    assert shares == pytest.approx(REASON_SHARES, abs=0.006)
    assert np.mean(spells.reason[back] == GENERAL) == pytest.approx(0.70, abs=0.01)
    assert {REASONS[place] for place in np.unique(spells.reason[spells.cause == DECLINED])} == {
        "provider.no_capacity",
        "information.incomplete",
    }
    quiet = np.isin(spells.cause, (WORKS, ENDED))
    assert set(spells.reason[quiet].tolist()) == {-1}
    assert set(spells.second_reason[~back].tolist()) == {-1}
    assert not np.any((spells.second_reason == spells.reason) & (spells.second_reason >= 0))


def test_who_was_misreferred_is_more_often_found_to_be_wrongly_referred() -> None:
    back = SPELLS.cause == RETURNED
    wrongly = np.char.startswith(np.array(REASONS), "fit.")[SPELLS.true_reason]
    assert np.mean(wrongly[back & SPELLS.misreferred]) > 2 * np.mean(wrongly[back & ~SPELLS.misreferred])


def test_a_reform_halves_misreferral_brings_diagnosis_first_and_reasons_that_say_something() -> None:
    world, spells = drawn(REFORMED)
    before, after = ~spells.reformed, spells.reformed
    expected = world.misreferral[spells.municipality]
    assert np.sum(spells.misreferred[after]) / np.sum(expected[after]) == pytest.approx(0.5, abs=0.03)
    assert np.sum(spells.misreferred[before]) / np.sum(expected[before]) == pytest.approx(1, abs=0.04)
    back = spells.cause == RETURNED
    assert np.mean(spells.reason[back & after] == GENERAL) == pytest.approx(0.15, abs=0.02)
    assert np.mean(spells.diagnosed[before & spells.first]) < 0.15
    # one in ten lacks a factor, and such a diagnosis is not completed
    assert np.mean(spells.diagnosed[after & spells.first]) == pytest.approx(0.95 * 0.9, abs=0.03)


def test_one_of_the_two_potential_outcomes_is_what_happened() -> None:
    world, spells = drawn(REFORMED)
    taken = picked(spells, spells.accepted_at >= 0)
    without, with_it = potential_returns(world, taken)
    age, cause = ages(taken, 2**60)
    assert np.array_equal(np.where(taken.reformed, with_it, without), (cause == RETURNED) & (age <= 90))
    assert without.mean() > with_it.mean()


def test_a_register_knows_nothing_of_what_is_still_to_come() -> None:
    as_of = WORLD.settings.opens + 500 * DAY
    known = seen(SPELLS, as_of)
    for name in ("sent_at", "received_at", "accepted_at", "started_at", "ended_at", "job_lost_at", "diagnosis_to"):
        assert getattr(known, name).max() <= as_of
    assert np.all((known.cause == OPEN) == (known.ended_at < 0))
    assert set(known.reason[known.cause == OPEN].tolist()) == {-1}
    assert 0 < np.sum(known.cause == OPEN) < len(known) < len(SPELLS)
    later = seen(SPELLS, 2**60)
    assert np.array_equal(later.cause, SPELLS.cause)
    assert np.isnan(blind(known).log_return).all()
    assert not blind(known).misreferred.any()


def test_an_end_exactly_now_is_an_end_and_a_second_earlier_it_is_not_known() -> None:
    first = picked(SPELLS, SPELLS.accepted_at >= 0)
    moment = int(first.ended_at[7])
    one = picked(first, np.array([7]))
    age, cause = ages(seen(one, moment), moment)
    assert (age[0], cause[0]) == ((moment - one.accepted_at[0]) // DAY, one.cause[0])
    age, cause = ages(seen(one, moment - 1), moment - 1)
    assert (age[0], cause[0]) == ((moment - one.accepted_at[0]) // DAY - 1, OPEN)


def test_what_was_not_accepted_has_no_age_since_acceptance_and_a_decline_ends_it_since_sending() -> None:
    as_of = 2**60
    declined = SPELLS.cause == DECLINED
    assert set(ages(SPELLS, as_of)[0][declined].tolist()) == {-1}
    age, cause = ages(SPELLS, as_of, since_sent=True)
    assert set(cause[declined].tolist()) == {DECLINED}
    assert age[declined].min() >= 1


def test_the_effects_are_the_stated_ones() -> None:
    assert (effects.RETURN_WILL, effects.RETURN_ABLE, effects.RETURN_BARRIER) == (-0.30, -0.20, 0.15)
    assert (effects.JOB_WILL, effects.JOB_ABLE, effects.JOB_BARRIER) == (0.30, 0.35, -0.15)
