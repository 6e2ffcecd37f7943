"""Did a change of law or rule do anything? By the cohort of sending, in a series, and against those that changed later.

Each answer says what difference it could have seen; "cannot be known" is an answer.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.insight.measures.asking import Figures
from services.insight.measures.definitions import HEADLINE
from services.insight.measures.disclosing import SMALL, Held, in_steps, near
from services.insight.measures.figure import told
from services.insight.measures.frame import Rows
from services.insight.measures.referring import QUARTER, first, spells
from services.insight.measures.slicing import Slice, cut
from services.insight.statistics.changing import before_after
from services.insight.statistics.incidence import returned, split
from services.insight.statistics.series import interrupted
from services.insight.statistics.staggered import NEVER, staggered
from shared.worktime import AMSTERDAM

FEWEST_MONTHS = 8
"""A series of fewer months on either side together says nothing of a break."""
_FIRST = 12 * 1970 + 1


def change(figures: Figures, within: Slice, since: int, at: int) -> dict[str, Any]:
    """First referrals sent before and from the beginning of a month on, and the monthly series with a break at it.

    Whoever asks month after month would see each month by subtraction, so both sides are told in steps.
    """
    kept = first(cut(figures.frame["referrals"], within))
    kept = kept.of(kept["sent_at"] <= at)
    found = before_after(spells(kept, at), kept["sent_at"] >= since, QUARTER)
    sides = (found.before, found.after)
    held: Held | None = None
    if min(one.n for one in sides) < SMALL:
        held = "small_number"
    elif any(one.value in (0.0, 1.0) for one in sides):
        held = "all_or_none"
    return {
        "before": None if held else in_steps(told(found.before)),
        "after": None if held else in_steps(told(found.after)),
        "difference": None if held else in_steps(told(found.difference)),
        "detectable": None if held else near(found.detectable),
        "verdict": "too_few" if held else found.verdict,
        "held_back": held,
        "series": series(figures, within, kept, since, at),
    }


def series(figures: Figures, within: Slice, rows: Rows, since: int, at: int) -> dict[str, Any] | None:
    """The share returned by month of sending, with a break of level and slope; months of fewer than ten are left out.

    The break is of the exact shares; a month is told as its slice is told everywhere, or not. None when there are too
    few months to tell a break from chance.
    """
    shares = {month: returned(part, QUARTER) for month, part in split(_months(rows), spells(rows, at))}
    known = {month: one for month, one in shares.items() if one.n >= SMALL and one.value is not None and one.complete}
    start = _month_of(datetime.fromtimestamp(since / 1000, UTC))
    before, after = sum(month < start for month in known), sum(month >= start for month in known)
    if before + after < FEWEST_MONTHS or min(before, after) < 3:
        return None
    values = np.array([one.value for _, one in sorted(known.items())], dtype=np.float64)
    found = interrupted(values, before)
    return {
        "months": [
            {"month": name, **one} for name in map(_named, sorted(known)) if (one := _shown(figures, within, name, at))
        ],
        "level": in_steps(told(found.level)),
        "slope": in_steps(told(found.slope)),
        "lags": found.lags,
    }


def _shown(figures: Figures, within: Slice, month: str, at: int) -> dict[str, Any] | None:
    moment = datetime.fromtimestamp(at / 1000, UTC)
    one = figures.shown(HEADLINE, {**within, "month": month}, moment, "partner").figure
    return None if one is None else {name: getattr(one, name) for name in ("value", "low", "high", "n", "complete")}


def adopted(rows: Rows, by_municipality: Mapping[str, datetime], at: int) -> dict[str, Any] | None:
    """The effect of a change that municipalities made at different times, by imputation, with placebo leads.

    Months and municipalities with fewer than ten referrals are left out. None when nothing is left to compare with.
    """
    kept = first(rows)
    kept = kept.of(kept["sent_at"] <= at - QUARTER)
    if not len(kept):
        return None
    months = _months(kept)
    begin, end = int(months.min()), int(months.max())
    names = kept.words["municipality"]
    cells = kept["municipality"].astype(np.int64) * (end - begin + 1) + (months - begin)
    values = np.full(len(names) * (end - begin + 1), np.nan)
    for cell, part in split(cells, spells(kept, at)):
        one = returned(part, QUARTER)
        if one.n >= SMALL and one.value is not None:
            values[cell] = one.value
    table = values.reshape(len(names), -1)
    starts = np.array([_start(by_municipality.get(name), begin) for name in names], dtype=np.int64)
    whole = ~np.isnan(table).any(axis=1)
    if whole.sum() < 2 or not (starts[whole] != NEVER).any():
        return None
    try:
        found = staggered(table[whole], starts[whole])
    except ValueError:
        return None
    return {
        "effect": told(found.effect),
        "by_age": [told(one) for one in found.by_age],
        "leads": [told(one) for one in found.leads],
        "never": found.never,
        "municipalities": int(whole.sum()),
    }


def _start(moment: datetime | None, begin: int) -> int:
    return int(NEVER) if moment is None else max(_month_of(moment) - begin, 0)


def _months(rows: Rows) -> NDArray[np.int64]:
    """Months of sending since 1970, as the slices have them."""
    known = [12 * int(word[:4]) + int(word[5:]) - _FIRST for word in rows.words["month"]]
    found: NDArray[np.int64] = np.array(known, np.int64)[rows["month"]]
    return found


def _month_of(moment: datetime) -> int:
    """The month of a moment, here, since 1970."""
    here = moment.astimezone(AMSTERDAM)
    return 12 * here.year + here.month - _FIRST


def _named(month: int) -> str:
    return f"{1970 + month // 12}-{month % 12 + 1:02}"
