"""Measures of returns: why people came back, who is asked to act on it, and who is pumped round."""

import numpy as np

from services.insight.measures.figure import Figure, count, division, of
from services.insight.measures.frame import Column, Frame, Rows
from services.insight.measures.referring import YEAR
from services.insight.statistics.estimate import share_of
from services.insight.statistics.guards import reasons as spread_of
from services.insight.statistics.recurrence import People, rounds_per_person

OTHER = "other"


def _by(rows: Rows, at: int) -> Rows:
    return rows.of(rows["returned_at"] <= at)


def primary_reasons(rows: Rows, at: int) -> Figure:
    """Returns by their primary reason."""
    kept = _by(rows, at)
    return division(kept["reason"], kept.words["reason"])


def return_sides(rows: Rows, at: int) -> Figure:
    """Returns by the side that the reason points to."""
    kept = _by(rows, at)
    return division(kept["side"], kept.words["side"])


def other_share(rows: Rows, at: int) -> Figure:
    """The share of returns whose primary reason is `other`."""
    kept = _by(rows, at)
    return of(share_of(int(kept.is_("reason", OTHER).sum()), len(kept)))


def disputed(rows: Rows, at: int) -> Figure:
    """Of returns that were reviewed the share that the municipality disputes."""
    kept = rows.of(rows["reviewed_at"] <= at)
    return of(share_of(int((kept["disputed"] == 1).sum()), len(kept)))


def variety(rows: Rows, at: int) -> Figure:
    """How evenly the reasons are used, 0 to 1: a collapse onto one code shows here."""
    kept = _by(rows, at)
    found = spread_of(np.bincount(kept["reason"], minlength=len(kept.words["reason"])))
    return Figure(found.evenness if found.n else None, None, None, found.n, found.n)


def pumped_round(frame: Frame, at: int) -> Figure:
    """Cases with two or more returns, among cases that were referred."""
    returns, referred = _by(frame["returns"], at), frame["referrals"]
    times = np.unique(returns["case_id"], return_counts=True)[1]
    cases = len(np.unique(referred["case_id"][referred["sent_at"] <= at]))
    return count(int((times >= 2).sum()), cases)


def pumping_round_index(frame: Frame, at: int) -> Figure:
    """Returns per person in the 365 days since the first referral; who left is followed until then."""
    referred = frame["referrals"]
    firsts = referred.of((referred["number_in_case"] == 1) & (referred["sent_at"] <= at))
    order = np.argsort(firsts["case_id"], kind="stable")
    ids, start = firsts["case_id"][order], firsts["sent_at"][order]
    out = _left(frame["cases"], ids)
    left = out <= at
    until = np.maximum(np.where(left, out, at) - start, 0)
    returns = _by(frame["returns"], at)
    who = np.searchsorted(ids, returns["case_id"])
    known = (who < len(ids)) & (ids[np.minimum(who, len(ids) - 1)] == returns["case_id"]) if len(ids) else who < 0
    who, when = who[known], returns["returned_at"][known]
    since = np.maximum(when - start[who], 0)
    seen = since <= until[who]
    return of(rounds_per_person(People(until, left, who[seen], since[seen]), YEAR))


def _left(cases: Rows, ids: Column) -> Column:
    """When each of these cases was over: benefit ended or case closed, whichever came first."""
    order = np.argsort(cases["case_id"], kind="stable")
    place = order[np.minimum(np.searchsorted(cases["case_id"][order], ids), max(len(order) - 1, 0))]
    left: Column = np.minimum(cases["benefit_ended_at"][place], cases["closed_at"][place])
    return left
