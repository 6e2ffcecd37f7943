"""What referral hears of the others: its own small reading of their facts, only what it needs."""

from shared.hearing import Heard, Hearing


class ApplicationReceived(Heard):
    """A case exists; its public key seals texts."""

    case_key: str


class CaseClosed(Heard):
    """The case is closed."""


class CaseKeyDestroyed(Heard):
    """The case was erased: what is sealed opens no more, and no text is taken any more."""


class DiagnosisCompleted(Heard):
    """The citizen was diagnosed."""


class Progress(Heard):
    """Something was done with the citizen."""


class PlanAgreed(Progress):
    """There is a plan, of this referral when it names one."""

    referral_id: str | None = None


HEARING = Hearing(
    learns={
        "application_received": ApplicationReceived,
        "case_closed": CaseClosed,
        "case_key_destroyed": CaseKeyDestroyed,
        "diagnosis_completed": DiagnosisCompleted,
        "plan_agreed": PlanAgreed,
        "intervention_started": Progress,
        "intervention_ended": Progress,
        "goal_measured": Progress,
        "plan_adjusted": Progress,
        "job_started": Progress,
    },
    passes=frozenset(
        {
            "erasure_requested", "erasure_approved", "erasure_refused", "erasure_lapsed",
            "search_period_started", "search_period_ended", "application_withdrawn", "benefit_decided",
            "benefit_ended", "supplement_requested", "supplement_received", "decision_overdue", "case_joined",
            "diagnosis_planned", "diagnosis_started", "diagnosis_overdue", "life_area_mapped",
            "consultation_requested", "consultation_answered", "consultation_overdue", "argument_weighed",
            "argument_refused", "direction_decided", "direction_contested",
            "step_reflected", "job_ended", "outcome_reached", "follow_up_due", "follow_up_done", "check_missed",
            "goal_measured_corrected", "job_started_corrected", "outcome_reached_corrected",
        }
    ),
)  # fmt: skip
LISTENS_TO = ("intake", "diagnosis", "outcome")
RESTS_ON = ("intake", "diagnosis")
