"""What the report is made of: lines with a value and its interval, tables of lines, parts of tables.

A plot is drawn from the lines of its table and from nothing else, so that the two cannot differ.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from services.insight.measures.disclosing import Held, Shown
from services.insight.measures.figure import Figure
from services.insight.report.codes import Words

Unit = Literal["share", "difference", "days", "count", "ratio", "per person", "score"]
Kind = Literal["intervals", "bars", "funnel"]


@dataclass(frozen=True)
class Line:
    """One row of a table, and what stands for it in the plot."""

    label: Words
    unit: Unit
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    held: Held | None = None
    complete: bool = True
    """False: nobody was followed as far as was asked."""
    count: int | None = None
    """Of a share of people: how many they are."""
    group: Words | None = None
    """Lines of one group stand together under its name."""
    remark: Words | None = None
    expected: float | None = None
    """For a funnel: how many were to be expected, the size of the provider."""


@dataclass(frozen=True)
class Funnel:
    """Limits by size: sizes, and at each the inner and outer limits, low and high."""

    sizes: tuple[float, ...]
    inner: tuple[tuple[float, ...], tuple[float, ...]]
    outer: tuple[tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True)
class Table:
    """A table and the plot beside it; `id` is that of the page's element."""

    id: str
    caption: Words
    head: Words
    lines: tuple[Line, ...]
    kind: Kind | None = None
    mark: tuple[float, Words] | None = None
    """A value to compare with: a goal, the whole, or 1."""
    funnel: Funnel | None = None
    says: tuple[Words, ...] = ()
    """How to read it."""


@dataclass(frozen=True)
class Part:
    """A part of the report, in the order of the page."""

    id: str
    title: Words
    says: tuple[Words, ...]
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Withheld:
    """What is not shown: in which table, which line or code, and why."""

    table: Words
    what: Words
    why: str


def line(label: Words, unit: Unit, found: Shown, *, share: bool = False, **more: Any) -> Line:
    """The line of a figure as it may be shown. `share`: of a count, show which share of n it is."""
    one = found.figure
    if one is None:
        return Line(label, unit, held=found.held_back, **more)
    if share:
        low, high = one.more.get("low"), one.more.get("high")
        count = None if one.value is None else int(one.value)
        return Line(label, unit, one.more.get("share"), low, high, one.n, complete=one.complete, count=count, **more)
    return Line(label, unit, one.value, one.low, one.high, one.n, complete=one.complete, **more)


def divided(found: Shown, unit: Unit, words: Callable[[str], Words], whole: Words) -> tuple[Line, ...]:
    """A line per code of a figure that is a division or several averages; those held back say so. `words`: code ->
    its words. `whole`: the words of the one line when nothing of it may be shown."""
    one = found.figure
    if one is None:
        return (Line(whole, unit, held=found.held_back),)
    parts: Mapping[str, float] = _parts(one)
    shown = tuple(Line(words(code), unit, value, n=one.n) for code, value in parts.items())
    return shown + tuple(Line(words(code), unit, held="small_number") for code in found.parts_held_back)


def _parts(one: Figure) -> Mapping[str, float]:
    if one.means is not None:
        return one.means
    return one.parts or {}
