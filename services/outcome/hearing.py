"""What outcome hears of the others: its own small reading of their facts, only what it needs."""

from shared.hearing import Heard, Hearing


class ApplicationReceived(Heard):
    """A case exists; its public key seals texts."""

    case_key: str


class CaseClosed(Heard):
    """The case is closed."""


class CaseKeyDestroyed(Heard):
    """The case was erased: what is sealed opens no more, and no text is taken any more."""


class BenefitEnded(Heard):
    """The benefit ended."""


class AboutReferral(Heard):
    """Something about one referral."""

    referral_id: str


class ReferralSent(AboutReferral):
    """An organisation was asked."""

    to_organisation: str
    trajectory: str


class ReferralAccepted(AboutReferral):
    """It has a coach."""

    coach: str


class TrajectoryStarted(AboutReferral):
    """The citizen was met: a plan is to be made."""


class ReferralReturned(AboutReferral):
    """The citizen came back."""


class ReturnReviewed(AboutReferral):
    """The municipality looked at it."""


class TrajectoryCompleted(AboutReferral):
    """What was asked is finished."""


class ReferralWithdrawn(AboutReferral):
    """The municipality took it back."""


class ReferralDeclined(AboutReferral):
    """The organisation did not take it."""


HEARING = Hearing(
    learns={
        "application_received": ApplicationReceived,
        "case_closed": CaseClosed,
        "case_key_destroyed": CaseKeyDestroyed,
        "benefit_ended": BenefitEnded,
        "referral_sent": ReferralSent,
        "referral_accepted": ReferralAccepted,
        "trajectory_started": TrajectoryStarted,
        "referral_returned": ReferralReturned,
        "return_reviewed": ReturnReviewed,
        "trajectory_completed": TrajectoryCompleted,
        "referral_withdrawn": ReferralWithdrawn,
        "referral_declined": ReferralDeclined,
    },
    passes=frozenset(
        {
            "erasure_requested", "erasure_approved", "erasure_refused", "erasure_lapsed",
            "search_period_started", "search_period_ended", "application_withdrawn", "benefit_decided",
            "supplement_requested", "supplement_received", "decision_overdue", "case_joined",
            "referral_received", "appointment_missed", "referral_suspended", "referral_resumed", "receipt_overdue",
            "response_overdue", "start_overdue", "plan_overdue", "progress_silent", "review_overdue",
            "pumping_round_detected",
        }
    ),
    about_no_case=frozenset({"capacity_stated"}),
)  # fmt: skip
LISTENS_TO = ("intake", "referral")
RESTS_ON = ("intake", "referral")
