"""Did a change of law or rule do anything? By the cohort of sending, in a series, and against those that changed later.

Each answer says what difference it could have seen; "cannot be known" is an answer. The moment of a change is one more
way to cut the same people, and answers for two moments can be subtracted: so all is told in steps.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from services.insight.measures.disclosing import PUBLIC_DIGITS, SMALL, Held, in_steps
from services.insight.measures.figure import told
from services.insight.measures.frame import Rows
from services.insight.measures.referring import QUARTER, first, spells
from services.insight.statistics.changing import before_after
from services.insight.statistics.incidence import returned, split
from services.insight.statistics.series import interrupted
from services.insight.statistics.staggered import NEVER, staggered

FEWEST_MONTHS = 8
"""A series of fewer months on either side together says nothing of a break."""


def change(rows: Rows, since: int, at: int, held: Held | None = None) -> dict[str, Any]:
    """First referrals sent before and from a moment on, and the monthly series with a break at it.

    `held`: why these people are not shown at all, when they are not.
    """
    kept = first(rows)
    kept = kept.of(kept["sent_at"] <= at)
    found = before_after(spells(kept, at), kept["sent_at"] >= since, QUARTER)
    why = held or ("small_number" if min(found.before.n, found.after.n) < SMALL else None)
    step = found.detectable
    return {
        "before": None if why else in_steps(told(found.before)),
        "after": None if why else in_steps(told(found.after)),
        "difference": None if why else in_steps(told(found.difference)),
        "detectable": None if why or step is None else round(step, PUBLIC_DIGITS),
        "verdict": "too_few" if why else found.verdict,
        "held_back": why,
        "series": None if held else series(kept, since, at),
    }


def series(rows: Rows, since: int, at: int) -> dict[str, Any] | None:
    """The share returned by month of sending, with a break of level and slope; months of fewer than ten are left out.

    None when there are too few months to tell a break from chance.
    """
    months = _months(rows["sent_at"])
    shares = {month: returned(part, QUARTER) for month, part in split(months, spells(rows, at))}
    known = {month: one for month, one in shares.items() if one.n >= SMALL and one.value is not None and one.complete}
    start = int(_months(np.array([since]))[0])
    before, after = sum(month < start for month in known), sum(month >= start for month in known)
    if before + after < FEWEST_MONTHS or min(before, after) < 3:
        return None
    values = np.array([one.value for _, one in sorted(known.items())], dtype=np.float64)
    found = interrupted(values, before)
    return {
        "months": [{"month": _named(month), **in_steps(told(one))} for month, one in sorted(known.items())],
        "level": told(found.level),
        "slope": told(found.slope),
        "lags": found.lags,
    }


def adopted(rows: Rows, by_municipality: Mapping[str, datetime], at: int) -> dict[str, Any] | None:
    """The effect of a change that municipalities made at different times, by imputation, with placebo leads.

    Months and municipalities with fewer than ten referrals are left out. None when nothing is left to compare with.
    """
    kept = first(rows)
    kept = kept.of(kept["sent_at"] <= at - QUARTER)
    if not len(kept):
        return None
    months = _months(kept["sent_at"])
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
    if moment is None:
        return int(NEVER)
    return max(int(_months(np.array([int(moment.timestamp() * 1000)]))[0]) - begin, 0)


def _months(moments: "np.ndarray[Any, Any]") -> "np.ndarray[Any, np.dtype[np.int64]]":
    """Months since 1970, in universal time."""
    return moments.astype("datetime64[ms]").astype("datetime64[M]").astype(np.int64)


def _named(month: int) -> str:
    return datetime(1970 + month // 12, month % 12 + 1, 1, tzinfo=UTC).strftime("%Y-%m")
