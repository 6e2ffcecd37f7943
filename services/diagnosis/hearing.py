"""What diagnosis hears of the others: its own small reading, without a word on who the citizen is."""

from datetime import date

from shared.hearing import Heard, Hearing


class ApplicationReceived(Heard):
    """A case exists; its public key seals texts."""

    case_key: str


class BenefitDecided(Heard):
    """The benefit administration decided; granted opens the case for diagnosis."""

    decision: str
    decided_on: date | None = None


class ApplicationWithdrawn(Heard):
    """The citizen does not go on with the application."""


class BenefitEnded(Heard):
    """The citizen is no longer on benefit after this day."""

    ended_on: date | None = None


class CaseClosed(Heard):
    """The case is closed."""


class CaseKeyDestroyed(Heard):
    """The case was erased: what is sealed opens no more, and no text is taken any more."""


class AboutReferral(Heard):
    """Something about one referral."""

    referral_id: str


class ReferralSent(AboutReferral):
    """An organisation was asked: it is a party of the case, and may see what is here."""

    to_organisation: str


class ReferralDeclined(AboutReferral):
    """The organisation did not take it: it is no party any more."""


class ReferralWithdrawn(AboutReferral):
    """The municipality took it back: the organisation is no party any more."""


HEARING = Hearing(
    learns={
        "application_received": ApplicationReceived,
        "benefit_decided": BenefitDecided,
        "application_withdrawn": ApplicationWithdrawn,
        "benefit_ended": BenefitEnded,
        "case_closed": CaseClosed,
        "case_key_destroyed": CaseKeyDestroyed,
        "referral_sent": ReferralSent,
        "referral_declined": ReferralDeclined,
        "referral_withdrawn": ReferralWithdrawn,
    },
    passes=frozenset(
        {
            "erasure_requested", "erasure_approved", "erasure_refused", "erasure_lapsed",
            "search_period_started", "search_period_ended", "supplement_requested", "supplement_received",
            "decision_overdue", "case_joined",
            "referral_received", "referral_accepted", "trajectory_started", "appointment_missed", "referral_suspended",
            "referral_resumed", "referral_returned", "return_reviewed", "trajectory_completed", "receipt_overdue",
            "response_overdue", "start_overdue", "plan_overdue", "progress_silent", "review_overdue",
            "pumping_round_detected",
        }
    ),
    about_no_case=frozenset({"capacity_stated"}),
)  # fmt: skip
LISTENS_TO = ("intake", "referral")
RESTS_ON = ("intake",)
