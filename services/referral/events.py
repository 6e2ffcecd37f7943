"""What referral publishes: the facts of a hand-off, each with one written meaning, the same for all parties."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from services.referral.codes import Cause, Factor, Next, Result, Side, SuspensionReason, Terms, Trajectory
from shared.facts import Closed, Fact
from shared.personal import Code
from shared.sealing import Text

Id = Annotated[str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
Phase = Literal["before_acceptance", "before_start", "after_start"]


class ReturnReason(Closed):
    """One reason of a return; exactly one of them is the primary."""

    code: Code
    factor: Factor | None = None
    primary: bool


class CitizenReading(Closed):
    """How the citizen reads the return, beside the provider's reasons."""

    view: Literal["agrees", "disagrees"]
    own_words: Text | None = None


class HandOff(Fact):
    """A transfer of responsibility between municipality and provider."""

    hand_off: ClassVar[bool] = True
    referral_id: Id


class ReferralSent(HandOff):
    """The municipality asks an organisation to take up a trajectory with the citizen."""

    from_organisation: Code
    to_organisation: Code
    trajectory: Trajectory
    goal: Code
    factors: list[Factor]
    warm: bool = Field(description="Handed over warmly: citizen, caseworker and coach together.")
    respond_by: date
    start_by: date
    previous_referral_id: Id | None = None
    sequence_in_case: int
    terms: Terms | None = Field(None, description="The contract's terms; absent when they are the usual ones.")


class ReferralReceived(HandOff):
    """The provider's system or person has the referral."""


class ReferralAccepted(HandOff):
    """Read, place confirmed with a date for first contact: from now on the clock is the provider's."""

    coach: Code
    first_contact_on: date


class ReferralDeclined(HandOff):
    """The provider does not take the referral, and says why."""

    reason: Code
    explanation: Text | None = None


class ReferralWithdrawn(HandOff):
    """The municipality takes the referral back."""

    reason: Code


class TrajectoryStarted(HandOff):
    """The citizen was met (or was to be met: `no_show`)."""

    first_contact: Literal["met", "phone", "no_show"]


class AppointmentMissed(Fact):
    """An appointment did not take place."""

    referral_id: Id
    by: Literal["citizen", "provider"]
    reason: Code


class ReferralSuspended(Fact):
    """The trajectory rests; the clock of the side that cannot go on stops."""

    referral_id: Id
    reason: SuspensionReason
    until_on: date | None = None


class ReferralResumed(Fact):
    """The trajectory goes on where it was."""

    referral_id: Id


class ReferralReturned(HandOff):
    """The provider hands the citizen back, with coded reasons and a narrative."""

    phase: Phase
    reasons: list[ReturnReason]
    narrative: Text | None = None
    tried: list[Code]
    known_at_referral: Literal["yes", "no", "partly"] | None = None
    preventable: Literal["yes", "no", "unclear"] | None = None
    discussed_with: list[Literal["citizen", "municipality"]] | None = None
    citizen_reading: CitizenReading | None = None
    proposed_next: Next | None = None


class ReturnReviewed(HandOff):
    """The municipality confirms or disputes the return, and says what is next."""

    agrees: bool = Field(description="False: disputed; both parties see it.")
    corrected_reasons: list[ReturnReason] | None = None
    cause: Cause
    next: Next
    lesson: Text | None = None


class CapacityStated(Fact):
    """An organisation says how many places it has; about no citizen."""

    about_a_case: ClassVar[bool] = False
    organisation: Code
    trajectory: Trajectory
    places: int = Field(ge=0, le=100_000)
    from_on: date


class TrajectoryCompleted(HandOff):
    """The provider finished what was asked."""

    result: Result


class Overdue(Fact):
    """Silence is a fact too: a term has passed and this side has not been heard."""

    referral_id: Id
    due_on: date
    waiting_for: Side


class ReceiptOverdue(Overdue):
    """Nobody said that the referral arrived."""


class ResponseOverdue(Overdue):
    """The referral was neither accepted nor declined in time."""


class StartOverdue(Overdue):
    """There was no first contact in time."""


class PlanOverdue(Overdue):
    """There is no plan in time after the start."""


class ProgressSilent(Overdue):
    """Nothing was heard of a running trajectory for the agreed time."""


class ReviewOverdue(Overdue):
    """The municipality did not review a return in time."""


class PumpingRoundDetected(Fact):
    """A case came back for the second time or more: a person is asked to look."""

    returns: int = Field(ge=2)
    days_between_first_and_last: int = Field(ge=0)


FACTS: dict[str, type[Fact]] = {
    fact.name: fact
    for fact in (
        ReferralSent, ReferralReceived, ReferralAccepted, ReferralDeclined, ReferralWithdrawn, TrajectoryStarted,
        AppointmentMissed, ReferralSuspended, ReferralResumed, ReferralReturned, ReturnReviewed, CapacityStated,
        TrajectoryCompleted, ReceiptOverdue, ResponseOverdue, StartOverdue, PlanOverdue, ProgressSilent,
        ReviewOverdue, PumpingRoundDetected,
    )
}  # fmt: skip

TITLES: dict[str, tuple[str, str]] = {
    "referral_sent": ("Doorverwijzing verzonden", "Referral sent"),
    "referral_received": ("Doorverwijzing ontvangen", "Referral received"),
    "referral_accepted": ("Doorverwijzing aanvaard", "Referral accepted"),
    "referral_declined": ("Doorverwijzing afgewezen", "Referral declined"),
    "referral_withdrawn": ("Doorverwijzing ingetrokken", "Referral withdrawn"),
    "trajectory_started": ("Traject gestart", "Trajectory started"),
    "appointment_missed": ("Afspraak gemist", "Appointment missed"),
    "referral_suspended": ("Traject opgeschort", "Referral suspended"),
    "referral_resumed": ("Traject hervat", "Referral resumed"),
    "referral_returned": ("Teruggemeld", "Returned"),
    "return_reviewed": ("Terugmelding beoordeeld", "Return reviewed"),
    "capacity_stated": ("Plaatsen opgegeven", "Capacity stated"),
    "trajectory_completed": ("Traject afgerond", "Trajectory completed"),
    "receipt_overdue": ("Ontvangst te laat", "Receipt overdue"),
    "response_overdue": ("Antwoord te laat", "Response overdue"),
    "start_overdue": ("Start te laat", "Start overdue"),
    "plan_overdue": ("Plan te laat", "Plan overdue"),
    "progress_silent": ("Niets gehoord over voortgang", "No word of progress"),
    "review_overdue": ("Beoordeling terugmelding te laat", "Review of the return overdue"),
    "pumping_round_detected": ("Rondpompen gesignaleerd", "Pumping round detected"),
}
