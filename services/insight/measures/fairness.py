"""Providers beside each other, fairly: returns against what their own people would have had elsewhere.

Expected returns come from person-days and from what was known of the people before they were sent; what is known is
weighed within providers, so that a provider's own quality is not taken for the case mix. Nobody is ranked: providers
stand in the order of their names, with the interval, the funnel's limits and what the comparison could have seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from services.insight.measures.coming_back import OTHER
from services.insight.measures.disclosing import SMALL
from services.insight.measures.figure import told
from services.insight.measures.frame import Column, Frame, Rows
from services.insight.measures.referring import DAY, first, spells
from services.insight.statistics import casemix, guards
from services.insight.statistics.comparing import Compared, as_share, compare
from services.insight.statistics.estimate import Estimate
from services.insight.statistics.funnel import Spread
from services.insight.statistics.incidence import Spells, returned, table

CASE_MIX = ("age_band", "education", "language_level", "household", "months_without_work_band")
"""What is known at the application; nothing that a provider records itself."""
HORIZON = 90
FEWEST = 2
"""A comparison takes two."""


@dataclass(frozen=True)
class Provider:
    """One provider in a comparison."""

    name: str
    n: int
    compared: Compared
    share: float | None
    guards: Mapping[str, Any]


@dataclass(frozen=True)
class Fair:
    """A comparison. `between`: how much providers really differ (standard deviation of the log ratio)."""

    providers: tuple[Provider, ...]
    between: float
    overdispersion: float
    case_mix: tuple[str, ...]
    left_out: int
    """Providers with fewer than ten people: not shown, and not told apart."""
    spread: Spread
    """How far providers lie apart in the ordinary way: what the limits of the funnel are drawn with."""


class TooFew(ValueError):  # noqa: N818 - an answer, not a fault
    """There are not two providers with ten people each."""


def fair(frame: Frame, at: int) -> Fair:
    """The comparison of providers on first referrals, as of a moment. Raises TooFew."""
    rows = first(frame["referrals"])
    rows = rows.of((rows["sent_at"] <= at) & (rows["provider"] >= 0))
    sizes = np.bincount(rows["provider"], minlength=len(rows.words["provider"]))
    enough = np.flatnonzero(sizes >= SMALL)
    if len(enough) < FEWEST:
        raise TooFew
    kept = rows.of(np.isin(rows["provider"], enough))
    places = np.searchsorted(enough, kept["provider"])
    x, names = _known(kept, frame["cases"])
    exact = spells(kept, at)
    days = Spells(exact.durations / DAY, exact.causes)
    model = casemix.learn(days, x, places)
    weights = casemix.expected(model, days, x)
    expected = np.bincount(places, weights=weights, minlength=len(enough)).astype(np.float64)
    seen = (exact.causes == 1) & (days.durations <= HORIZON)
    observed = np.bincount(places[seen], minlength=len(enough))
    whole = table(exact, HORIZON * DAY)
    compared = compare(observed.astype(np.float64), expected)
    words = kept.words["provider"]
    found = [
        Provider(
            words[place],
            int(sizes[place]),
            one,
            None if one.shrunk.value is None else as_share(whole, one.shrunk.value),
            _guards(frame, words[place], at, model, x[places == number], kept.of(places == number)),
        )
        for number, (place, one) in enumerate(zip(enough, compared.providers, strict=True))
    ]
    found.sort(key=lambda one: one.name)
    left_out = int((sizes[sizes > 0] < SMALL).sum())
    return Fair(tuple(found), float(np.sqrt(compared.between)), compared.spread.phi, names, left_out, compared.spread)


def _known(rows: Rows, cases: Rows) -> tuple[Column, tuple[str, ...]]:
    """What is known of the people, and the years since the application."""
    order = np.argsort(cases["case_id"], kind="stable")
    place = order[np.minimum(np.searchsorted(cases["case_id"][order], rows["case_id"]), max(len(order) - 1, 0))]
    columns = mix(cases, place)
    waited = np.clip((rows["sent_at"] - cases["applied_at"][place]) / (365 * DAY), 0, 5)
    columns.append(waited)
    return np.column_stack(columns), (*CASE_MIX, "time_since_application")


def mix(cases: Rows, place: Column) -> list[Column]:
    """Of the cases at these places one column per value that is not the most frequent of its kind."""
    columns: list[Column] = []
    for name in CASE_MIX:
        values = cases[name][place]
        counts = np.bincount(values + 1, minlength=len(cases.words[name]) + 1)
        usual = int(counts.argmax())
        columns += [(values + 1 == code).astype(float) for code in np.flatnonzero(counts) if code != usual]
    return columns


def _guards(frame: Frame, name: str, at: int, model: casemix.CaseMix, x: Column, firsts: Rows) -> Mapping[str, Any]:
    """What stands beside the share, so that it cannot be made to look good by itself."""
    own = frame["referrals"].of(frame["referrals"].is_("provider", name))
    back = frame["returns"].of(frame["returns"].is_("provider", name) & (frame["returns"]["returned_at"] <= at))
    refused = firsts.is_("ended_how", "declined") & (firsts["ended_at"] <= at)
    exact = spells(own, at)
    going = own.of((own["accepted_at"] <= at) & (own["ended_at"] > at))
    contact = np.where(going["last_contact_at"] <= at, going["last_contact_at"], going["accepted_at"])
    variety = guards.reasons(np.bincount(back["reason"], minlength=len(back.words["reason"]))) if len(back) else None
    return {
        "declined": _told(returned(spells(own, at, cause="declined"), HORIZON * DAY)),
        "creaming": _told(guards.creaming(casemix.risk(model, x), refused)),
        "parking": _told(guards.parking((at - contact) / DAY)),
        "late_dumping": _told(guards.late_dumping(Spells(exact.durations / DAY, exact.causes))),
        "other_reason": _told(guards.unknown(int(back.is_("reason", OTHER).sum()), len(back))),
        "reason_evenness": variety.evenness if variety is not None and variety.n >= SMALL else None,
    }


def _told(one: Estimate) -> Mapping[str, Any] | None:
    """The value and its interval, when it rests on ten or more."""
    if one.n < SMALL or one.value is None:
        return None
    return told(one)
