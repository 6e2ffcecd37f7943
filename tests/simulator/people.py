"""Who applies: what people want and can, what stands in the way, and what became of the application."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tests.simulator import tables
from tests.simulator.settings import DAY
from tests.simulator.tables import drawn
from tests.simulator.world import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Small = NDArray[np.int8]
Yes = NDArray[np.bool_]

CORRELATION = 0.4
"""Of what somebody wants and what somebody can."""
ANY_BARRIER, BARRIER_RATE = 0.57, 1.8246
"""57 % have barriers; who has any has one or more of a Poisson number, so that the mean of all is 1.24 (Rotterdam)."""
SCORE_NOISE = 0.4
MISSING_FACTOR = 0.10
REFERRED = 0.88
"""Of who is granted a benefit."""
SEARCH_DAYS, DECISION_DAYS, DECISION_MEDIAN, PROLONGED = 28, 56, 28.0, 0.08
GRANTED, DENIED, WITHDRAWN = range(3)


@dataclass(frozen=True, slots=True)
class People:
    """Arrays by person, in order of arrival. Times are seconds since 1970; codes are places in `tables`."""

    number: Ints
    municipality: NDArray[np.int16]
    arrived_at: Ints
    kind: Small
    channel: Small
    age_band: Small
    education: Small
    language: Small
    household: Small
    months_band: Small
    will: Floats
    able: Floats
    barriers: Small
    score: Floats
    """As a diagnosis sees it: what somebody wants and can, less barriers, with noise."""
    factor_missing: Yes
    """A diagnosis would lack a factor, and so is never completed."""
    searches: Yes
    """Under 27 and new: four weeks' search first."""
    prolonged: Yes
    """The decision took longer than eight weeks, for something was missing."""
    fate: Small
    decided_at: Ints
    """When it was granted, denied or withdrawn."""
    referred: Yes
    caseworker: NDArray[np.int16]
    """Of the municipality's."""


def draw_people(world: World, rng: np.random.Generator, first_day: int, end_day: int, number: int) -> People:
    """Everybody who applies on these days of the world; they are numbered on from `number`."""
    asked = world.settings
    per_day = world.arrivals[first_day:end_day]
    count = int(per_day.sum())
    arrived = asked.opens + np.repeat(np.arange(first_day, end_day), per_day) * DAY
    arrived = np.sort(
        arrived + drawn(rng, tables.HOURS, count).astype(np.int64) * 3_600 + rng.integers(0, 3_600, count)
    )
    municipality = np.searchsorted(np.cumsum(world.weight)[:-1], rng.random(count), side="right")
    will, able, barriers = _distance(world, rng, municipality)
    kind, age = drawn(rng, tables.KIND_SHARES, count), drawn(rng, tables.AGE_SHARES, count)
    searches = (kind == 0) & (age == 0)
    prolonged = (rng.random(count) < PROLONGED) & (kind == 0)
    fate = drawn(rng, tables.FATE_SHARES, count)
    fate[(kind == 1) | asked.referred_only] = GRANTED
    people = People(
        number=number + np.arange(count),
        municipality=municipality.astype(np.int16),
        arrived_at=arrived,
        kind=kind,
        channel=drawn(rng, tables.CHANNEL_SHARES, count),
        age_band=age,
        education=drawn(rng, tables.EDUCATION_SHARES, count),
        language=drawn(rng, tables.LANGUAGE_SHARES, count),
        household=drawn(rng, tables.HOUSEHOLD_SHARES, count),
        months_band=drawn(rng, tables.MONTHS_SHARES, count),
        will=will,
        able=able,
        barriers=barriers,
        score=will + able - 0.5 * barriers + rng.normal(0, SCORE_NOISE, count),
        factor_missing=rng.random(count) < MISSING_FACTOR,
        searches=searches,
        prolonged=prolonged,
        fate=fate,
        decided_at=arrived + (_deciding(rng, kind == 1, searches, prolonged) * DAY).astype(np.int64),
        referred=(fate == GRANTED) & ((rng.random(count) < REFERRED) | asked.referred_only),
        caseworker=rng.integers(0, 12, count).astype(np.int16),
    )
    return _recorded(people) if asked.recorded else people


def _recorded(people: People) -> People:
    """The same people with a few values of what they want, can and meet, each told by their application."""
    will, education = _told(people.will, (-0.5, 0.5))
    able, months = _told(people.able, (-0.8, 0.0, 0.8))
    barriers = np.minimum(people.barriers, 3)
    moved = will - people.will + able - people.able - 0.5 * (barriers - people.barriers)
    return replace(
        people,
        will=will,
        able=able,
        barriers=barriers,
        score=people.score + moved,
        education=education,
        months_band=months,
        household=barriers,
    )


def _told(values: Floats, bounds: tuple[float, ...]) -> tuple[Floats, Small]:
    """Values that take the middle of the stretch they lie in, and the place of that stretch."""
    place = np.searchsorted(bounds, values).astype(np.int8)
    edges = np.array([2 * bounds[0] - bounds[1], *bounds, 2 * bounds[-1] - bounds[-2]])
    return ((edges[:-1] + edges[1:]) / 2)[place], place


def _distance(world: World, rng: np.random.Generator, municipality: Ints) -> tuple[Floats, Floats, Small]:
    """Will and ability go together, and a municipality's people differ from another's; barriers come besides."""
    count = len(municipality)
    shift = world.shift[municipality]
    will = rng.normal(size=count)
    able = CORRELATION * will + np.sqrt(1 - CORRELATION**2) * rng.normal(size=count)
    # at least one of a Poisson number: drawn by the part of the distribution beyond none
    share = rng.uniform(np.exp(-BARRIER_RATE), 1, count)
    barriers = np.searchsorted(poisson_shares(BARRIER_RATE, 24).cumsum(), share, side="right").astype(np.int8)
    barriers[rng.random(count) >= ANY_BARRIER] = 0
    return will + shift, able + shift, barriers


def poisson_shares(mean: float, most: int) -> Floats:
    """The chances of 0, 1, ... `most`."""
    steps = np.concatenate([[1.0], mean / np.arange(1, most + 1)])
    return np.asarray(np.exp(-mean) * np.cumprod(steps))


def _deciding(rng: np.random.Generator, known: Yes, searches: Yes, prolonged: Yes) -> Floats:
    """Days from application to decision: within eight weeks of application or search, unless prolonged."""
    count = len(known)
    days = np.clip(DECISION_MEDIAN * rng.lognormal(0, 0.5, count), 1.0, DECISION_DAYS)
    days = np.where(prolonged, DECISION_DAYS + rng.uniform(1, 28, count), days)
    days = np.where(known, rng.uniform(1, 6, count), days)
    return days + np.where(searches, SEARCH_DAYS, 0)
