"""How far providers lie apart by chance and by ordinary differences: the limits of a funnel, with over-dispersion.

Without it two in five of ordinary providers fall outside. Two variants from English health care, after Spiegelhalter
(2005, 2012): SHMI works on the logarithm and leaves out the tenth at either end, CQC on the square root and draws these
tenths in.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from services.insight.statistics.estimate import TOO_FAR, Flags, Floats

Variant = Literal["shmi", "cqc"]
TENTH = 0.1
INNER, OUTER = 1.959964, 3.090232
"""Standard errors to the inner limits (19 in 20 lie within) and to the outer ones (998 in 1,000)."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How much more providers differ than chance alone would have it."""

    phi: float
    """Mean squared z-score of those kept; about 1 when there is only chance."""
    between: float
    """Variance between providers that is ordinary (tau squared), on the variant's scale."""
    variant: Variant


def spread(observed: Floats, expected: Floats, variant: Variant = "shmi") -> Spread:
    """The over-dispersion of these providers; nobody observed counts as half a one on the logarithm."""
    error = _error(expected, variant)
    z = _scaled(observed, expected, variant) / error
    if variant == "shmi":
        kept = _not_at_the_ends(z)
        z, error = z[kept], error[kept]
    else:
        z = np.clip(z, *np.quantile(z, [TENTH, 1 - TENTH]))
    many, weights = len(z), error**-2
    phi = float(np.mean(z**2)) if many else 0.0
    room = float(weights.sum() - (weights**2).sum() / weights.sum()) if many > 1 else 0.0
    return Spread(phi, max(0.0, (many * phi - (many - 1)) / room) if room else 0.0, variant)


def _scaled(observed: Floats, expected: Floats, variant: Variant) -> Floats:
    """How far from what was expected, on the variant's scale."""
    if variant == "shmi":
        return np.log(np.maximum(observed, 0.5) / expected)
    return np.sqrt(observed / expected) - 1


def _error(expected: Floats, variant: Variant) -> Floats:
    return (1.0 if variant == "shmi" else 0.5) / np.sqrt(expected)


def _not_at_the_ends(z: Floats) -> Flags:
    """Which z-scores are not in the lowest or highest tenth; equal ones share the mean of their places."""
    order = np.sort(z)
    place = (np.searchsorted(order, z, "left") + np.searchsorted(order, z, "right") + 1) / 2
    tenth = np.floor(place / TENTH / (len(z) + 1) + 1e-9)
    kept: Flags = (tenth > 0) & (tenth < 1 / TENTH - 1)
    return kept


def limits(expected: Floats, found: Spread, width: float = OUTER) -> tuple[Floats, Floats]:
    """Between which ratios (observed / expected) a provider of this size lies by chance and ordinary differences."""
    reach = np.minimum(width * np.sqrt(_error(expected, found.variant) ** 2 + found.between), TOO_FAR)
    if found.variant == "shmi":
        return np.exp(-reach), np.exp(reach)
    return np.maximum(1 - reach, 0) ** 2, (1 + reach) ** 2
