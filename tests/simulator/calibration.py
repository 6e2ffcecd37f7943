"""Holds estimators to worlds whose truth is known: draws a series of worlds, asks, and hands the answers to be judged.

An estimator is a function on what a register knows at the end of a history. It is handed the arrays of `seen` without
those that tell the truth. Where numbers come out of a whole system instead, put them into `Cells`, `Beliefs` or
`Effects` yourself.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tests.simulator.exact import reform_effect, true_incidence
from tests.simulator.judging import Alarms, Beliefs, Cells, Effects, judge_alarms
from tests.simulator.runs import simulate
from tests.simulator.settings import Settings
from tests.simulator.spells import Spells, blind, picked, seen
from tests.simulator.world import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Estimates:
    """By group: the share that returns within 90 days, and its 95% interval."""

    value: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Belief:
    """By company: the log of its effect on returning as observed, and what is believed of it: a normal."""

    raw: Floats
    mean: Floats
    sd: Floats


Grouping = Callable[[Spells], NDArray[np.int64]]
Estimator = Callable[[Spells, Ints, int, int], Estimates]
"""(what is known, the group of each referral, how many groups, the second it is known at) -> estimates."""
Comparer = Callable[[Spells, int, int], Belief]
"""(what is known, how many companies, the second it is known at) -> beliefs."""
Watch = Callable[[Spells, int], bool]
"""(what is known, the second it is known at) -> whether there was ever an alarm."""
Evaluation = Callable[[Spells, int], tuple[float, float]]
"""(what is known, the second it is known at) -> the reform's effect on being back within 90 days, its error."""


def everyone(spells: Spells) -> Ints:
    """All in one group."""
    return np.zeros(len(spells), np.int64)


def by_company(spells: Spells) -> Ints:
    """A group per company."""
    return spells.company.astype(np.int64)


def incidence_cells(
    estimator: Estimator, settings: Settings, worlds: int, grouping: Grouping, groups: int, *, least: int = 10
) -> Cells:
    """What the estimator says of first referrals by group, of so many worlds; groups with `least` or more accepted.

    Only first ones: of later ones the youngest come from more returns, so that what is cut off by the end of the
    history differs from what is not, and no estimator of one share could be right.
    """
    rows: list[tuple[Floats, ...]] = []
    for place in range(worlds):
        world, spells = _world(settings, place)
        known = seen(picked(spells, spells.first), world.settings.ends)
        group = grouping(known)
        found = estimator(blind(known), group, groups, world.settings.ends)
        truth = true_incidence(world, known, group, groups)
        enough = np.bincount(group[known.accepted_at >= 0], minlength=groups) >= least
        rows.append(
            tuple(x[enough] for x in (np.full(groups, float(place)), found.value, found.low, found.high, truth))
        )
    number, value, low, high, truth = (np.concatenate(column) for column in zip(*rows, strict=True))
    return Cells(number.astype(np.int64), value, low, high, truth)


def company_beliefs(comparer: Comparer, settings: Settings, worlds: int) -> Beliefs:
    """What the comparer says of the companies of so many worlds.

    Effects are relative, and what they are relative to is a choice: each world's are set beside their own mean.
    """
    rows: list[tuple[Floats, ...]] = []
    for place in range(worlds):
        world, spells = _world(settings, place)
        known = seen(spells, world.settings.ends)
        found = comparer(blind(known), settings.companies, world.settings.ends)
        there = np.bincount(known.company[known.accepted_at >= 0], minlength=settings.companies) > 0
        raw, mean, truth = (x[there] - x[there].mean() for x in (found.raw, found.mean, world.company_return))
        rows.append((raw, mean, found.sd[there], truth))
    return Beliefs(*(np.concatenate(column) for column in zip(*rows, strict=True)))


def false_alarms(watch: Watch, settings: Settings, worlds: int) -> Alarms:
    """How often the watch sees a change where there is none: five years of worlds in which everybody is alike."""
    calm = replace(settings, days=5 * 365 + 1, heterogeneity=False, reform=None, shock=None)
    rung = []
    for place in range(worlds):
        world, spells = _world(calm, place)
        rung.append(watch(blind(seen(spells, world.settings.ends)), world.settings.ends))
    return judge_alarms(rung)


def reform_effects(evaluation: Evaluation, settings: Settings, worlds: int) -> Effects:
    """What the evaluation says of the reform in so many worlds, and its true mean effect on first referrals it met."""
    rows = []
    for place in range(worlds):
        world, spells = _world(settings, place)
        value, error = evaluation(blind(seen(spells, world.settings.ends)), world.settings.ends)
        met = spells.first & spells.reformed & (spells.accepted_at >= 0) & (spells.sent_at <= world.settings.ends)
        rows.append((value, error, float(reform_effect(world, picked(spells, met)).mean())))
    return Effects(*(np.array(column) for column in zip(*rows, strict=True)))


def _world(settings: Settings, place: int) -> tuple[World, Spells]:
    """The world of this place in a series: the settings' own seed, and the ones after it."""
    return simulate(replace(settings, seed=settings.seed + place))
