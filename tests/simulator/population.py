"""What holds over all worlds: the mean over the distributions that people, places and companies are drawn from."""

from functools import cache

import numpy as np

from tests.simulator import effects, hazards
from tests.simulator.hazards import Floats
from tests.simulator.people import ANY_BARRIER, BARRIER_RATE, CORRELATION, poisson_shares
from tests.simulator.world import JOB_SD, MARKET_SD, MISREFERRED, RETURN_SD, SHIFT_SD, World

RETURNED_BY_90 = 0.30
"""Of all first referrals of all worlds, before a reform: almost three in ten (Leiden)."""
_NODES = 20


def scale_of(world: World) -> float:
    """What return rates are multiplied by in this world."""
    return scale(world.settings.misreferred) if world.settings.heterogeneity else hazards.ALIKE


@cache
def scale(misreferred: float) -> float:
    """The multiplier with which RETURNED_BY_90 are back by day 90 when people differ, by the secant rule."""
    before, now = 0.6, 0.8
    missed = national(90, before, misreferred)[hazards.RETURN] - RETURNED_BY_90
    while abs(now - before) > 1e-9:
        misses = national(90, now, misreferred)[hazards.RETURN] - RETURNED_BY_90
        before, now, missed = now, now - misses * (now - before) / (misses - missed), misses
    return float(now)


def national(day: int, scale: float, misreferred: float) -> Floats:
    """Shares that have ended by this day by cause, of all first referrals of all worlds in which people differ.

    By quadrature over the distributions themselves: Gauss-Hermite over the normal part of both logs, a sum over
    barriers and misreferral. Without a reform.
    """
    normal, weight = _normal()
    share = MISREFERRED[0] / sum(MISREFERRED)
    found = np.zeros(3)
    for count, part in enumerate(_barriers()):
        for extra, chance in ((0.0, 1 - share), (np.log(misreferred), share)):
            log_return = normal[0] + effects.RETURN_BARRIER * count + extra
            rates = hazards.rates(log_return, normal[1] + effects.JOB_BARRIER * count, scale)
            found += part * chance * (hazards.incidence(rates, day) @ weight)
    return found


def _normal() -> tuple[Floats, Floats]:
    """Nodes [log of return and of job, node] and weights: what people want and can, places, companies."""
    spread, together = 1 + SHIFT_SD**2, CORRELATION + SHIFT_SD**2
    by_will = np.array([effects.RETURN_WILL, effects.JOB_WILL])
    by_able = np.array([effects.RETURN_ABLE, effects.JOB_ABLE])
    cross = np.outer(by_will, by_able)
    covariance = spread * (np.outer(by_will, by_will) + np.outer(by_able, by_able)) + together * (cross + cross.T)
    covariance += np.diag([RETURN_SD**2, JOB_SD**2 + MARKET_SD**2])
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    normal = np.linalg.cholesky(covariance) @ np.array(np.meshgrid(nodes, nodes)).reshape(2, -1)
    return normal, np.outer(weights, weights).ravel() / weights.sum() ** 2


def _barriers() -> Floats:
    """The chances of 0, 1, 2, ... barriers."""
    shares = poisson_shares(BARRIER_RATE, 16) * ANY_BARRIER / (1 - np.exp(-BARRIER_RATE))
    shares[0] = 1 - ANY_BARRIER
    return shares
