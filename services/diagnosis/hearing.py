"""What diagnosis hears of intake: its own small reading, without a word on who the citizen is."""

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


HEARING = Hearing(
    learns={
        "application_received": ApplicationReceived,
        "benefit_decided": BenefitDecided,
        "application_withdrawn": ApplicationWithdrawn,
        "benefit_ended": BenefitEnded,
        "case_closed": CaseClosed,
    },
    passes=frozenset(
        {
            "search_period_started", "search_period_ended", "supplement_requested", "supplement_received",
            "decision_overdue", "case_joined",
        }
    ),
)  # fmt: skip
LISTENS_TO = ("intake",)
RESTS_ON = ("intake",)
