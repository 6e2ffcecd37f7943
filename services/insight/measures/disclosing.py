"""What of a figure may be shown: the rules stand before every way out, not with the reader.

Whoever has the whole and all parts but one has that one too. So a slice is looked at beside its neighbours, along every
dimension that it is cut by: small parts are held back together with others, until what is held back together is no
small number. That is exact in tables of one dimension. Tables of more are given in steps of ten, counts and shares, for
there a chain of subtractions along rows and columns would find what no row or column alone shows.

Sources: the defaults of SACRO/ACRO (threshold 10), Statistics Netherlands (counts rounded to 10, percentages of 100 or
more) and group disclosure: 0 % or 100 % tells of each person in the slice.

Three audiences. `internal`: the data's own controller, everything. `partner`: municipalities and providers alike, the
same figure for both. `public`: anybody. What is held back depends on the figures alone, never on who asked before.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from services.insight.measures.definitions import Definition
from services.insight.measures.figure import Figure
from services.insight.measures.slicing import Slice

Audience = Literal["internal", "partner", "public"]
SMALL = 10
"""No figure of fewer leaves."""
PUBLIC_SHARE = 100
"""No published share of fewer."""
PUBLIC_STEP = 10
"""What is published is rounded to this."""
PUBLIC_DIGITS = 2
_COUNTS = frozenset({"cases", "returns", "referrals"})
Held = Literal["small_number", "would_show_a_small_number", "all_or_none", "too_few_to_publish"]


@dataclass(frozen=True)
class Shown:
    """A figure as it may be shown; without one it says why not."""

    figure: Figure | None
    held_back: Held | None = None
    parts_held_back: tuple[str, ...] = ()
    """Codes whose counts are not shown; together they are at least ten."""


Ask = Callable[[Slice], Figure]
Values = Callable[[str], Sequence[str]]


def shown(definition: Definition, wanted: Slice, ask: Ask, values: Values, audience: Audience) -> Shown:
    """The figure of a slice as this audience may have it. `values`: what values a dimension has."""
    figure = ask(wanted)
    if audience == "internal":
        return Shown(figure)
    reason = _held(definition, wanted, ask, values)
    if reason is not None:
        return Shown(None, reason)
    held: tuple[str, ...] = ()
    if figure.parts is not None:
        figure, held = _without_small_parts(figure)
    else:
        figure = _without_small_sides(figure)
    if audience == "public" and definition.unit in ("share", "difference") and figure.n < PUBLIC_SHARE:
        return Shown(None, "too_few_to_publish")
    if audience == "public" or len(wanted) > 1:
        figure = _rounded(figure)
    elif wanted:
        figure = _blurred(figure)
    return Shown(figure, None, held)


def _held(definition: Definition, wanted: Slice, ask: Ask, values: Values) -> Held | None:
    """Why a slice is held back: it is small, all its people are alike, or it would show such a one by what is left of
    the whole when it is taken away."""
    figure = ask(wanted)
    if figure.n < SMALL or any(ask(around).n < SMALL for around in map(partial(_without, wanted), wanted)):
        return "small_number"
    if any(0 < count < SMALL for count in _counts(definition, figure)):
        return "small_number"
    if _all_or_none(definition, figure):
        return "all_or_none"
    for dimension in wanted:
        around = _without(wanted, dimension)
        beside = {value: ask({**around, dimension: value}) for value in values(dimension)}
        if wanted[dimension] in _together(definition, ask(around), beside):
            return "would_show_a_small_number"
    return None


def _without(wanted: Slice, dimension: str) -> Slice:
    return {name: value for name, value in wanted.items() if name != dimension}


def _together(definition: Definition, whole: Figure, beside: Mapping[str, Figure]) -> frozenset[str]:
    """Which of the parts along a dimension are held back, for the sake of each other."""
    found = frozenset(name for name, one in beside.items() if one.n and _all_or_none(definition, one))
    for place, total in enumerate(_counts(definition, whole)):
        sizes = {name: _counts(definition, one)[place] for name, one in beside.items()}
        found |= suppressed(sizes, max(total - sum(sizes.values()), 0), found)
    rest = sorted((one.n, name) for name, one in beside.items() if one.n and name not in found)
    while rest and found and _alike(definition, [beside[name] for name in found]):
        found |= {rest.pop(0)[1]}
    return found


def _alike(definition: Definition, figures: Collection[Figure]) -> bool:
    """Whether all or none of the people of several parts together show what a share of them would tell."""
    if not definition.personal or definition.unit != "share":
        return False
    return sum(one.events for one in figures) in (0, sum(one.n for one in figures))


def _counts(definition: Definition, figure: Figure) -> tuple[int, ...]:
    """The numbers of people, or of what happened to them, that a figure tells outright."""
    if definition.unit not in _COUNTS or figure.parts is not None or figure.value is None:
        return (figure.n,)
    return figure.n, int(figure.value), figure.n - int(figure.value)


def suppressed(sizes: Mapping[str, int], unsaid: int = 0, also: Collection[str] = ()) -> frozenset[str]:
    """Which of the parts of a whole are held back: the small ones, and as many more as keep the total of what is held
    back from being a small number itself. `unsaid`: what belongs to the whole and to none of the parts; `also`: parts
    that are held back for another reason."""
    small = {name for name, size in sizes.items() if 0 < size < SMALL or (size and name in also)}
    hidden = sum(sizes[name] for name in small) + unsaid
    if hidden == 0:
        return frozenset()
    rest = sorted((size, name) for name, size in sizes.items() if size >= SMALL and name not in small)
    while rest and (hidden < SMALL or len(small) + (unsaid > 0) < 2):
        size, name = rest.pop(0)
        small.add(name)
        hidden += size
    return frozenset(small)


def _all_or_none(definition: Definition, figure: Figure) -> bool:
    """Whether the figure tells the same of each of its people."""
    if not definition.personal:
        return False
    if figure.parts is not None:
        return figure.n > 0 and max(figure.parts.values(), default=0) == figure.n
    if definition.unit != "share" or figure.value is None:
        return False
    return figure.events in (0, figure.n) or figure.value in (0.0, 1.0)


def _without_small_parts(figure: Figure) -> tuple[Figure, tuple[str, ...]]:
    parts = figure.parts or {}
    held = suppressed(parts)
    left = {name: count for name, count in parts.items() if name not in held}
    return replace(figure, parts=left), tuple(sorted(held))


def _without_small_sides(figure: Figure) -> Figure:
    """Of a difference both sides leave only when neither is small."""
    if figure.more.get("smallest", SMALL) >= SMALL:
        return figure
    return replace(figure, value=None, low=None, high=None, more={})


def _blurred(figure: Figure) -> Figure:
    """The numbers of a slice itself are exact; those of its own parts, which lie along one more dimension, are not."""
    parts = None if figure.parts is None else {name: tens(count) for name, count in figure.parts.items()}
    more = {name: value for name, value in figure.more.items() if not isinstance(value, dict)}
    return replace(figure, parts=parts, more=more)


def _rounded(figure: Figure) -> Figure:
    """As it is published: counts in steps of ten, shares in whole per cents, waits in tenths of days."""

    def stepped(value: float | None) -> float | None:
        return tens(value) if isinstance(value, int) else near(value)

    parts = None if figure.parts is None else {name: tens(count) for name, count in figure.parts.items()}
    more = {name: stepped(value) if isinstance(value, int | float) else value for name, value in figure.more.items()}
    return replace(
        figure,
        value=stepped(figure.value),
        low=stepped(figure.low),
        high=stepped(figure.high),
        n=tens(figure.n),
        events=tens(figure.events),
        parts=parts,
        means=None if figure.means is None else {name: round(mean, 1) for name, mean in figure.means.items()},
        more={name: value for name, value in more.items() if not isinstance(value, dict)},
    )


def in_steps(one: Mapping[str, Any]) -> dict[str, Any]:
    """A plain estimate (`value`, `low`, `high`, `n`) as it stands in a table of more than one dimension."""
    said = {name: near(one[name]) for name in ("value", "low", "high")}
    return {**one, **said, "n": tens(one["n"])}


def near(value: float | None) -> float | None:
    """A share, a ratio or a difference, in steps."""
    return None if value is None else round(value, PUBLIC_DIGITS)


def tens(count: float) -> int:
    """A count, in steps of ten."""
    return int(PUBLIC_STEP * round(count / PUBLIC_STEP))
