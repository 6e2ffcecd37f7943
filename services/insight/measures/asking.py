"""Asking for a figure: the measure, the slice, the moment, for whom; the answer says all that it rests on."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any

from services.insight.measures.computing import figure as compute
from services.insight.measures.definitions import DEFINITIONS, HEADLINE, Definition
from services.insight.measures.disclosing import Audience, Held, Shown, shown
from services.insight.measures.figure import Figure
from services.insight.measures.frame import Frame
from services.insight.measures.slicing import DIMENSIONS, Slice, check, values_of
from shared.worktime import AMSTERDAM

CODE_VERSION = "1"
"""Grows when the same rows give another figure under the same definition."""
_KEPT = 20_000


class NotAMonth(ValueError):  # noqa: N818 - an answer, not a fault
    """Who does not run the data asks as of the beginning of a month: in between, one person's change would show."""


class InFuture(ValueError):  # noqa: N818 - an answer, not a fault
    """Nobody knows the figures of tomorrow."""


class MeasureUnknown(LookupError):  # noqa: N818 - an answer, not a fault
    """There is no such measure."""


@dataclass
class Figures:
    """The figures of some rows, each computed once. `offsets`: how far the log was read for them."""

    frame: Frame
    offsets: Mapping[str, tuple[int, int]]
    kept: "OrderedDict[tuple[str, tuple[tuple[str, str], ...], int], Figure]" = field(default_factory=OrderedDict)

    def figure(self, measure: str, wanted: Slice, at: int) -> Figure:
        """The figure, whoever may see it. Raises SliceUnknown or SliceImpossible."""
        key = (measure, tuple(sorted(wanted.items())), at)
        found = self.kept.get(key)
        if found is None:
            found = self.kept[key] = compute(self.frame, measure, wanted, at)
            if len(self.kept) > _KEPT:
                self.kept.popitem(last=False)
        return found

    def shown(self, measure: str, wanted: Slice, at: datetime, audience: Audience) -> Shown:
        """The figure as this audience may have it."""
        moment = milliseconds(at)
        check(self.frame, wanted)
        return shown(
            definition_of(measure),
            wanted,
            lambda part: self.figure(measure, part, moment),
            lambda dimension: values_of(self.frame, dimension),
            audience,
        )


def providers_held(
    figures: Figures, within: Slice, providers: Iterable[str], at: datetime, audience: Audience
) -> dict[str, Held | None]:
    """Per provider why nothing of it is shown: its share of people that came back is held back. None: it is shown."""
    return {name: figures.shown(HEADLINE, {**within, "provider": name}, at, audience).held_back for name in providers}


def definition_of(measure: str) -> Definition:
    """The definition. Raises MeasureUnknown."""
    try:
        return DEFINITIONS[measure]
    except KeyError:
        raise MeasureUnknown(measure) from None


def milliseconds(at: datetime) -> int:
    """A moment as the rows have it."""
    return int(at.timestamp() * 1000)


def moment(said: datetime | None, now: datetime, audience: Audience) -> datetime:
    """The moment a figure is about: as asked, or the beginning of this month. Raises InFuture, NotAMonth."""
    if said is None:
        return now if audience == "internal" else month_of(now)
    at = said.astimezone(UTC) if audience == "internal" else begin_of(said)
    if at > now:
        raise InFuture
    return at


def begin_of(said: datetime) -> datetime:
    """The beginning of the month, in universal time, that this moment means. Raises NotAMonth.

    Who writes the beginning as it is here means the same: two moments in one night would show who came between them.
    """
    for zone in (UTC, AMSTERDAM):
        there = said.astimezone(zone)
        if (there.day, there.time()) == (1, time()):
            return datetime(there.year, there.month, 1, tzinfo=UTC)
    raise NotAMonth


def month_of(moment: datetime) -> datetime:
    """The beginning of the month in which this moment lies, in universal time."""
    here = moment.astimezone(UTC)
    return datetime(here.year, here.month, 1, tzinfo=UTC)


def told(figures: Figures, measure: str, wanted: Slice, at: datetime, audience: Audience) -> dict[str, Any]:
    """The whole answer, plain: the value and its interval, what it rests on, by which definition and which log."""
    definition = definition_of(measure)
    found = figures.shown(measure, wanted, at, audience)
    return {
        "measure": measure,
        **_value(found),
        "unit": definition.unit,
        "slice": {name: wanted[name] for name in DIMENSIONS if name in wanted},
        "as_of": at.isoformat().replace("+00:00", "Z"),
        "audience": audience,
        "definition": definition.model_dump(include=_DEFINED),
        "code_version": CODE_VERSION,
        "offsets": {place: list(reached) for place, reached in sorted(figures.offsets.items())},
    }


_DEFINED = {"id", "version", "nl", "en", "numerator", "denominator", "formula", "owner", "sources"}


def _value(found: Shown) -> dict[str, Any]:
    if found.figure is None:
        return {"value": None, "low": None, "high": None, "n": None, "held_back": found.held_back}
    one = found.figure
    value = one.parts if one.parts is not None else one.means if one.means is not None else one.value
    said = {"value": value, "low": one.low, "high": one.high, "n": one.n, "complete": one.complete, **one.more}
    said.pop("smallest", None)
    return said | {"held_back": None, "parts_held_back": list(found.parts_held_back)}
