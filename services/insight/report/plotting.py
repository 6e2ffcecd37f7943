"""From a table to its plot: of the table's own lines, so that what is drawn is what is written."""

from collections.abc import Sequence
from typing import Literal

from services.insight.report import numbers
from services.insight.report.lines import Line, Table
from services.insight.report.svg import Axis, Mark, axis, bars, intervals
from services.insight.report.svg_funnel import Point, funnel
from services.insight.report.words import HELD, NOT_SO_LONG, PLACES

_WHOLE = 1.0
_IN_TABLE = "Alle getallen van deze grafiek staan in de tabel ernaast."
_AXES = ("te verwachten aantal terugmeldingen", "terug, gedeeld door te verwachten")


def plot(table: Table) -> str:
    """The SVG of a table; nothing when there is nothing to draw."""
    if table.kind is None or all(line.value is None for line in table.lines):
        return ""
    if table.kind == "bars" and not any(line.value for line in table.lines):
        return ""
    ident, title = f"{table.id}-plot", table.caption[0]
    if table.kind == "funnel":
        return _funnel(table, ident, title)
    draw = intervals if table.kind == "intervals" else bars
    return draw(ident, title, _IN_TABLE, [_mark(line) for line in table.lines], _axis(table))


def _mark(line: Line) -> Mark:
    if line.held is not None:
        return Mark(line.label[0], HELD[line.held][0].partition(":")[0], None)
    said = numbers.value(line)
    if not line.complete:
        return Mark(f"{line.label[0]} ({NOT_SO_LONG[0]})", said, line.value, line.low, line.high, False)
    return Mark(line.label[0], said, line.value, line.low, line.high)


def _axis(table: Table) -> Axis:
    unit = table.lines[0].unit
    values = [one for line in table.lines for one in (line.value, line.low, line.high) if one is not None]
    mark = None if table.mark is None else (table.mark[0], table.mark[1][0])
    made = axis(values, lambda value: _tick(value, unit, _reach(values)), mark)
    if unit == "share" and made.high > _WHOLE:
        ticks = tuple(tick for tick in made.ticks if tick <= _WHOLE)
        return Axis(made.low, _WHOLE, ticks, made.show, made.mark)
    return made


def _reach(values: Sequence[float]) -> float:
    """How far the values reach: how many digits a tick needs."""
    return max([abs(value) for value in values], default=1.0)


def _tick(value: float, unit: str, reach: float) -> str:
    """A tick in as few digits as tell it from the next."""
    if unit in ("share", "difference"):
        scaled, reach, after = 100 * value, 100 * reach, " %" if unit == "share" else ""
    else:
        scaled, after = value, ""
    digits = 0 if reach >= 4 else 1 if reach >= 0.4 else 2
    return f"{scaled:.{digits}f}{after}".replace(".", ",").replace("-", "\N{MINUS SIGN}")


def _funnel(table: Table, ident: str, title: str) -> str:
    assert table.funnel is not None  # noqa: S101 - a funnel has its limits
    points = [
        Point(line.label[0].partition(".")[0], line.expected, line.value, _place(line))
        for line in table.lines
        if line.value is not None and line.expected is not None
    ]
    return funnel(ident, title, _IN_TABLE, points, table.funnel, _AXES)


def _place(line: Line) -> Literal["within", "between", "outside"]:
    return "within" if line.remark == PLACES["within"] else "between" if line.remark == PLACES["between"] else "outside"
