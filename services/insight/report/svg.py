"""Plots as SVG: pure functions from numbers to text, the same numbers to the same bytes.

Narrow on purpose: at 320 pixels the words can still be read. What a mark means shows by its shape, never by its colour
alone. Each plot names itself; its numbers stand in the table beside it.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap

WIDTH = 360.0
LEFT, RIGHT = 10.0, 350.0
_LINE, _GLYPH, _GAP = 17.0, 16.0, 8.0
_LETTERS = 40
"""So many letters fit on a line."""


@dataclass(frozen=True)
class Mark:
    """A row of a plot; `value` None: what stands in its place is `said`."""

    label: str
    said: str
    value: float | None
    low: float | None = None
    high: float | None = None
    complete: bool = True


@dataclass(frozen=True)
class Axis:
    """From where to where, what stands along it, and a value to compare with."""

    low: float
    high: float
    ticks: tuple[float, ...]
    show: Callable[[float], str]
    mark: tuple[float, str] | None = None

    def x(self, value: float) -> float:
        """Where a value lies; what lies beyond the axis stands at its end."""
        part = (value - self.low) / (self.high - self.low)
        return LEFT + min(max(part, 0.0), 1.0) * (RIGHT - LEFT)


def axis(values: Iterable[float], show: Callable[[float], str], mark: tuple[float, str] | None = None) -> Axis:
    """An axis that holds 0, these values and the mark, with round steps."""
    known = [0.0, *values, *([mark[0]] if mark else [])]
    low, high = min(known), max(known)
    step = _step((high - low or 1.0) / 4)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    last = max(last, first + 1)
    return Axis(first * step, last * step, tuple(round(n * step, 9) for n in range(first, last + 1)), show, mark)


def _step(rough: float) -> float:
    """1, 2 or 5 times a power of ten, at least as large as this."""
    power: float = 10.0 ** math.floor(math.log10(rough))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= rough * (1 - 1e-9))


def intervals(ident: str, title: str, desc: str, marks: Sequence[Mark], along: Axis) -> str:
    """A row for each mark: a round at the value and a line over its interval; open: not followed that long."""
    return _rows(ident, title, desc, marks, along, _interval)


def bars(ident: str, title: str, desc: str, marks: Sequence[Mark], along: Axis) -> str:
    """A row for each mark: a bar from 0 to the value."""
    return _rows(ident, title, desc, marks, along, _bar)


def _rows(
    ident: str, title: str, desc: str, marks: Sequence[Mark], along: Axis, glyph: Callable[[Mark, Axis, float], str]
) -> str:
    y = 22.0 if along.mark else 6.0
    top, body = y, []
    for mark in marks:
        # the number stands at the right of the last line of the label
        lines = wrap(mark.label, _LETTERS - len(mark.said)) or [""]
        for text in lines:
            y += _LINE
            body.append(words(LEFT, y - 4, text))
        body.append(words(RIGHT, y - 4, mark.said, "end"))
        body.append(glyph(mark, along, y + _GLYPH / 2))
        y += _GLYPH + _GAP
    return framed(ident, title, desc, y + 24, _along(along, top, y) + "".join(body))


def _interval(mark: Mark, along: Axis, y: float) -> str:
    if mark.value is None:
        return ""
    left = along.x(along.low if mark.low is None else mark.low)
    right = along.x(along.high if mark.high is None else mark.high)
    drawn = ""
    if mark.low is not None or mark.high is not None:
        drawn = stroke("i", [(left, y), (right, y)])
        drawn += "" if mark.low is None else stroke("i", [(left, y - 4), (left, y + 4)])
        drawn += "" if mark.high is None else stroke("i", [(right, y - 4), (right, y + 4)])
    kind = "p" if mark.complete else "p open"
    return drawn + f'<circle class="{kind}" cx="{at(along.x(mark.value))}" cy="{at(y)}" r="5"/>'


def _bar(mark: Mark, along: Axis, y: float) -> str:
    if mark.value is None:
        return ""
    zero, end = along.x(0.0), along.x(mark.value)
    left, wide = min(zero, end), abs(end - zero)
    return f'<rect class="b" x="{at(left)}" y="{at(y - 6)}" width="{at(wide)}" height="12"/>'


def _along(along: Axis, top: float, bottom: float) -> str:
    """The axis below, its ticks, and the mark as a dashed line with its words above."""
    drawn = stroke("a", [(LEFT, bottom), (RIGHT, bottom)])
    for tick in along.ticks:
        x = along.x(tick)
        anchor = "start" if x < LEFT + 15 else "end" if x > RIGHT - 15 else "middle"
        drawn += stroke("a", [(x, bottom), (x, bottom + 4)]) + words(x, bottom + 18, along.show(tick), anchor)
    if along.mark is not None:
        x = along.x(along.mark[0])
        anchor = "start" if x < WIDTH / 2 else "end"
        drawn += stroke("m", [(x, top), (x, bottom)]) + words(x, top - 8, along.mark[1], anchor, "mt")
    return drawn


def framed(ident: str, title: str, desc: str, height: float, body: str) -> str:
    """The SVG itself, named for who cannot see it."""
    return (
        f'<svg role="img" aria-labelledby="{ident}-t {ident}-d" viewBox="0 0 {at(WIDTH)} {at(height)}">'
        f'<title id="{ident}-t">{escape(title)}</title><desc id="{ident}-d">{escape(desc)}</desc>{body}</svg>'
    )


def words(x: float, y: float, text: str, anchor: str = "start", kind: str = "") -> str:
    """Words at a place."""
    anchored = "" if anchor == "start" else f' text-anchor="{anchor}"'
    classed = f' class="{kind}"' if kind else ""
    return f'<text{classed} x="{at(x)}" y="{at(y)}"{anchored}>{escape(text)}</text>'


def stroke(kind: str, points: Sequence[tuple[float, float]]) -> str:
    """A line through points."""
    through = " ".join(f"{at(x)},{at(y)}" for x, y in points)
    return f'<polyline class="{kind}" points="{through}"/>'


def at(value: float) -> str:
    """A coordinate, in hundredths."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
