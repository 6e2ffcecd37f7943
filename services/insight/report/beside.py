"""What is computed of several slices at once (providers, halves of a year, signals), as an audience may have it.

A provider is shown where the share of its people that came back may be shown, and nowhere else: so that what is left
out here is what the disclosure rules leave out everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from services.insight.measures.asking import milliseconds
from services.insight.measures.changes import change
from services.insight.measures.disclosing import PUBLIC_DIGITS, PUBLIC_SHARE, PUBLIC_STEP, SMALL, Held
from services.insight.measures.fairness import Fair, TooFew, fair
from services.insight.measures.signals import Signal, signals
from services.insight.report.codes import Words
from services.insight.report.gather import Asked
from services.insight.report.lines import Funnel, Line, Unit
from services.insight.statistics.funnel import INNER, OUTER, limits

SHARE = "returned_within_90_days"
Plain = Mapping[str, Any]


def hidden(asked: Asked) -> dict[str, Held | None]:
    """Per provider why it is not shown; None when it is."""
    return {name: asked.ask(SHARE, provider=name).held_back for name in asked.providers()}


def compared(asked: Asked) -> Fair | None:
    """The comparison of the municipality's providers; None when there are not two to compare."""
    try:
        return fair(asked.frame(), milliseconds(asked.at))
    except TooFew:
        return None


def told(asked: Asked, label: Words, unit: Unit, one: Plain | None, **more: Any) -> Line:
    """The line of a plain estimate under the same rules: none of fewer than ten, published ones of a hundred or more
    and rounded."""
    if one is None or one["value"] is None:
        return Line(label, unit, remark=("te weinig om te weten", "too few to know"), **more)
    n, value, low, high = one["n"], one["value"], one["low"], one["high"]
    if n < SMALL:
        return Line(label, unit, held="small_number", **more)
    if asked.public:
        if n < PUBLIC_SHARE:
            return Line(label, unit, held="too_few_to_publish", **more)
        n, value, low, high = tens(n), near(value), near(low), near(high)
    return Line(label, unit, value, low, high, n, **more)


def near(value: float | None) -> float | None:
    """As it is published."""
    return None if value is None else round(value, PUBLIC_DIGITS)


def tens(count: float) -> int:
    """A count as it is published."""
    return int(PUBLIC_STEP * round(count / PUBLIC_STEP))


def curves(found: Fair, sizes: tuple[float, ...]) -> Funnel:
    """The limits of the funnel, up to the largest of these sizes."""
    along = np.geomspace(0.5, max(sizes) * 1.05, 60)
    inner, outer = limits(along, found.spread, INNER), limits(along, found.spread, OUTER)
    return Funnel(
        tuple(along.tolist()),
        (tuple(inner[0].tolist()), tuple(inner[1].tolist())),
        (tuple(outer[0].tolist()), tuple(outer[1].tolist())),
    )


@dataclass(frozen=True)
class Halves:
    """Two halves of a year beside each other, and the smallest difference that would have been seen."""

    before: Line
    after: Line
    difference: Line
    detectable: float | None
    verdict: str


def halves(asked: Asked) -> Halves:
    """First referrals of the last six months beside those of the six before."""
    at, since, start = (milliseconds(one) for one in (asked.at, asked.earlier(6), asked.earlier(12)))
    rows = asked.frame()["referrals"]
    found = change(rows.of(rows["sent_at"] >= start), since, at)
    sides = {name: found[name] for name in ("before", "after", "difference")}
    small = found["held_back"] is not None
    few = small or (asked.public and min(sides[name]["n"] for name in ("before", "after")) < PUBLIC_SHARE)
    same = not few and any(sides[name]["value"] in (0.0, 1.0) for name in ("before", "after"))
    why: Held | None = "small_number" if small else "too_few_to_publish" if few else "all_or_none" if same else None
    labels: dict[str, tuple[Words, Unit]] = {
        "before": (("Verzonden 12 tot 6 maanden geleden", "Sent 12 to 6 months ago"), "share"),
        "after": (("Verzonden in de laatste 6 maanden", "Sent in the last 6 months"), "share"),
        "difference": (("Verschil", "Difference"), "difference"),
    }
    lines = {
        name: Line(label, unit, held=why) if why else told(asked, label, unit, sides[name])
        for name, (label, unit) in labels.items()
    }
    smallest = None if why else near(found["detectable"]) if asked.public else found["detectable"]
    verdict = "too_few" if why else found["verdict"]
    return Halves(lines["before"], lines["after"], lines["difference"], smallest, verdict)


def watched(asked: Asked) -> list[Signal]:
    """The early signals of the municipality's providers."""
    return signals(asked.frame(), milliseconds(asked.at))
