"""What referral registers: every hand-off, what rests, what comes back and how that is looked at."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tests.simulator import tables as t
from tests.simulator.facts.table import DAY, Around, Table, about_spells
from tests.simulator.spells import DECLINED, ENDED, RETURNED, WORKS
from tests.simulator.tables import drawn

MISSED, SUSPENDED, REVIEWED = 0.15, 0.06, 0.94
REVIEW_DAYS, BEFORE_NEXT = 6.0, 8.0
"""A review comes after so many days (median); before somebody is referred again, at most after eight."""


def facts(around: Around) -> Iterator[Table]:
    """From sending to the end, and the review of a return."""
    spells = around.spells
    all_of_them = np.arange(len(spells))
    yield about_spells(
        around,
        "referral_sent",
        all_of_them,
        spells.sent_at,
        "caseworker",
        trajectory=spells.trajectory,
        warm=spells.warm,
        sequence_in_case=spells.sequence,
    )
    yield about_spells(around, "referral_received", all_of_them, spells.received_at, "system")
    accepted = np.flatnonzero(spells.accepted_at >= 0)
    yield about_spells(around, "referral_accepted", accepted, spells.accepted_at[accepted])
    started = np.flatnonzero(spells.started_at >= 0)
    contact = spells.first_contact[started]
    yield about_spells(around, "trajectory_started", started, spells.started_at[started], first_contact=contact)
    yield from _rests(around, started)
    yield from _returns(around)
    yield from _other_ends(around)


def _rests(around: Around, started: NDArray[np.int64]) -> Iterator[Table]:
    """Some rest for a while and go on; of the others some miss an appointment."""
    spells, count = around.spells, len(started)
    chance = around.chance(count)
    since = spells.started_at[started] + around.days(5, 60, count)
    until = since + around.days(7, 30, count)
    rests = (chance < SUSPENDED) & (until + 3_600 < spells.ended_at[started])
    which, why = started[rests], drawn(around.rng, t.SUSPENSION_SHARES, int(rests.sum()))
    yield about_spells(around, "referral_suspended", which, since[rests], suspension=why)
    yield about_spells(around, "referral_resumed", which, until[rests])
    at = spells.started_at[started] + around.days(3, 40, count)
    missed = (chance >= SUSPENDED) & (chance < SUSPENDED + MISSED) & (at < spells.ended_at[started])
    yield about_spells(around, "appointment_missed", started[missed], at[missed])


def _returns(around: Around) -> Iterator[Table]:
    spells = around.spells
    back = np.flatnonzero(spells.cause == RETURNED)
    at = spells.ended_at[back]
    phase = np.where(spells.started_at[back] >= 0, 2, 1)
    why, also = spells.reason[back], spells.second_reason[back]
    yield about_spells(around, "referral_returned", back, at, phase=phase, reason=why, second_reason=also)
    more = spells.bounces[back] > 0
    again, first = back[more], _first_return(around)[spells.person[back[more]] - around.people.number[0]]
    span = {"returns": spells.bounces[again] + 1, "days_between": (spells.ended_at[again] - first) // DAY}
    yield about_spells(around, "pumping_round_detected", again, spells.ended_at[again], "system", **span)
    # the next row is the person's next referral, if there is one
    following = np.append(spells.person[1:] == spells.person[:-1], False)[back]
    days = REVIEW_DAYS * around.rng.lognormal(0, 0.6, len(back))
    days = np.where(following, np.minimum(days, BEFORE_NEXT), days)
    looked = following | (around.chance(len(back)) < REVIEWED)
    yield about_spells(
        around,
        "return_reviewed",
        back[looked],
        (at + (days * DAY).astype(np.int64))[looked],
        "caseworker",
        agrees=~spells.disputed[back[looked]],
        review_cause=drawn(around.rng, t.CAUSE_SHARES, int(looked.sum())),
        next=drawn(around.rng, t.NEXT_SHARES, int(looked.sum())),
    )


def _first_return(around: Around) -> NDArray[np.int64]:
    """By person: when the first return was."""
    spells = around.spells
    found = np.full(len(around.people.number), np.iinfo(np.int64).max)
    back = spells.cause == RETURNED
    np.minimum.at(found, spells.person[back] - around.people.number[0], spells.ended_at[back])
    return found


def _other_ends(around: Around) -> Iterator[Table]:
    spells = around.spells
    declined, works, ended = (np.flatnonzero(spells.cause == cause) for cause in (DECLINED, WORKS, ENDED))
    at = spells.ended_at
    yield about_spells(around, "referral_declined", declined, at[declined], reason=spells.reason[declined])
    yield about_spells(around, "trajectory_completed", works, at[works], result=np.array(0))
    reason = np.array(t.WITHDRAWN_FOR)[around.end_reason[ended]]
    yield about_spells(around, "referral_withdrawn", ended, at[ended], "caseworker", reason=reason)
