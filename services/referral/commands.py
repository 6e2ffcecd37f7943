"""What referral can be told: each command names who may give it and what must be said today."""

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from services.referral.codes import Cause, Factor, Next, Result, SuspensionReason, Trajectory
from services.referral.events import CitizenReading, Id, ReturnReason
from shared.facts import Command
from shared.personal import Code
from shared.sealing import Text

MUNICIPALITY = frozenset({"caseworker"})
PROVIDER = frozenset({"coach", "system"})
EITHER = frozenset({"caseworker", "coach", "system"})


class ReferralCommand(Command):
    """A command about one referral."""

    referral_id: Id


class SendReferral(ReferralCommand):
    """Ask an organisation to take up a trajectory. Terms not given follow the contract's working days."""

    fact = "referral_sent"
    by = MUNICIPALITY
    titles = ("Verwijs door", "Send a referral")
    from_organisation: Code
    to_organisation: Code
    trajectory: Trajectory
    goal: Code
    factors: list[Factor] = Field(default=[], max_length=6)
    warm: bool
    respond_by: date | None = None
    start_by: date | None = None
    previous_referral_id: Id | None = None


class ReceiveReferral(ReferralCommand):
    """Say that the provider has it."""

    fact = "referral_received"
    by = PROVIDER
    titles = ("Meld ontvangst", "Confirm receipt")


class AcceptReferral(ReferralCommand):
    """Take the referral, with a coach and a date for first contact."""

    fact = "referral_accepted"
    by = PROVIDER
    titles = ("Aanvaard", "Accept the referral")
    coach: Code
    first_contact_on: date


class DeclineReferral(ReferralCommand):
    """Do not take the referral, and say why."""

    fact = "referral_declined"
    by = PROVIDER
    asked: ClassVar[tuple[str, ...]] = ("explanation",)
    titles = ("Wijs af", "Decline the referral")
    reason: Code
    explanation: Text | None = None


class WithdrawReferral(ReferralCommand):
    """Take the referral back."""

    fact = "referral_withdrawn"
    by = MUNICIPALITY
    titles = ("Trek in", "Withdraw the referral")
    reason: Code


class StartTrajectory(ReferralCommand):
    """Say that first contact took place."""

    fact = "trajectory_started"
    by = PROVIDER
    titles = ("Meld start", "Start the trajectory")
    first_contact: Literal["met", "phone", "no_show"]


class MissAppointment(ReferralCommand):
    """Say that an appointment did not take place."""

    fact = "appointment_missed"
    by = EITHER
    titles = ("Meld gemiste afspraak", "Report a missed appointment")
    by_whom: Literal["citizen", "provider"] = Field(alias="by")
    reason: Code


class SuspendReferral(ReferralCommand):
    """Let the trajectory rest."""

    fact = "referral_suspended"
    by = EITHER | {"citizen"}
    titles = ("Schort op", "Suspend the referral")
    reason: SuspensionReason
    until_on: date | None = None


class ResumeReferral(ReferralCommand):
    """Go on where it was."""

    fact = "referral_resumed"
    by = EITHER | {"citizen"}
    titles = ("Hervat", "Resume the referral")


class ReturnReferral(ReferralCommand):
    """Hand the citizen back, with reasons."""

    fact = "referral_returned"
    by = PROVIDER
    asked: ClassVar[tuple[str, ...]] = (
        "narrative", "known_at_referral", "preventable", "discussed_with", "proposed_next",
    )  # fmt: skip
    titles = ("Meld terug", "Return the referral")
    reasons: list[ReturnReason] = Field(max_length=10)
    narrative: Text | None = None
    tried: list[Code] = Field(default=[], max_length=30)
    known_at_referral: Literal["yes", "no", "partly"] | None = None
    preventable: Literal["yes", "no", "unclear"] | None = None
    discussed_with: list[Literal["citizen", "municipality"]] | None = None
    citizen_reading: CitizenReading | None = None
    proposed_next: Next | None = None


class ReviewReturn(ReferralCommand):
    """Confirm or dispute a return, and say what is next."""

    fact = "return_reviewed"
    by = MUNICIPALITY
    titles = ("Beoordeel terugmelding", "Review the return")
    agrees: bool
    corrected_reasons: list[ReturnReason] | None = Field(None, max_length=10)
    cause: Cause
    next: Next
    lesson: Text | None = None


class CompleteTrajectory(ReferralCommand):
    """Say that what was asked is finished."""

    fact = "trajectory_completed"
    by = PROVIDER
    titles = ("Rond af", "Complete the trajectory")
    result: Result


class StateCapacity(Command):
    """Say how many places an organisation has. About no citizen."""

    fact = "capacity_stated"
    stream: ClassVar[str | None] = "organisation"
    by = PROVIDER | {"operator"}
    titles = ("Geef plaatsen op", "State capacity")
    organisation: Code
    trajectory: Trajectory
    places: int = Field(ge=0, le=100_000)
    from_on: date


COMMANDS: dict[str, type[Command]] = {
    command.fact: command
    for command in (
        SendReferral, ReceiveReferral, AcceptReferral, DeclineReferral, WithdrawReferral, StartTrajectory,
        MissAppointment, SuspendReferral, ResumeReferral, ReturnReferral, ReviewReturn, CompleteTrajectory,
        StateCapacity,
    )
}  # fmt: skip
NUMBERS = frozenset({"referral", "previous_referral"})
