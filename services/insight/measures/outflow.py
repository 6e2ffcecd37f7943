"""Municipalities beside each other by who works within a year: never bare, and never before how the work was done.

What is to be expected of a municipality's people is learned within municipalities, as for providers (see fairness):
from what was known at the application, and from its labour market over time when a file says so. Nobody is ranked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from services.insight.measures.asking import Figures, milliseconds
from services.insight.measures.disclosing import SMALL
from services.insight.measures.fairness import CASE_MIX, FEWEST, TooFew, mix
from services.insight.measures.leaving import YEAR_DAYS, granted, working_spells
from services.insight.measures.market import Market
from services.insight.statistics import casemix
from services.insight.statistics.comparing import Compared, as_share, compare
from services.insight.statistics.incidence import table

MEASURE = "working_within_a_year"
QUALITY = (
    "diagnosed_before_first_referral", "argued_directions", "shared_directions", "interim_measurement", "reflection",
)  # fmt: skip
"""How the work was done: it stands before what came of it."""
BOUNDS = (*(float(day) for day in range(0, 361, 30)), YEAR_DAYS)
LABOUR_MARKET = "labour_market"


@dataclass(frozen=True)
class Place:
    """One municipality: how it works, and what came of it beside what was to be expected."""

    name: str
    n: int
    quality: Mapping[str, Mapping[str, Any] | None]
    compared: Compared
    share: float | None


@dataclass(frozen=True)
class Outflow:
    """A comparison of municipalities, in the order of their codes."""

    municipalities: tuple[Place, ...]
    between: float
    overdispersion: float
    corrected_for: tuple[str, ...]
    not_corrected_for: tuple[str, ...]
    left_out: int
    """Municipalities whose own share is not shown."""


def outflow(figures: Figures, at: datetime, market: Market | None) -> Outflow:
    """The comparison as of a moment. Raises TooFew when there are not two with ten people or more."""
    cases, moment = figures.frame["cases"], milliseconds(at)
    rows = granted(cases, moment)
    rows = rows.of(rows["municipality"] >= 0)
    words = rows.words["municipality"]
    sizes = np.bincount(rows["municipality"], minlength=len(words))
    enough = np.flatnonzero(sizes >= SMALL)
    if len(enough) < FEWEST:
        raise TooFew
    rows = rows.of(np.isin(rows["municipality"], enough))
    places = np.searchsorted(enough, rows["municipality"])
    local = market.columns(rows, rows["granted_on"]) if market else []
    x = np.array([*mix(rows, np.arange(len(rows))), *local], np.float64).reshape(-1, len(rows)).T
    spells = working_spells(rows, moment)
    try:
        model = casemix.learn(spells, x, places, bounds=BOUNDS)
    except ValueError:  # nobody worked yet
        raise TooFew from None
    expected = np.bincount(places, casemix.expected(model, spells, x), len(enough)).astype(np.float64)
    seen = (spells.causes == 1) & (spells.durations <= YEAR_DAYS)
    found = compare(np.bincount(places[seen], minlength=len(enough)).astype(np.float64), expected)
    whole = table(spells, YEAR_DAYS)
    told = [
        Place(words[place], int(sizes[place]), _quality(figures, words[place], at), one,
              None if one.shrunk.value is None else as_share(whole, one.shrunk.value))
        for place, one in zip(enough, found.providers, strict=True)
        if figures.shown(MEASURE, {"municipality": words[place]}, at, "partner").held_back is None
    ]  # fmt: skip
    with_market = (LABOUR_MARKET,) if local else ()
    return Outflow(
        tuple(sorted(told, key=lambda one: one.name)), float(np.sqrt(found.between)), found.spread.phi,
        (*CASE_MIX, *with_market), () if local else (LABOUR_MARKET,), int((sizes > 0).sum()) - len(told),
    )  # fmt: skip


def _quality(figures: Figures, name: str, at: datetime) -> dict[str, Mapping[str, Any] | None]:
    return {measure: _told(figures, measure, name, at) for measure in QUALITY}


def _told(figures: Figures, measure: str, name: str, at: datetime) -> Mapping[str, Any] | None:
    one = figures.shown(measure, {"municipality": name}, at, "partner").figure
    if one is None:
        return None
    share = {"value": one.value, "low": one.low, "high": one.high}
    if "share" in one.more:
        share = {"value": one.more["share"], "low": one.more["low"], "high": one.more["high"]}
    return share | {"n": one.n}
