"""Small estimators of our own, right ones and well-known wrong ones: the gate lets only the first through."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.simulator import effects, hazards, population
from tests.simulator.calibration import Belief, Estimates
from tests.simulator.settings import DAY
from tests.simulator.spells import RETURNED, Spells, ages, picked

Floats = NDArray[np.float64]
WINDOW, Z = 90, 1.959964


@dataclass(frozen=True)
class Counts:
    """[group, day of age]: at risk, ended, returned; and how many were accepted by group."""

    risk: Floats
    ended: Floats
    returned: Floats
    accepted: Floats


def counts(known: Spells, group: NDArray[Any], groups: int, as_of: int) -> Counts:
    """Counts of accepted referrals by whole days of age, to the window's end. Ends come before what is censored."""
    age, cause = ages(known, as_of)
    taken = age >= 0
    age, cause, group = age[taken], cause[taken], group[taken]
    place = group * (WINDOW + 2) + np.minimum(age, WINDOW + 1)

    def by_day(which: NDArray[np.bool_]) -> Floats:
        return np.bincount(place[which], minlength=groups * (WINDOW + 2)).reshape(groups, -1).astype(float)

    left = by_day(np.ones(len(age), bool))
    risk = left[:, ::-1].cumsum(1)[:, ::-1]
    return Counts(risk, by_day(cause > 0), by_day(cause == RETURNED), left.sum(1))


def aalen_johansen(known: Spells, group: NDArray[Any], groups: int, as_of: int) -> Estimates:
    """Cumulative incidence with competing ends, its delta variance, and Wilson's interval with the effective number."""
    found = counts(known, group, groups, as_of)
    n, d, r = found.risk[:, : WINDOW + 1], found.ended[:, : WINDOW + 1], found.returned[:, : WINDOW + 1]
    safe = np.maximum(n, 1)
    before = np.cumprod(np.hstack([np.ones((groups, 1)), (1 - d / safe)[:, :-1]]), 1)
    share = np.cumsum(before * r / safe, 1)
    left = share[:, -1:] - share
    rest = np.maximum(n - d, 1)
    variance = left**2 * d / (safe * rest) + before**2 * r * (n - r) / safe**3 - 2 * left * before * r / safe**2
    return _wilson(share[:, -1], variance.sum(1), found.accepted)


def _wilson(share: Floats, variance: Floats, accepted: Floats) -> Estimates:
    spread = share * (1 - share)
    n = np.where((variance > 0) & (spread > 0), spread / np.maximum(variance, 1e-12), accepted)
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * np.sqrt(spread / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return Estimates(share, middle - half, middle + half)


def one_minus_kaplan_meier(known: Spells, group: NDArray[Any], groups: int, as_of: int) -> Estimates:
    """Wrong: as if who found a job could still come back."""
    found = counts(known, group, groups, as_of)
    n, r = np.maximum(found.risk[:, : WINDOW + 1], 1), found.returned[:, : WINDOW + 1]
    running = np.prod(1 - r / n, 1)
    variance = running**2 * np.sum(r / (n * np.maximum(n - r, 1)), 1)
    return _wilson(1 - running, variance, found.accepted)


def so_far(known: Spells, group: NDArray[Any], groups: int, as_of: int) -> Estimates:
    """Wrong: returns within 90 days by all that was accepted, young ones too."""
    found = counts(known, group, groups, as_of)
    share = found.returned[:, : WINDOW + 1].sum(1) / found.accepted
    return _wilson(share, share * (1 - share) / found.accepted, found.accepted)


def of_what_ended(known: Spells, group: NDArray[Any], groups: int, as_of: int) -> Estimates:
    """Wrong: as if what is still open were not there."""
    found = counts(known, group, groups, as_of)
    ended = found.ended.sum(1)
    share = found.returned[:, : WINDOW + 1].sum(1) / ended
    return _wilson(share, share * (1 - share) / ended, ended)


def expected(known: Spells, as_of: int, log_return: Floats, scale: float) -> tuple[Floats, Floats, NDArray[Any]]:
    """(returned within 90 days, expected over the days at risk, company) of accepted referrals."""
    age, cause = ages(known, as_of)
    taken = age >= 0
    days = np.clip(np.minimum(age[taken], WINDOW)[:, None] - (np.array(hazards.FIRST_DAYS) - 1), 0, hazards.LENGTHS)
    back = (cause == RETURNED) & (age <= WINDOW)
    rates = scale * np.array(hazards.RETURN_RATES)
    return back[taken].astype(float), days @ rates * np.exp(log_return[taken]), known.company[taken]


def case_mix(known: Spells) -> Floats:
    """The log of what people and their earlier returns add to the hazard of returning."""
    by_will, by_able = effects.RETURN_WILL * known.will, effects.RETURN_ABLE * known.able
    return by_will + by_able + effects.RETURN_BARRIER * known.barriers + effects.DENT_RETURN * known.bounces


def pooled(known: Spells, companies: int, as_of: int, *, mix: bool = True, narrow: float = 1.0) -> Belief:
    """Observed by expected, pooled by DerSimonian and Laird. `narrow` makes it too sure of itself."""
    log = case_mix(known) if mix else np.zeros(len(known))
    back, usual, company = expected(known, as_of, log, population.scale(1.0))
    observed = np.bincount(company, back, companies)
    fair = np.bincount(company, usual, companies) * observed.sum() / usual.sum()
    raw, variance = np.log(observed / fair), 1 / observed
    weight = 1 / variance
    fixed = np.average(raw, weights=weight)
    heterogeneity = weight @ (raw - fixed) ** 2 - (companies - 1)
    between = max(0.0, heterogeneity / (weight.sum() - (weight**2).sum() / weight.sum()))
    middle = np.average(raw, weights=1 / (variance + between))
    keep = between / (between + variance)
    return Belief(raw, middle + keep * (raw - middle), narrow * np.sqrt(keep * variance))


def cusum(known: Spells, as_of: int, *, limit: float) -> bool:
    """Observed less expected returns day by day, for a hazard half as high again (Steiner and Jones)."""
    taken = picked(known, known.accepted_at >= 0)
    opens = int(taken.sent_at.min()) // DAY * DAY
    days = (as_of - opens) // DAY + 1
    start = (taken.accepted_at - opens) // DAY
    age, cause = ages(taken, as_of)
    change = np.zeros(days + 1)
    for first, length, rate in zip(hazards.FIRST_DAYS, hazards.LENGTHS, hazards.RETURN_RATES, strict=True):
        last = np.minimum(np.minimum(age, WINDOW), first - 1 + length)
        at_risk = last >= first
        np.add.at(change, start[at_risk] + first, rate * hazards.ALIKE)
        np.add.at(change, np.minimum(start[at_risk] + last[at_risk] + 1, days), -rate * hazards.ALIKE)
    back = (cause == RETURNED) & (age <= WINDOW)
    observed = np.bincount(start[back] + age[back], minlength=days + 1)
    level = 0.0
    for steps in observed[:days] * np.log(1.5) - 0.5 * np.cumsum(change)[:days]:
        level = max(0.0, level + steps)
        if level > limit:
            return True
    return False


def _cells(known: Spells, as_of: int, chosen: NDArray[Any]) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """[municipality, month]: first referrals accepted at least 90 days ago, their returns, whether reformed."""
    age, cause = ages(known, as_of)
    old = known.first & (known.accepted_at >= 0) & (as_of - known.accepted_at >= WINDOW * DAY)
    month = ((known.sent_at - known.sent_at.min()) // (30 * DAY))[old]
    size = (int(known.municipality.max()) + 1, int(month.max()) + 1)
    place = known.municipality[old] * size[1] + month
    back = ((cause == RETURNED) & (age <= WINDOW))[old]
    n = np.bincount(place, minlength=size[0] * size[1]).reshape(size).astype(float)
    returned = np.bincount(place, back, size[0] * size[1]).reshape(size)
    # a month in which the reform came counts to it: its first days only dilute the effect
    reformed = np.bincount(place, known.reformed[old], size[0] * size[1]).reshape(size) / np.maximum(n, 1) > 0.5
    return n[chosen], returned[chosen], reformed[chosen]


def imputed(known: Spells, as_of: int, chosen: NDArray[Any] | None = None) -> float:
    """Effects of municipality and month from cells without the reform, and how the others differ from those."""
    everybody = np.arange(int(known.municipality.max()) + 1)
    n, returned, reformed = _cells(known, as_of, everybody if chosen is None else chosen)
    share = returned / np.maximum(n, 1)
    weight = np.where(reformed, 0.0, n)
    place, month = np.zeros((len(n), 1)), np.zeros((1, n.shape[1]))
    for _ in range(60):
        place = (weight * (share - month)).sum(1, keepdims=True) / np.maximum(weight.sum(1, keepdims=True), 1e-9)
        month = (weight * (share - place)).sum(0, keepdims=True) / np.maximum(weight.sum(0, keepdims=True), 1e-9)
    usable = reformed & (weight.sum(1, keepdims=True) > 0) & (weight.sum(0, keepdims=True) > 0)
    return float(np.average((share - place - month)[usable], weights=n[usable]))


def before_after(known: Spells, as_of: int, chosen: NDArray[Any] | None = None) -> float:
    """Wrong when something else changed too: after the reform less before it."""
    everybody = np.arange(int(known.municipality.max()) + 1)
    n, returned, reformed = _cells(known, as_of, everybody if chosen is None else chosen)
    met = reformed.any(1, keepdims=True) & (n > 0)
    return float(
        returned[reformed].sum() / n[reformed].sum() - returned[met & ~reformed].sum() / n[met & ~reformed].sum()
    )


def resampled(estimate: Any, known: Spells, as_of: int) -> tuple[float, float]:
    """The estimate and its standard error, by drawing municipalities again."""
    rng = np.random.default_rng(11)
    size = int(known.municipality.max()) + 1
    draws = [estimate(known, as_of, rng.integers(0, size, size)) for _ in range(40)]
    return estimate(known, as_of), float(np.std(draws))
