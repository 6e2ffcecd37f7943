"""Draws the referrals of people: round after round, for who comes back is often referred again, with another hazard."""

from dataclasses import dataclass

import numpy as np

from tests.simulator import effects, hazards, tables
from tests.simulator.people import Floats, Ints, People, Small, Yes
from tests.simulator.population import scale_of
from tests.simulator.reasons import draw_reasons
from tests.simulator.settings import DAY
from tests.simulator.spells import DECLINED, MOST_ROUNDS, RETURNED, WORKS, Spells, joined, picked
from tests.simulator.tables import drawn
from tests.simulator.world import CONTRACT_SHARES, World, shocked, year_of

ACCEPTED, ANSWER_MEAN = 0.93, 5.0
"""93 % is accepted after a geometric number of days with this mean; the others are declined after as many."""
AGAIN, AGAIN_MEDIAN = 0.55, 45.0
"""The share that is referred again after a return or a decline, and after how many days."""
DIAGNOSED_BEFORE, DIAGNOSED_AFTER = 0.10, 0.95
"""The share that is diagnosed before a referral, without and with the reform."""
DIAGNOSIS_MEDIAN, CUT = 21.0, -0.3
"""Days from decision to a completed diagnosis; below the cut another trajectory than re-integration is needed."""
WARM, DISPUTED = 0.25, 0.08
JOB_LOST, JOB_SHAPE = 0.25, 0.7
"""A quarter of the jobs is lost within a year, the hazard falling (Weibull)."""


@dataclass(slots=True)
class _Path:
    """How far people are: who is to be referred next, since when, and what went before. By person to be referred."""

    who: Ints
    ready: Ints
    bounces: Ints
    begun: Yes
    """A diagnosis was begun before, completed before."""
    completed: Yes


def draw_spells(world: World, people: People, rng: np.random.Generator) -> Spells:
    """Everything that will ever happen to these people's referrals; `seen` says what is known of it at a moment."""
    who = np.flatnonzero(people.referred)
    no = np.zeros(len(who), bool)
    path = _Path(who, people.decided_at[who], np.zeros(len(who), np.int64), no, no)
    rounds = [_round(world, people, rng, path, 1)]
    while len(path.who) and len(rounds) < MOST_ROUNDS - 1:
        rounds.append(_round(world, people, rng, path, len(rounds) + 1))
    whole = joined(rounds)
    return picked(whole, np.lexsort((whole.sequence, whole.person)))


def _round(world: World, people: People, rng: np.random.Generator, path: _Path, sequence: int) -> Spells:
    """The next referral of each; the path goes on with who is to be referred once more."""
    who, count = path.who, len(path.who)
    municipality = people.municipality[who].astype(np.int64)
    diagnosed_from, diagnosed_to, sent = _prepared(world, people, rng, path, sequence)
    begun, completed = path.begun | (diagnosed_from >= 0), path.completed | (diagnosed_to >= 0)
    reformed = sent >= world.reform_at[municipality]
    company = world.contracts[municipality, drawn(rng, CONTRACT_SHARES, count)]
    mis_without, mis_with = _misreferred(world, municipality, rng.random(count))
    misreferred = np.where(reformed, mis_with, mis_without)
    log_return, log_job = _multipliers(world, people, path, company, sent)
    effect = world.settings.reform.effect if world.settings.reform else 0.0
    weight = np.log(world.settings.misreferred) if world.settings.heterogeneity else 0.0
    without, with_reform = log_return + weight * mis_without, log_return + weight * mis_with + effect
    log_return = np.where(reformed, with_reform, without)

    answer = rng.geometric(1 / ANSWER_MEAN, count) * DAY
    taken = rng.random(count) < ACCEPTED
    when, why = rng.random(count), rng.random(count)
    age, cause = hazards.ends(hazards.rates(log_return, log_job, scale_of(world)), when, why)
    cause[~taken] = DECLINED
    ended = sent + answer + np.where(taken, age, 0) * DAY
    contact = sent + answer + rng.geometric(0.2, count) * DAY + 3_600
    met = taken & (contact < ended)
    reasons = draw_reasons(world, rng, cause, misreferred, reformed)
    spells = Spells(
        person=people.number[who],
        sequence=np.full(count, sequence),
        municipality=municipality.astype(np.int16),
        company=company.astype(np.int16),
        age_band=people.age_band[who],
        will=people.will[who],
        able=people.able[who],
        barriers=people.barriers[who],
        bounces=path.bounces.astype(np.int8),
        trajectory=_trajectory(people.score[who], misreferred, rng.random(count)),
        warm=rng.random(count) < WARM,
        diagnosed=completed,
        reformed=reformed,
        misreferred=misreferred,
        diagnosis_from=diagnosed_from,
        diagnosis_to=diagnosed_to,
        sent_at=sent,
        received_at=sent + (rng.uniform(0.02, 0.9, count) * DAY).astype(np.int64),
        accepted_at=np.where(taken, sent + answer, -1),
        started_at=np.where(met, contact, -1),
        first_contact=np.where(met, drawn(rng, tables.FIRST_CONTACT_SHARES, count), -1).astype(np.int8),
        cause=cause,
        ended_at=ended,
        reason=reasons.registered,
        second_reason=reasons.second,
        true_reason=reasons.true,
        disputed=(cause == RETURNED) & (rng.random(count) < DISPUTED),
        job_lost_at=np.where(cause == WORKS, ended + _job_days(rng.random(count)) * DAY, -1),
        log_return=log_return,
        log_job=log_job,
        without_reform=without,
        with_reform=with_reform,
        when=when,
        why=why,
    )  # fmt: skip
    again = ((cause == RETURNED) | (cause == DECLINED)) & (rng.random(count) < AGAIN)
    path.who, path.ready = who[again], ended[again]
    path.bounces = path.bounces[again] + (cause[again] == RETURNED)
    path.begun, path.completed = begun[again], completed[again]
    return spells


def _prepared(
    world: World, people: People, rng: np.random.Generator, path: _Path, sequence: int
) -> tuple[Ints, Ints, Ints]:
    """(diagnosis begun, completed, referral sent): on a working day in office hours, a diagnosis days before it."""
    count = len(path.who)
    reformed = path.ready >= world.reform_at[people.municipality[path.who]]
    missing = people.factor_missing[path.who]
    diagnosed = rng.random(count) < np.where(reformed, DIAGNOSED_AFTER, DIAGNOSED_BEFORE)
    # a diagnosis that lacks a factor stays open, and no other is begun beside it
    diagnosed &= ~(missing & path.begun)
    wait = DIAGNOSIS_MEDIAN * rng.lognormal(0, 0.5, count)
    quick, between = 1 + 6 * rng.lognormal(0, 0.6, count), rng.uniform(3, 10, count)
    if sequence == 1:
        wait = np.maximum(wait, 4.0)
        sent = np.where(diagnosed, wait + between, quick)
    else:
        sent = np.maximum(AGAIN_MEDIAN * rng.lognormal(0, 0.6, count), 10.0)
        wait = 0.6 * sent
    begun = np.where(diagnosed, path.ready + (wait * 0.4 * DAY).astype(np.int64), -1)
    completed = np.where(diagnosed & ~missing, path.ready + (wait * DAY).astype(np.int64), -1)
    day = (path.ready + (sent * DAY).astype(np.int64)) // DAY
    weekday = (day + 3) % 7
    day += np.where(weekday >= 5, 7 - weekday, 0)
    return begun, completed, day * DAY + rng.integers(7 * 3_600, 16 * 3_600, count)


def _misreferred(world: World, municipality: Ints, chance: Floats) -> tuple[Yes, Yes]:
    """Whether somebody is misreferred without the reform, and with it."""
    share = world.misreferral[municipality]
    fewer = world.settings.reform.misreferral if world.settings.reform else 1.0
    return chance < share, chance < share * fewer


def _multipliers(world: World, people: People, path: _Path, company: Ints, sent: Ints) -> tuple[Floats, Floats]:
    """The logs of what multiplies the hazards of a return and of a job, misreferral and reform apart."""
    municipality = people.municipality[path.who].astype(np.int64)
    log_job = world.company_job[company] + world.market[municipality, year_of(world, sent)]
    if world.settings.shock is not None:
        log_job = log_job + world.settings.shock.jobs * shocked(world, municipality, sent)
    log_return = world.company_return[company]
    if not world.settings.heterogeneity:
        return log_return, log_job
    will, able, barriers = people.will[path.who], people.able[path.who], people.barriers[path.who]
    log_return = (
        log_return + effects.RETURN_WILL * will + effects.RETURN_ABLE * able + effects.RETURN_BARRIER * barriers
    )
    log_job = log_job + effects.JOB_WILL * will + effects.JOB_ABLE * able + effects.JOB_BARRIER * barriers
    return log_return + effects.DENT_RETURN * path.bounces, log_job + effects.DENT_JOB * path.bounces


def _trajectory(score: Floats, misreferred: Yes, chance: Floats) -> Small:
    """Re-integration (mostly) above the cut, participation or care below it; the other way round when misreferred."""
    ready = (score > CUT) != misreferred
    for_work = np.searchsorted([0.80, 0.95], chance)
    return np.where(ready, np.array([0, 1, 3])[for_work], np.where(chance < 0.75, 2, 4)).astype(np.int8)


def _job_days(chance: Floats) -> Ints:
    """How long a job lasts: after x years 0.75^(x^0.7) of them are left."""
    years = (np.log(chance) / np.log(1 - JOB_LOST)) ** (1 / JOB_SHAPE)
    return np.ceil(np.minimum(365 * years, 36_500)).astype(np.int64)
