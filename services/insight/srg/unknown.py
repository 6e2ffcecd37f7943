"""The share of code 60, `uitbesteed en onbekend`: what was handed to a provider, and nobody told what is done there.

Of all facilities, as the statistics have it; and of hand-offs, for only those can be of it: per provider, per month.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from services.insight.measures.definitions import Definition
from services.insight.measures.disclosing import Audience, shown
from services.insight.measures.figure import Figure, of
from services.insight.measures.slicing import Slice
from services.insight.srg.facilities import Facility
from services.insight.srg.rows import had_in, known_by, said_of
from services.insight.srg.translating import Translation
from services.insight.statistics.estimate import share_of
from shared.months import Month

DEFINITION = Definition(
    id="srg_unknown_of_hand_offs",
    nl="Aandeel uitbesteed en onbekend (SRG code 60), van de overdrachten",
    en="Handed off and unknown (SRG code 60), of hand-offs",
    unit="share",
    numerator="hand-offs that run in the month, of which nobody told what is done before its end",
    denominator="hand-offs that run in the month",
    formula="plain share of all; interval: Wilson",
    version=1,
    sources=("LAW-1",),
    rows="hand_offs",
    owner="Team Inzicht · insight team",
)


@dataclass(frozen=True)
class Unknown:
    """A month's facilities, its hand-offs among them, and those of code 60; by provider: (of code 60, hand-offs)."""

    month: Month
    unknown: int
    hand_offs: int
    facilities: int
    by_provider: Mapping[str, tuple[int, int]]


def unknown(some: Sequence[Facility], translation: Translation, month: Month) -> Unknown:
    """The counts of a month."""
    hand_offs: Counter[str] = Counter()
    unknowns: Counter[str] = Counter()
    others, last = 0, month.last
    for one in had_in(some, month):
        if one.kind == "hand_off":
            hand_offs[one.provider or ""] += 1
            unknowns[one.provider or ""] += not known_by(one, last)
        else:
            others += said_of(one, translation) is not None
    by_provider = {name: (unknowns[name], hand_offs[name]) for name in sorted(hand_offs)}
    return Unknown(month, unknowns.total(), hand_offs.total(), hand_offs.total() + others, by_provider)


def history(some: Sequence[Facility], translation: Translation, last: Month, months: int) -> list[Unknown]:
    """The counts of so many months, up to this one."""
    return [unknown(some, translation, last.before(back)) for back in reversed(range(months))]


def counted(one: Unknown) -> dict[str, Any]:
    """All counts of a month with the shares they make: for who runs the data alone."""
    by_provider = [
        {"provider": name, "unknown": some, "hand_offs": all_, "share": _share(some, all_)}
        for name, (some, all_) in one.by_provider.items()
    ]
    shares = {"share": _share(one.unknown, one.facilities), "share_of_hand_offs": _share(one.unknown, one.hand_offs)}
    return asdict(one) | shares | {"month": str(one.month), "by_provider": by_provider}


def _share(some: int, all_: int) -> float | None:
    return round(some / all_, 6) if all_ else None


def told(one: Unknown, audience: Audience, provider: str | None = None) -> dict[str, Any]:
    """The share of a month's hand-offs, of all or of one provider's, as this audience may have it."""
    wanted: Slice = {} if provider is None else {"provider": provider}
    found = shown(DEFINITION, wanted, lambda part: _figure(one, part), lambda _: tuple(one.by_provider), audience)
    figure = found.figure
    said = {"month": str(one.month), "provider": provider, "held_back": found.held_back}
    if figure is None:
        return said | {"value": None, "low": None, "high": None, "n": None, "events": None}
    value = {name: getattr(figure, name) for name in ("value", "low", "high", "n", "events")}
    return said | value


def _figure(one: Unknown, part: Slice) -> Figure:
    some, all_ = (one.unknown, one.hand_offs) if not part else one.by_provider.get(part["provider"], (0, 0))
    return of(share_of(some, all_))
