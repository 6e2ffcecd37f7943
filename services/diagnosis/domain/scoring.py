"""From answers to scores: the same answers to the same version always give the same scores, in whole numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.diagnosis.codes import FACTORS, Factor, Source
from services.diagnosis.domain.library import Instrument, Item
from services.diagnosis.events import FactorScore

SIDES: tuple[Source, ...] = ("citizen", "professional")
"""Whose items are scored, each apart."""
HELPS_FROM = 5
"""A factor with this score or more helps; below it hinders."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What follows from answers, per factor and side. A factor of which nothing was answered is not there."""

    factors: tuple[FactorScore, ...]
    completeness: float
    """Share of the items that was answered, 0..1, in thousandths."""


def scores(instrument: Instrument, answers: Mapping[str, int]) -> Scores:
    """The scores of these answers. Items not answered do not count and lower the completeness."""
    answered = [item for item in instrument.items if item.code in answers]
    found = []
    for factor in FACTORS:
        for side in SIDES:
            items = [item for item in answered if item.factor == factor and item.by == side]
            if items:
                found.append(_factor(instrument, factor, side, items, answers))
    return Scores(tuple(found), round(len(answered) / len(instrument.items), 3))


def _factor(
    instrument: Instrument, factor: Factor, side: Source, items: Sequence[Item], answers: Mapping[str, int]
) -> FactorScore:
    """The weighted mean on a scale of 0..10, rounded half up: what one side sees is not mixed with the other's."""
    reached = sum(item.weight * _favourable(instrument, item, answers[item.code]) for item in items)
    possible = sum(item.weight for item in items) * (instrument.high - instrument.low)
    score = (2 * 10 * reached + possible) // (2 * possible)
    return FactorScore(factor=factor, score=score, direction="helps" if score >= HELPS_FROM else "hinders", source=side)


def _favourable(instrument: Instrument, item: Item, answer: int) -> int:
    return instrument.high - answer if item.reversed else answer - instrument.low
