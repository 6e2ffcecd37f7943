"""What referral says of a case, for who reads the OpenAPI document."""

from datetime import date, datetime

from services.referral.codes import Side, Terms
from services.referral.domain.state import Status
from shared.http.bodies import Body
from shared.http.case_bodies import CaseBody, ClockBody


class ReferralClock(ClockBody):
    """A term of one referral."""

    referral_id: str


class AttemptItem(Body):
    """One referral to one organisation; `turn` and `action`: who is to do what, null when nobody is."""

    referral_id: str
    organisation: str
    trajectory: str
    status: Status
    sequence: int
    warm: bool
    sent_at: datetime
    accepted_at: datetime | None
    started_at: datetime | None
    first_contact_on: date | None
    coach: str | None
    suspension: str | None
    suspended_by: Side | None
    returned_at: datetime | None
    primary_reason: str | None
    disputed: bool
    ended_at: datetime | None
    terms: Terms
    turn: Side | None
    action: str | None


class ReferralDetail(Body):
    """What became of the case's referrals; pumped round: it came back twice or more."""

    caseworker: str | None
    returns: int
    pumped_round: bool
    diagnosed_at: list[datetime]
    attempts: list[AttemptItem]


class ReferralCase(CaseBody):
    """A case as referral knows it."""

    clocks: list[ReferralClock]
    detail: ReferralDetail
