"""What of a figure may be shown: the rules stand before every way out, not with the reader.

Sources: the defaults of SACRO/ACRO (threshold 10), Statistics Netherlands (counts rounded to 10, percentages of 100 or
more) and group disclosure: 0 % or 100 % tells of each person in the slice.

Three audiences. `internal`: the data's own controller, everything. `partner`: municipalities and providers alike, the
same figure for both. `public`: anybody. What is held back depends on the figures alone, never on who asked before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

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
    reason = _hidden(wanted, ask, values)
    if reason is not None:
        return Shown(None, reason)
    if definition.unit in _COUNTS and _small_count(figure):
        return Shown(None, "small_number")
    if definition.personal and figure.parts is None and _all_or_none(definition, figure):
        return Shown(None, "all_or_none")
    if figure.parts is not None:
        figure, held = _without_small_parts(figure)
    else:
        figure, held = _without_small_sides(figure), ()
    if audience == "public":
        if definition.unit in ("share", "difference") and figure.n < PUBLIC_SHARE:
            return Shown(None, "too_few_to_publish")
        figure = _rounded(figure)
    return Shown(figure, None, held)


def _hidden(wanted: Slice, ask: Ask, values: Values) -> Held | None:
    """Whether the slice is small, or would show a small one by what is left of the whole when it is taken away."""
    if 0 <= ask(wanted).n < SMALL:
        return "small_number"
    for dimension in wanted:
        around = {name: value for name, value in wanted.items() if name != dimension}
        if ask(around).n < SMALL:
            return "small_number"
        sizes = {value: ask({**around, dimension: value}).n for value in values(dimension)}
        unsaid = ask(around).n - sum(sizes.values())
        if wanted[dimension] in suppressed(sizes, max(unsaid, 0)):
            return "would_show_a_small_number"
    return None


def suppressed(sizes: Mapping[str, int], unsaid: int = 0) -> frozenset[str]:
    """Which of the parts of a whole are held back: the small ones, and as many more as keep the total of what is held
    back from being a small number itself. `unsaid`: what belongs to the whole and to none of the parts."""
    small = {name for name, size in sizes.items() if 0 < size < SMALL}
    hidden = sum(sizes[name] for name in small) + unsaid
    if hidden == 0:
        return frozenset()
    rest = sorted((size, name) for name, size in sizes.items() if size >= SMALL)
    while rest and (hidden < SMALL or len(small) + (unsaid > 0) < 2):
        size, name = rest.pop(0)
        small.add(name)
        hidden += size
    return frozenset(small)


def _small_count(figure: Figure) -> bool:
    """A count of fewer than ten, or of all but fewer than ten."""
    if figure.parts is not None or figure.value is None:
        return False
    return 0 < figure.value < SMALL or 0 < figure.n - figure.value < SMALL


def _all_or_none(definition: Definition, figure: Figure) -> bool:
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


def _rounded(figure: Figure) -> Figure:
    """As it is published: counts in steps of ten, shares in whole per cents, waits in tenths of days."""

    def near(value: float | None) -> float | None:
        if value is None:
            return None
        whole = isinstance(value, int)
        return _step(value) if whole else round(value, PUBLIC_DIGITS)

    parts = None if figure.parts is None else {name: _step(count) for name, count in figure.parts.items()}
    more = {name: near(value) if isinstance(value, int | float) else value for name, value in figure.more.items()}
    return replace(
        figure,
        value=near(figure.value),
        low=near(figure.low),
        high=near(figure.high),
        n=_step(figure.n),
        events=_step(figure.events),
        parts=parts,
        means=None if figure.means is None else {name: round(mean, 1) for name, mean in figure.means.items()},
        more={name: value for name, value in more.items() if not isinstance(value, dict)},
    )


def _step(count: float) -> int:
    return int(PUBLIC_STEP * round(count / PUBLIC_STEP))
