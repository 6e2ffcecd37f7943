"""A world: municipalities with their people and job markets, companies with their effects, and when each reforms."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.simulator.places import CODES, sizes
from tests.simulator.settings import Settings
from tests.simulator.tables import MONTHS, WEEKDAYS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WELFARE_SD = 0.35
"""Of the log of people on benefit per inhabitant."""
SHIFT_SD = 0.6
"""Of a municipality's shift of what its people want and can, in standard deviations of people."""
MARKET_SD, MARKET_MEMORY = 0.30, 0.9
"""Of a municipality's effect on the log of the hazard of a job; how much of it is left in the next year."""
RETURN_SD, JOB_SD = 0.25, 0.15
"""Of a company's effects on the logs of the hazards."""
MISREFERRED = (2.0, 8.0)
"""Beta: the share of a municipality's referrals that ask for another trajectory than the person needs."""
CONTRACT_SHARES = np.array([0.6, 0.3, 0.1])
"""How a municipality divides its referrals over the companies it works with."""
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class World:
    """What is so before anybody applies. Arrays by municipality unless said otherwise."""

    settings: Settings
    codes: tuple[str, ...]
    weight: Floats
    """Its share of all applications."""
    shift: Floats
    market: Floats
    """[municipality, year of the world]."""
    feels_shock: NDArray[np.bool_]
    misreferral: Floats
    reform_at: Ints
    """The second from which diagnosis comes first; NEVER where it does not."""
    contracts: Ints
    """[municipality, 3]: the companies it works with, the first one most."""
    company_return: Floats
    """By company: u, added to the log of the hazard of returning."""
    company_job: Floats
    """By company: v, added to the log of the hazard of a job."""
    arrivals: Ints
    """By day of the world: how many people apply."""


def draw_world(settings: Settings) -> World:
    """The world that follows from the settings, always the same one."""
    rng = np.random.default_rng([settings.seed, 0])
    count, companies = settings.municipalities, settings.companies
    mixed = 1.0 if settings.heterogeneity else 0.0
    weight = sizes((np.arange(count) + rng.random(count)) / count) * rng.lognormal(0, WELFARE_SD, count)
    weight = rng.permutation(weight) / weight.sum()
    contracts = ((np.arange(count) * companies) // count)[:, None] + np.arange(3)
    shift = rng.normal(0, SHIFT_SD, count)
    return World(
        settings,
        CODES[:count],
        weight,
        mixed * shift,
        mixed * _market(rng, settings),
        rng.random(count) < (settings.shock.share if settings.shock else 0.0),
        rng.beta(*MISREFERRED, count),
        _reforms(rng, settings),
        contracts % companies,
        mixed * RETURN_SD * _sorted(rng, settings, shift, weight, contracts[:, 0]),
        mixed * rng.normal(0, JOB_SD, companies),
        _arrivals(rng, settings),
    )


def _sorted(rng: np.random.Generator, settings: Settings, shift: Floats, weight: Floats, company: Ints) -> Floats:
    """Standard normal numbers by company, that go with how far from work people are in the places it works for most."""
    own = rng.normal(size=settings.companies)
    size = np.bincount(company, weight, settings.companies)
    far = -np.bincount(company, weight * shift, settings.companies) / np.where(size > 0, size, 1)
    far /= far.std() if far.std() > 0 else 1
    return settings.sorting * far + np.sqrt(1 - settings.sorting**2) * own


def _market(rng: np.random.Generator, settings: Settings) -> Floats:
    """A slow path per municipality: each year is partly the year before, and as spread as every other."""
    years = -(-settings.days // 365)
    path = rng.normal(0, MARKET_SD, (settings.municipalities, years))
    for year in range(1, years):
        path[:, year] = MARKET_MEMORY * path[:, year - 1] + np.sqrt(1 - MARKET_MEMORY**2) * path[:, year]
    return path


def _reforms(rng: np.random.Generator, settings: Settings) -> Ints:
    reform = settings.reform
    day = rng.integers(0, 2**31, settings.municipalities)
    takes_part = rng.random(settings.municipalities)
    if reform is None:
        return np.full(settings.municipalities, NEVER)
    day = reform.first_day + day % (reform.last_day - reform.first_day + 1)
    return np.where(takes_part < reform.share, settings.opens + day * 86_400, NEVER)


def _arrivals(rng: np.random.Generator, settings: Settings) -> Ints:
    """People per day: by weekday and season, more while a shock lasts."""
    days = np.datetime64(settings.start) + np.arange(settings.days)
    weekday = (days.astype(np.int64) + 3) % 7
    season = MONTHS[days.astype("datetime64[M]").astype(np.int64) % 12]
    usual = WEEKDAYS[weekday] * season
    wanted = usual.copy()
    if shock := settings.shock:
        wanted[shock.day : shock.day + shock.days] *= shock.arrivals
    if settings.fixed:
        return rng.multinomial(settings.people, wanted / wanted.sum())
    return rng.poisson(settings.people * wanted / usual.sum())


def year_of(world: World, at: Ints) -> Ints:
    """The year of the world in which a second lies; the last one goes on."""
    return np.minimum((at - world.settings.opens) // (365 * 86_400), world.market.shape[1] - 1)


def shocked(world: World, municipality: Ints, at: Ints) -> NDArray[np.bool_]:
    """Whether the shock of the job market is felt there and then."""
    shock = world.settings.shock
    if shock is None:
        return np.zeros(len(at), bool)
    day = (at - world.settings.opens) // 86_400
    return world.feels_shock[municipality] & (day >= shock.day) & (day < shock.day + shock.days)
