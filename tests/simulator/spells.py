"""Referral spells as arrays: all that ever happens, and what is known of it at a moment.

An answer comes, and an end falls, whole days of 86,400 seconds after what it counts from. So whether an age is counted
in whole days or measured in seconds, the same ends are within 90 days.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.simulator.settings import DAY

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Small = NDArray[np.int8]
Places = NDArray[np.int16]
Yes = NDArray[np.bool_]

OPEN, RETURNED, WORKS, ENDED, DECLINED = range(5)
"""Causes of an end. OPEN: it has not ended (yet)."""
MOST_ROUNDS = 64
"""A person's referrals are numbered below this."""


@dataclass(frozen=True, slots=True)
class Spells:
    """Arrays by referral, by person and then in order. Times are seconds since 1970, -1 for never (yet)."""

    person: Ints
    """The number of the person, which is that of the case."""
    sequence: Ints
    """Its place among the person's referrals, from 1."""
    municipality: Places
    company: Places
    age_band: Small
    will: Floats
    able: Floats
    barriers: Small
    bounces: Small
    """Returns of this person before it."""
    trajectory: Small
    warm: Yes
    diagnosed: Yes
    """A completed diagnosis was there when it was sent."""
    reformed: Yes
    """Sent where and when diagnosis comes first."""
    misreferred: Yes
    diagnosis_from: Ints
    """When a diagnosis was begun for this referral; completed at `diagnosis_to`."""
    diagnosis_to: Ints
    sent_at: Ints
    received_at: Ints
    accepted_at: Ints
    started_at: Ints
    """First contact."""
    first_contact: Small
    cause: Small
    """How it ended: OPEN, RETURNED, WORKS, ENDED or DECLINED."""
    ended_at: Ints
    reason: Small
    """Of a return or a decline as it was registered, a place in REASONS; else -1."""
    second_reason: Small
    true_reason: Small
    """Of a return, whatever it was registered with."""
    disputed: Yes
    """The municipality does not agree with the return's reasons."""
    job_lost_at: Ints
    log_return: Floats
    """The truth: log of all that multiplies the hazard of returning, and `log_job` that of a job."""
    log_job: Floats
    without_reform: Floats
    """`log_return` had there been no reform, and `with_reform` had it been there already."""
    with_reform: Floats
    when: Floats
    """The person's luck, uniform: with it and hazards, `ends` says when and why."""
    why: Floats

    def __len__(self) -> int:
        return len(self.person)

    @property
    def number(self) -> Ints:
        """One number per referral of a world."""
        return self.person * MOST_ROUNDS + self.sequence

    @property
    def declined_at(self) -> Ints:
        """When it was declined; -1 when it was not."""
        return np.where(self.cause == DECLINED, self.ended_at, -1)

    @property
    def first(self) -> Yes:
        """Whether it is the person's first referral."""
        return self.sequence == 1


def joined(parts: Sequence[Spells]) -> Spells:
    """All of them in one, in this order."""
    return Spells(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Spells)})


def picked(spells: Spells, which: Yes | Ints) -> Spells:
    """Some of them."""
    return Spells(**{f.name: getattr(spells, f.name)[which] for f in fields(Spells)})


def seen(spells: Spells, as_of: int) -> Spells:
    """What a perfect register knows at this second: later ends are open, later referrals are not there.

    The fields that tell the truth stay; `blind` takes them away.
    """
    there = picked(spells, spells.sent_at <= as_of)
    over = (there.ended_at >= 0) & (there.ended_at <= as_of)
    later: dict[str, Any] = {}
    for name in ("diagnosis_from", "diagnosis_to", "received_at", "accepted_at", "started_at", "job_lost_at"):
        at = getattr(there, name)
        later[name] = np.where(at <= as_of, at, -1)
    return replace(
        there,
        **later,
        first_contact=np.where(later["started_at"] >= 0, there.first_contact, -1).astype(np.int8),
        cause=np.where(over, there.cause, OPEN).astype(np.int8),
        ended_at=np.where(over, there.ended_at, -1),
        reason=np.where(over, there.reason, -1).astype(np.int8),
        second_reason=np.where(over, there.second_reason, -1).astype(np.int8),
        disputed=over & there.disputed,
    )


def ages(spells: Spells, as_of: int, *, since_sent: bool = False) -> tuple[Ints, Small]:
    """(whole days, cause) of what was seen: to the end, or to `as_of` with cause OPEN.

    Counted from acceptance; what was not accepted has age -1 then. Or from sending, where a decline is an end too.
    """
    start = spells.sent_at if since_sent else spells.accepted_at
    stop = np.where(spells.ended_at >= 0, spells.ended_at, as_of)
    age = np.where(start >= 0, (stop - start) // DAY, -1)
    return age, np.where(age >= 0, spells.cause, OPEN).astype(np.int8)


def blind(spells: Spells) -> Spells:
    """Without what nobody can know: hazards, luck, who was misreferred and the reasons behind the registered ones."""
    unknown = np.full(len(spells), np.nan)
    hidden = dict.fromkeys(("log_return", "log_job", "without_reform", "with_reform", "when", "why"), unknown)
    nobody = np.zeros(len(spells), bool)
    return replace(spells, **hidden, misreferred=nobody, true_reason=np.full(len(spells), -1, np.int8))
