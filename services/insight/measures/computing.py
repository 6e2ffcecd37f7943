"""From definition to figure: one function per measure, of the rows of its slice and the moment it is about."""

from collections.abc import Callable
from functools import partial

from services.insight.measures import coming_back, leaving, referring, working
from services.insight.measures.definitions import DEFINITIONS
from services.insight.measures.figure import Figure
from services.insight.measures.frame import Frame, Rows
from services.insight.measures.slicing import Slice, check, cut

Compute = Callable[[Frame, int], Figure]


def _of(kind: str, function: Callable[[Rows, int], Figure]) -> tuple[tuple[str, ...], Compute]:
    return (kind,), lambda frame, at: function(frame[kind], at)


def _waits(since: str, until: str) -> tuple[tuple[str, ...], Compute]:
    return _of("referrals", partial(referring.waiting, since=since, until=until))


COMPUTED: dict[str, tuple[tuple[str, ...], Compute]] = {
    "returned_within_90_days": _of("referrals", referring.returned_first),
    "returned_within_90_days_any_referral": _of("referrals", referring.returned_any),
    "returned_within_90_days_of_acceptance": _of("referrals", referring.returned_accepted),
    "returned_within_90_days_lately": _of("referrals", referring.returned_lately),
    "declined_within_90_days": _of("referrals", referring.declined),
    "referrals": _of("referrals", referring.referrals),
    "primary_return_reasons": _of("returns", coming_back.primary_reasons),
    "return_sides": _of("returns", coming_back.return_sides),
    "other_reason_share": _of("returns", coming_back.other_share),
    "disputed_returns": _of("returns", coming_back.disputed),
    "reason_evenness": _of("returns", coming_back.variety),
    "cases_with_two_or_more_returns": (("returns", "referrals"), coming_back.pumped_round),
    "pumping_round_index": (("returns", "referrals"), coming_back.pumping_round_index),
    "median_days_sent_to_accepted": _of("referrals", referring.median_accepted),
    "days_sent_to_accepted": _waits("sent_at", "accepted_at"),
    "days_sent_to_received": _waits("sent_at", "received_at"),
    "days_accepted_to_started": _waits("accepted_at", "started_at"),
    "days_returned_to_reviewed": _of("referrals", referring.reviewing),
    "waiting_days_by_side": _of("turns", referring.sides),
    "silences_per_referral": (
        ("silences", "referrals"),
        lambda frame, at: referring.silences(frame["silences"], frame["referrals"], at),
    ),
    "parked": _of("referrals", referring.parked),
    "warm_against_cold": _of("referrals", referring.warm_against_cold),
    "diagnosed_before_first_referral": (("referrals",), working.diagnosed_first),
    "diagnosis_coverage": _of("cases", working.coverage),
    "argued_directions": _of("decisions", working.argued),
    "shared_directions": _of("decisions", working.shared),
    "interim_measurement": _of("trajectories", working.interim),
    "reflection": _of("trajectories", working.reflected),
    "outcomes_by_perspective": _of("outcomes", working.outcomes),
    "days_applied_to_decided": _of("cases", partial(leaving.days_until, step="decided_at")),
    "days_applied_to_referred": _of("cases", partial(leaving.days_until, step="first_referral_at")),
    "working_within_a_year": _of("cases", leaving.working),
    "working_after_instrument": _of("interventions", leaving.after_instrument),
    "sustained_3_months": _of("jobs", partial(working.sustained, months=3)),
    "sustained_6_months": _of("jobs", partial(working.sustained, months=6)),
    "sustained_12_months": _of("jobs", partial(working.sustained, months=12)),
    "no_step_within_three_months": _of("cases", working.no_step),
}
"""Measure -> the kinds of row that are cut to the slice, and the function of them."""


def figure(frame: Frame, measure: str, wanted: Slice, at: int) -> Figure:
    """The figure of a measure, of a slice, as of a moment (milliseconds). Raises KeyError for an unknown measure,
    SliceUnknown and SliceImpossible for a slice that is not there."""
    kinds, compute = COMPUTED[DEFINITIONS[measure].id]
    check(frame, wanted)
    rows = dict(frame) | {kind: cut(frame[kind], wanted) for kind in kinds}
    return compute(rows, at)
