"""What intake hears of the others: which organisations are parties of a case. Its decisions rest on nobody's facts."""

from shared.hearing import Heard, Hearing


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
        "referral_sent": ReferralSent,
        "referral_declined": ReferralDeclined,
        "referral_withdrawn": ReferralWithdrawn,
    },
    passes=frozenset(
        {
            "referral_received", "referral_accepted", "trajectory_started", "appointment_missed", "referral_suspended",
            "referral_resumed", "referral_returned", "return_reviewed", "trajectory_completed", "receipt_overdue",
            "response_overdue", "start_overdue", "plan_overdue", "progress_silent", "review_overdue",
            "pumping_round_detected",
        }
    ),
    about_no_case=frozenset({"capacity_stated"}),
)  # fmt: skip
LISTENS_TO = ("referral",)
RESTS_ON: tuple[str, ...] = ()
