"""What was to be expected of these people, whoever had them: hazard of return by person and day, within provider.

The hazard of one cause for person i with provider j at age t is rate(t) * exp(u_j + b'x_i): constant within a band of
days, one intercept per provider. b is learned within providers; only then are the rates taken without u. Were it done
in one go, a good provider that takes the hard cases would pass its quality on to 'case mix'. x holds what was known at
diagnosis, never what a provider itself records afterwards.
"""

from dataclasses import dataclass

import numpy as np

from services.insight.statistics.estimate import Floats, Ints
from services.insight.statistics.incidence import Spells, seen_to_end

WEEKS = tuple(float(day) for day in (*range(0, 90, 7), 90))
"""Bounds of the bands, in days: weeks up to day 90."""
PRIOR = 2.5
"""Standard deviation of the prior of a provider's intercept, and of a log hazard ratio per deviation of its covariate.

So wide that a hundred events outweigh it; it is there for what nobody or everybody returned in, where b would go to
infinity.
"""
BAND_PRIOR = 5.0
"""The same for the log rate of a band, about the rate of all bands together."""
STEPS = 50
CLOSE = 1e-9
TOO_FAR = 100.0
"""A log hazard that no step may pass: it is so unlikely that the step is halved."""


@dataclass(frozen=True, slots=True)
class CaseMix:
    """What was learned: how the hazard goes with the covariates, and the rates of somebody at their mean, per day."""

    effects: Floats
    """b: log hazard ratio per unit of each covariate."""
    covariance: Floats
    """Of `effects`, by the curvature of the likelihood; the roots of its diagonal are the standard errors."""
    centre: Floats
    """The means of the covariates: what the rates are the rates of."""
    bounds: Floats
    """Of the bands, in days; the last one is the horizon."""
    rates: Floats
    """Events per person-day in each band, without any provider's intercept."""
    events: int
    steps: int
    """How many steps of Newton's method it took."""

    @property
    def errors(self) -> Floats:
        """Standard errors of the effects."""
        return np.sqrt(np.diag(self.covariance))


def exposure(spells: Spells, bounds: Floats) -> Floats:
    """Days that each spell was followed in each band: spells in rows, bands in columns. Durations in days."""
    entered = np.zeros(len(spells)) if spells.entered is None else np.maximum(spells.entered, 0)
    until: Floats = np.minimum(spells.durations[:, None], bounds[None, 1:])
    return np.maximum(until - np.maximum(entered[:, None], bounds[None, :-1]), 0.0)


def events_in(spells: Spells, cause: int, bounds: Floats) -> Ints:
    """The band in which each spell ended by the cause, or -1. An end on a bound belongs to the band before it."""
    ended = seen_to_end(spells, float(bounds[-1]), cause)
    band = np.maximum(np.searchsorted(bounds, spells.durations, "left") - 1, 0)
    return np.where(ended, band, -1)


def learn(
    spells: Spells,
    covariates: Floats,
    providers: Ints,
    cause: int = 1,
    bounds: tuple[float, ...] = WEEKS,
    prior: float = PRIOR,
) -> CaseMix:
    """Learns case mix from spells (durations in days), their covariates (a row each) and their provider (0, 1, 2, ...).

    Raises ValueError when there is nothing to learn from, and ArithmeticError when Newton's method does not settle.
    """
    edges = np.array(bounds, dtype=np.float64)
    if len(covariates) != len(spells) or len(providers) != len(spells):
        raise ValueError("every spell must have a row of covariates and a provider")
    if not np.isfinite(covariates).all():
        raise ValueError("covariates must be numbers; what is unknown is a covariate of its own")
    band, days = events_in(spells, cause, edges), exposure(spells, edges)
    if not (band >= 0).any() or not days.any():
        raise ValueError("nobody was followed until they ended by this cause: there is nothing to learn")
    centre = covariates.mean(axis=0)
    problem = _problem(covariates - centre, days, band, providers, prior)
    found, steps = _newton(problem)
    width = covariates.shape[1]
    effects = found[len(found) - width :]
    whole = np.linalg.inv(_slopes(problem, found)[1]).astype(np.float64)
    covariance = whole[len(found) - width :, len(found) - width :]
    ratios = np.exp((covariates - centre) @ effects)
    rates = np.bincount(band[band >= 0], minlength=len(edges) - 1) / np.maximum(ratios @ days, 1e-300)
    return CaseMix(effects, covariance, centre, edges, rates, int((band >= 0).sum()), steps)


@dataclass(frozen=True, slots=True)
class _Problem:
    """The likelihood's parts; the parameters are log rates by band, then intercepts by provider, then effects."""

    x: Floats
    days: Floats
    providers: Ints
    sums: Floats
    """Events by band, events by provider, covariates summed over events."""
    middle: Floats
    """Of the prior of each parameter."""
    weight: Floats
    """One over the variance of the prior of each parameter."""


def _problem(x: Floats, days: Floats, band: Ints, providers: Ints, prior: float) -> _Problem:
    ended = band >= 0
    bands, many = days.shape[1], int(providers.max()) + 1
    sums = [
        np.bincount(band[ended], minlength=bands),
        np.bincount(providers[ended], minlength=many),
        x[ended].sum(axis=0),
    ]
    middle = np.concatenate([np.full(bands, np.log(ended.sum() / days.sum())), np.zeros(many + x.shape[1])])
    spread = np.concatenate([np.full(bands, BAND_PRIOR**-2), np.full(many, prior**-2), x.var(axis=0) / prior**2])
    # A covariate in which all are the same has no effect to find: it is held at 0.
    return _Problem(x, days, providers, np.concatenate(sums), middle, np.where(spread > 0, spread, 1.0))


def _slopes(problem: _Problem, at: Floats) -> tuple[Floats, Floats, float]:
    """First and (minus the) second derivative of the log posterior, and itself, without a row per person and band."""
    bands, many = problem.days.shape[1], len(at) - problem.days.shape[1] - problem.x.shape[1]
    base, own, effects = at[:bands], at[bands : bands + many], at[bands + many :]
    risk = np.exp(np.minimum(own[problem.providers] + problem.x @ effects, TOO_FAR))
    by_band = problem.days * risk[:, None] * np.exp(base)[None, :]
    expected = by_band.sum(axis=1)
    away = at - problem.middle
    value = float(problem.sums @ at - expected.sum() - (problem.weight * away**2).sum() / 2)
    weighted = problem.x * expected[:, None]
    of_provider = _summed(problem.providers, by_band, many)
    x_of_provider = _summed(problem.providers, weighted, many)
    sums = np.concatenate([by_band.sum(axis=0), of_provider.sum(axis=1), weighted.sum(axis=0)])
    curve = np.block(
        [
            [np.diag(sums[:bands]), of_provider.T, by_band.T @ problem.x],
            [of_provider, np.diag(sums[bands : bands + many]), x_of_provider],
            [problem.x.T @ by_band, x_of_provider.T, problem.x.T @ weighted],
        ]
    )
    return problem.sums - sums - problem.weight * away, curve + np.diag(problem.weight), value


def _summed(groups: Ints, rows: Floats, many: int) -> Floats:
    """The rows added up by group."""
    columns = [np.bincount(groups, weights=column, minlength=many) for column in rows.T]
    return np.stack(columns, axis=1) if columns else np.zeros((many, 0))


def _newton(problem: _Problem) -> tuple[Floats, int]:
    at = problem.middle.copy()
    slope, curve, value = _slopes(problem, at)
    for step in range(1, STEPS + 1):
        move = np.linalg.solve(curve, slope)
        while True:
            slope, curve, after = _slopes(problem, at + move)
            if after >= value - 1e-9 * abs(value) or np.abs(move).max() < CLOSE:
                break
            move = move / 2
        at, value = at + move, after
        if np.abs(move).max() < CLOSE:
            return at, step
    raise ArithmeticError(f"case mix did not settle in {STEPS} steps")


def risk(model: CaseMix, covariates: Floats) -> Floats:
    """The hazard to be expected of each over the whole time to the horizon, had they not ended otherwise."""
    whole = float((model.rates * np.diff(model.bounds)).sum())
    ratios: Floats = np.exp((covariates - model.centre) @ model.effects)
    return whole * ratios


def expected(model: CaseMix, spells: Spells, covariates: Floats) -> Floats:
    """Returns to be expected of each spell in the time that it was followed; over all, as many as there were."""
    hazard: Floats = exposure(spells, model.bounds) @ model.rates
    ratios: Floats = np.exp((covariates - model.centre) @ model.effects)
    return hazard * ratios
