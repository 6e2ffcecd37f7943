"""Measures of referrals: how many, how many came back, were refused, how long each step took; open ones counted."""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from services.insight.measures.figure import Figure, of
from services.insight.measures.frame import NEVER, Column, Rows
from services.insight.statistics import durations
from services.insight.statistics.estimate import Estimate, difference
from services.insight.statistics.guards import parking
from services.insight.statistics.incidence import Spells, returned, within

DAY = 86_400_000
QUARTER = 90 * DAY
YEAR = 365 * DAY
LATELY = 30 * DAY
RETURNED, OTHERWISE = 1, 2
_ENDS = ("completed", "withdrawn", "declined")
Clock = Literal["sent_at", "accepted_at"]


def spells(rows: Rows, at: int, clock: Clock = "sent_at", cause: str = "returned") -> Spells:
    """The spells that began before `at`, by the end of the referral itself; what ended later is still open.

    Causes: 1 the end that is asked for, 2 any other end of the referral.
    """
    kept = rows[clock] <= at
    start, end = rows[clock][kept], rows["ended_at"][kept]
    shut = end <= at
    last = np.where(shut, end, at)
    asked = rows.is_("ended_how", cause)[kept]
    causes = np.where(shut, np.where(asked, RETURNED, OTHERWISE), 0)
    return Spells(np.maximum(last - start, 0), causes.astype(np.int64))


def first(rows: Rows) -> Rows:
    """First referrals of their cases."""
    return rows.of(rows["number_in_case"] == 1)


def referrals(rows: Rows, at: int) -> Figure:
    """How many were sent."""
    n = int((rows["sent_at"] <= at).sum())
    return Figure(n, None, None, n, n)


def returned_first(rows: Rows, at: int) -> Figure:
    """Of first referrals the share that came back within 90 days of sending."""
    return of(returned(spells(first(rows), at), QUARTER))


def returned_any(rows: Rows, at: int) -> Figure:
    """Of all referrals."""
    return of(returned(spells(rows, at), QUARTER))


def returned_accepted(rows: Rows, at: int) -> Figure:
    """Of first referrals that were accepted, by the clock of acceptance."""
    return of(returned(spells(first(rows), at, "accepted_at"), QUARTER))


def returned_lately(rows: Rows, at: int) -> Figure:
    """Of all referrals, from what happened in the last 30 days alone."""
    kept = rows.of(rows["sent_at"] <= at)
    return of(returned(within(spells(kept, at), kept["sent_at"], at - LATELY, at), QUARTER))


def declined(rows: Rows, at: int) -> Figure:
    """The share that was declined within 90 days of sending."""
    return of(returned(spells(rows, at, cause="declined"), QUARTER))


def warm_against_cold(rows: Rows, at: int) -> Figure:
    """Returned within 90 days after a warm hand-off, less the same after a cold one."""
    warm, cold = (returned(spells(first(rows.of(rows["warm"] == one)), at), QUARTER) for one in (1, 0))
    return of(difference(warm, cold), warm=_short(warm), cold=_short(cold), smallest=min(warm.n, cold.n))


def _short(one: Estimate) -> dict[str, Any]:
    return {"value": one.value, "low": one.low, "high": one.high, "n": one.n}


def median_accepted(rows: Rows, at: int) -> Figure:
    """Days from sending to acceptance, of those that were accepted; open ones do not count (see the next)."""
    took = rows.of((rows["accepted_at"] <= at) & (rows["sent_at"] <= at))
    waits = np.maximum(took["accepted_at"] - took["sent_at"], 0) / DAY
    return of(durations.quantile_of_ended(Spells(waits, np.ones(len(waits), np.int64))))


def waiting(rows: Rows, at: int, since: str, until: str) -> Figure:
    """Median days between two steps, of all that waited: who still waits counts, who left otherwise competes."""
    return of(durations.quantile(waits(rows, at, since, until)))


def reviewing(rows: Rows, at: int) -> Figure:
    """Median days from a return to its review; who still waits counts."""
    back = rows.of(rows.is_("ended_how", "returned") & (rows["ended_at"] <= at))
    over = np.minimum(back["reviewed_at"], at)
    lasted = np.maximum(over - back["ended_at"], 0) / DAY
    return of(durations.quantile(Spells(lasted, (back["reviewed_at"] <= at).astype(np.int64))))


def waits(rows: Rows, at: int, since: str, until: str) -> Spells:
    """Waits in days: ended by the step (1), by the end of the referral (2), or still going on."""
    kept = rows.of(rows[since] <= at)
    return steps(kept[since], kept[until], kept["ended_at"], at)


def steps(since: Column, step: Column, left: Column, at: int) -> Spells:
    """Waits in days: ended by the step (1), or else by leaving (2), or still going on. Who takes the step in leaving
    took it; who had left before it began has not left."""
    gone = np.where(left >= since, left, NEVER)
    last = np.minimum(np.minimum(step, gone), at)
    causes = np.where(step <= last, RETURNED, np.where(gone <= last, OTHERWISE, 0))
    return Spells(np.maximum(last - since, 0) / DAY, causes.astype(np.int64))


def sides(rows: Rows, at: int) -> Figure:
    """Average days per referral that each side had the turn, of referrals sent until then, open turns up to then."""
    kept = rows.of(rows["since"] <= at)
    days = (np.minimum(kept["until"], at) - kept["since"]) / DAY
    n = len(np.unique(kept["referral_id"]))
    totals = {
        side: float(np.sort(days[kept.is_("side", side)]).sum()) for side in ("municipality", "provider", "citizen")
    }
    means = {side: total / n for side, total in totals.items()} if n else {}
    return Figure(sum(means.values()) if means else None, None, None, n, n, means=means)


def silences(rows: Rows, referred: Rows, at: int) -> Figure:
    """How often nothing was heard in time, by who was waited for, among referrals sent until then."""
    kept = rows.of(rows["silent_at"] <= at)
    n = int((referred["sent_at"] <= at).sum())
    parts = {side: int(kept.is_("side", side).sum()) for side in ("municipality", "provider", "citizen")}
    total = sum(parts.values())
    return Figure(total / n if n else None, None, None, n, total, parts=parts)


def parked(rows: Rows, at: int) -> Figure:
    """Of trajectories that are under way the share without any contact in the last 30 days."""
    going: NDArray[np.bool_] = (rows["accepted_at"] <= at) & (rows["ended_at"] > at)
    kept = rows.of(going)
    last = np.where(kept["last_contact_at"] <= at, kept["last_contact_at"], kept["accepted_at"])
    return of(parking((at - last) / DAY))
