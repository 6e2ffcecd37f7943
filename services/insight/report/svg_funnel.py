"""The funnel: each provider's ratio against its size, between limits that are wide for the small."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from services.insight.report.lines import Funnel
from services.insight.report.svg import RIGHT, at, axis, framed, stroke, words

LEFT, TOP, BOTTOM = 36.0, 14.0, 250.0
HIGHEST = 4.0
"""Limits of the smallest go on beyond what is drawn."""


@dataclass(frozen=True)
class Point:
    """A provider: its number in the table, size, ratio, and where it lies."""

    number: str
    size: float
    ratio: float
    place: Literal["within", "between", "outside"]


def funnel(ident: str, title: str, desc: str, points: Sequence[Point], limits: Funnel, says: tuple[str, str]) -> str:
    """The plot. `says`: the words along both axes. Sizes stand on a scale of roots, so that small ones are seen too."""
    largest = max([*limits.sizes, *(point.size for point in points), 1.0])
    highest = min(HIGHEST, max([2.0, *(point.ratio * 1.2 for point in points)]))

    def x(size: float) -> float:
        return LEFT + sqrt(max(size, 0.0) / largest) * (RIGHT - LEFT)

    def y(ratio: float) -> float:
        return BOTTOM - min(ratio / highest, 1.0) * (BOTTOM - TOP)

    drawn = stroke("a", [(LEFT, TOP), (LEFT, BOTTOM), (RIGHT, BOTTOM)])
    drawn += stroke("a", [(LEFT, y(1.0)), (RIGHT, y(1.0))])
    for kind, curves in (("f", limits.inner), ("m", limits.outer)):
        for curve in curves:
            inside = [(x(s), y(r)) for s, r in zip(limits.sizes, curve, strict=True) if r <= highest]
            drawn += stroke(kind, inside) if len(inside) > 1 else ""
    for ratio in range(int(highest) + 1):
        drawn += words(LEFT - 6, y(ratio) + 4, str(ratio), "end")
    drawn += "".join(words(x(size), BOTTOM + 18, f"{size:g}", "middle") for size in _ticks(largest) if x(size) <= RIGHT)
    drawn += "".join(_point(point, x(point.size), y(point.ratio)) for point in points)
    drawn += words(LEFT + 4, TOP - 2, says[1]) + words(RIGHT, BOTTOM + 36, says[0], "end")
    return framed(ident, title, desc, BOTTOM + 46, drawn)


def _ticks(largest: float) -> tuple[float, ...]:
    """Round sizes from 0 to the largest, the first ones nearer to each other as the scale has it."""
    step = axis((largest,), str).ticks[1]
    return (0.0, step / 5, *(step * times for times in range(1, 6)))


def _point(point: Point, x: float, y: float) -> str:
    """A round within the limits, a square between the inner and the outer ones, a diamond outside; with its number."""
    if point.place == "within":
        shape = f'<circle class="p" cx="{at(x)}" cy="{at(y)}" r="5"/>'
    elif point.place == "between":
        shape = f'<rect class="p" x="{at(x - 5)}" y="{at(y - 5)}" width="10" height="10"/>'
    else:
        shape = f'<path class="p" d="M{at(x)},{at(y - 7)}l7,7l-7,7l-7,-7z"/>'
    end = x > RIGHT - 20
    return shape + words(x - 9 if end else x + 9, y - 6, point.number, "end" if end else "start")
