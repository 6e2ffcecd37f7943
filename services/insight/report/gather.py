"""Asking for the figures of a report: of one municipality or all, as of one moment, for one audience."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

import numpy as np

from services.insight.measures.asking import Figures, milliseconds
from services.insight.measures.disclosing import Shown
from services.insight.measures.frame import Frame
from services.insight.measures.slicing import Slice, cut

Reader = Literal["partner", "public"]
"""For whom a report is: those who hand over to each other, or anybody. Never with what is held back."""


@dataclass(frozen=True)
class Asked:
    """What a report asks of the figures; every answer comes through the disclosure rules."""

    figures: Figures
    municipality: str | None
    month: date
    audience: Reader

    @property
    def at(self) -> datetime:
        """The moment: the beginning of the month."""
        return begin(self.month)

    @property
    def within(self) -> Slice:
        """The slice of the municipality."""
        return {} if self.municipality is None else {"municipality": self.municipality}

    @property
    def public(self) -> bool:
        """Whether it is for anybody."""
        return self.audience == "public"

    @property
    def stepped(self) -> bool:
        """Whether a part of what is asked of is a slice of a slice, or for anybody: told in steps."""
        return self.public or self.municipality is not None

    def ask(self, measure: str, **more: str) -> Shown:
        """The figure of a measure, as this audience may have it. Raises SliceUnknown, SliceImpossible."""
        return self.figures.shown(measure, dict(self.within) | more, self.at, self.audience)

    def frame(self) -> Frame:
        """The rows with those of the municipality alone, for what is computed of several slices at once."""
        whole = self.figures.frame
        return dict(whole) | {kind: cut(whole[kind], self.within) for kind in ("referrals", "returns")}

    def providers(self) -> tuple[str, ...]:
        """To whom people were sent before the moment, in the order of their names."""
        rows = self.frame()["referrals"]
        sent = rows["provider"][(rows["sent_at"] <= milliseconds(self.at)) & (rows["provider"] >= 0)]
        return tuple(sorted(rows.words["provider"][place] for place in np.unique(sent)))

    def months(self, many: int = 12) -> tuple[str, ...]:
        """The last months of sending before the moment, the oldest first, as `2016-11`."""
        last = [_back(self.month, number) for number in range(many, 0, -1)]
        known: Mapping[str, Any] = dict.fromkeys(self.figures.frame["referrals"].words["month"])
        return tuple(name for name in (f"{one:%Y-%m}" for one in last) if name in known)

    def earlier(self, months: int) -> datetime:
        """The beginning of the month so many months before."""
        return begin(_back(self.month, months))


def begin(month: date) -> datetime:
    """The moment a month begins, as for every figure that leaves (see `begin_of`)."""
    return datetime(month.year, month.month, 1, tzinfo=UTC)


def _back(month: date, many: int) -> date:
    count = month.year * 12 + month.month - 1 - many
    return date(count // 12, count % 12 + 1, 1)
