"""Measures of how the work was done, what came of it, and time that was lost."""

import numpy as np

from services.insight.measures.figure import Figure, count, division, of
from services.insight.measures.frame import Frame, Rows
from services.insight.measures.referring import DAY
from services.insight.statistics.estimate import share_of
from services.insight.statistics.incidence import Spells, returned

HORIZON = 3 * 365.25 * DAY
MONTHS = {3: 91, 6: 182, 12: 365}
"""Months of sustained work -> days."""
QUARTER_DAYS = 91


def diagnosed_first(frame: Frame, at: int) -> Figure:
    """Cases that were diagnosed before their first referral, among cases that were referred."""
    rows = frame["referrals"]
    firsts = rows.of((rows["number_in_case"] == 1) & (rows["sent_at"] <= at))
    return count(int((firsts["diagnosed_before"] == 1).sum()), len(firsts))


def coverage(rows: Rows, at: int) -> Figure:
    """Of people on benefit the share that was diagnosed in the last three years."""
    on = (rows["granted_on"] <= at) & (rows["benefit_ended_at"] > at) & (rows["closed_at"] > at)
    people = rows.of(on)
    last = np.where(people["last_diagnosed_at"] <= at, people["last_diagnosed_at"], people["first_diagnosed_at"])
    return of(share_of(int(((last <= at) & (last >= at - HORIZON)).sum()), len(people)))


def argued(rows: Rows, at: int) -> Figure:
    """Of directions the share that rests on weighed arguments."""
    kept = rows.of(rows["decided_at"] <= at)
    return of(share_of(int((kept["argued"] == 1).sum()), len(kept)))


def shared(rows: Rows, at: int) -> Figure:
    """Of directions the share that citizen and caseworker decided together."""
    kept = rows.of(rows["decided_at"] <= at)
    return of(share_of(int((kept["together"] == 1).sum()), len(kept)))


def interim(rows: Rows, at: int) -> Figure:
    """Of trajectories that started the share in which a goal was measured with the citizen before the end.

    Who has not been measured yet and is still under way counts as not yet known.
    """
    kept = rows.of(rows["started_at"] <= at)
    step = kept["measured_at"]
    last = np.minimum(np.minimum(step, kept["ended_at"]), at)
    causes = np.where(step <= last, 1, np.where(kept["ended_at"] <= last, 2, 0))
    waits = Spells(np.maximum(last - kept["started_at"], 0) / DAY, causes.astype(np.int64))
    return of(returned(waits, float(QUARTER_DAYS)))


def reflected(rows: Rows, at: int) -> Figure:
    """Of referrals that were returned or completed the share of which a lesson was recorded."""
    over = rows.any_of("ended_how", "returned", "completed") & (rows["ended_at"] <= at)
    kept = rows.of(over)
    return of(share_of(int((kept["reflected_at"] <= at).sum()), len(kept)))


def outcomes(rows: Rows, at: int) -> Figure:
    """What was reached, by perspective; each of the four is an outcome."""
    kept = rows.of((rows["reached_at"] <= at) & (rows["sustained_months"] == 0))
    return division(kept["perspective"], kept.words["perspective"])


def sustained(rows: Rows, at: int, months: int) -> Figure:
    """The share of jobs that lasted so many months; jobs that began lately count as far as they are known."""
    kept = rows.of(rows["started_at"] <= at)
    last = np.minimum(kept["ended_at"], at)
    jobs = Spells(np.maximum(last - kept["started_at"], 0) / DAY, (kept["ended_at"] <= at).astype(np.int64))
    return _still(jobs, MONTHS[months])


def no_step(rows: Rows, at: int) -> Figure:
    """Of applications the share that waited three months without a step towards work or participation.

    A diagnosis, a direction, a start, a plan or a job is a step; who was denied, withdrew or left waits no longer.
    """
    kept = rows.of((rows["applied_at"] <= at) & ~rows.any_of("decision", "denied", "not_taken_up"))
    gone = np.minimum(np.minimum(kept["withdrawn_at"], kept["closed_at"]), kept["benefit_ended_at"])
    over = np.minimum(kept["first_step_at"], gone)
    waits = np.maximum(np.minimum(over, at) - kept["applied_at"], 0) / DAY
    return _still(Spells(waits, (over <= at).astype(np.int64)), QUARTER_DAYS)


def _still(spells: Spells, days: int) -> Figure:
    """The share that had not ended after so many days, by any cause."""
    ended = returned(spells, float(days))
    value, low, high = (None if one is None else 1 - one for one in (ended.value, ended.high, ended.low))
    return Figure(value, low, high, ended.n, ended.n - ended.events, ended.complete)
