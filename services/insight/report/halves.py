"""Two halves of a year beside each other: what a change would have to be to be seen at all."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from services.insight.measures.asking import milliseconds
from services.insight.measures.definitions import HEADLINE
from services.insight.measures.disclosing import PUBLIC_SHARE, SMALL, Held, near, suppressed
from services.insight.measures.frame import Rows
from services.insight.measures.referring import QUARTER, first, spells
from services.insight.report.beside import told
from services.insight.report.codes import Words
from services.insight.report.gather import Asked
from services.insight.report.lines import Line, Unit
from services.insight.statistics.changing import Change, before_after
from services.insight.statistics.estimate import Estimate


@dataclass(frozen=True)
class Halves:
    """Two halves of a year beside each other, and the smallest difference that would have been seen."""

    before: Line
    after: Line
    difference: Line
    detectable: float | None
    verdict: str


def halves(asked: Asked) -> Halves:
    """First referrals of the last six months of sending beside those of the six before."""
    months, at = asked.months(), milliseconds(asked.at)
    early, late = (tuple(one for one in months if _late(asked, one) is which) for which in (False, True))
    rows = first(asked.frame()["referrals"])
    rows = rows.of((rows["sent_at"] <= at) & _in(rows, months))
    found = before_after(spells(rows, at), _in(rows, late), QUARTER)
    why = _withheld(asked, (found.before, early), (found.after, late))
    before, after, step = (
        Line(label, unit, held=why) if why else told(asked, label, unit, asdict(one))
        for label, unit, one in _named(found)
    )
    smallest = near(found.detectable) if asked.stepped else found.detectable
    return Halves(before, after, step, None if why else smallest, "too_few" if why else found.verdict)


def _named(found: Change) -> tuple[tuple[Words, Unit, Estimate], ...]:
    return (
        (("Verzonden 12 tot 6 maanden geleden", "Sent 12 to 6 months ago"), "share", found.before),
        (("Verzonden in de laatste 6 maanden", "Sent in the last 6 months"), "share", found.after),
        (("Verschil", "Difference"), "difference", found.difference),
    )


def _late(asked: Asked, month: str) -> bool:
    return month >= f"{asked.earlier(6):%Y-%m}"


def _in(rows: Rows, months: Sequence[str]) -> NDArray[np.bool_]:
    """Which were sent in these months, as the slices by month have it, so that they can be laid beside each other."""
    return rows.any_of("month", *months) if months else np.zeros(len(rows), bool)


def _withheld(asked: Asked, *parts: tuple[Estimate, Sequence[str]]) -> Held | None:
    """Why halves of a year are not shown. Months are shown as well, and so is the whole: what a half has more than its
    months that are shown, or the whole more than both halves, may be no small number either."""
    sizes = [one.n for one, _ in parts]
    if min(sizes) < SMALL:
        return "small_number"
    at, within = milliseconds(asked.at), dict(asked.within)
    whole = asked.figures.figure(HEADLINE, within, at).n
    left = [whole - sum(sizes)]
    for one, months in parts:
        shown = [name for name in months if asked.ask(HEADLINE, month=name).held_back is None]
        left.append(one.n - sum(asked.figures.figure(HEADLINE, within | {"month": name}, at).n for name in shown))
    if any(0 < some < SMALL for some in left) or any(_shows_another(asked, months) for _, months in parts):
        return "would_show_a_small_number"
    if asked.public and min(sizes) < PUBLIC_SHARE:
        return "too_few_to_publish"
    return "all_or_none" if any(one.value in (0.0, 1.0) for one, _ in parts) else None


def _shows_another(asked: Asked, months: Sequence[str]) -> bool:
    """Whether all municipalities less this one would show a small one in these months."""
    rows = first(asked.figures.frame["referrals"])
    rows = rows.of((rows["sent_at"] <= milliseconds(asked.at)) & _in(rows, months))
    words = rows.words["municipality"]
    counts = np.bincount(rows["municipality"][rows["municipality"] >= 0], minlength=len(words))
    return asked.municipality in suppressed(dict(zip(words, counts.tolist(), strict=True)))
