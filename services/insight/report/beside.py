"""What is computed of several slices at once (providers, signals), as an audience may have it.

A provider is shown where the share of its people that came back may be shown, and nowhere else: so that what is left
out here is what the disclosure rules leave out everywhere.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from services.insight.measures.asking import milliseconds, providers_held
from services.insight.measures.disclosing import PUBLIC_SHARE, SMALL, Held, in_steps
from services.insight.measures.fairness import Fair, TooFew, fair
from services.insight.measures.signals import Signal, signals
from services.insight.report.codes import Words
from services.insight.report.gather import Asked
from services.insight.report.lines import Funnel, Line, Unit
from services.insight.statistics.funnel import INNER, OUTER, limits

Plain = Mapping[str, Any]


def hidden(asked: Asked) -> dict[str, Held | None]:
    """Per provider why it is not shown; None when it is."""
    return providers_held(asked.figures, asked.within, asked.providers(), asked.at, asked.audience)


def compared(asked: Asked) -> Fair | None:
    """The comparison of the municipality's providers; None when there are not two to compare."""
    try:
        return fair(asked.frame(), milliseconds(asked.at))
    except TooFew:
        return None


def told(asked: Asked, label: Words, unit: Unit, one: Plain | None, **more: Any) -> Line:
    """The line of a plain estimate under the same rules: none of fewer than ten, published ones of a hundred or more;
    in steps where a slice of a slice would be."""
    if one is None or one["value"] is None:
        return Line(label, unit, remark=("te weinig om te weten", "too few to know"), **more)
    if one["n"] < SMALL:
        return Line(label, unit, held="small_number", **more)
    if asked.public and one["n"] < PUBLIC_SHARE:
        return Line(label, unit, held="too_few_to_publish", **more)
    said = in_steps(one) if asked.stepped else one
    return Line(label, unit, said["value"], said["low"], said["high"], said["n"], **more)


def curves(found: Fair, sizes: tuple[float, ...]) -> Funnel:
    """The limits of the funnel, up to the largest of these sizes."""
    along = np.geomspace(0.5, max(sizes) * 1.05, 60)
    inner, outer = limits(along, found.spread, INNER), limits(along, found.spread, OUTER)
    return Funnel(
        tuple(along.tolist()),
        (tuple(inner[0].tolist()), tuple(inner[1].tolist())),
        (tuple(outer[0].tolist()), tuple(outer[1].tolist())),
    )


def watched(asked: Asked) -> list[Signal]:
    """The early signals of the municipality's providers."""
    return signals(asked.frame(), milliseconds(asked.at))
