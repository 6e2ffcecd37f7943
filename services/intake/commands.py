"""What intake can be told: each command names who may give it. Who the citizen is, goes no further than the vault."""

from datetime import date
from typing import Literal

from pydantic import Field

from services.intake.codes import AgeBand, Channel, Decision, EndReason, ErasureReason, Kind
from services.intake.events import CaseMix, Id
from shared.facts import Closed, Command
from shared.personal import Code

MUNICIPALITY = frozenset({"caseworker"})
BENEFITS = frozenset({"benefit_administration", "system"})
ERASERS = frozenset({"caseworker", "operator"})
"""Who may ask to erase, and who may approve what another asked."""


class Person(Closed):
    """What identifies the citizen: for the vault only, never on the log, in a state or in an error.

    `sex` is here because a statistic that the law asks for has it; nothing else reads it.
    """

    family_name: str | None = Field(None, min_length=1, max_length=200, repr=False)
    name_prefix: str | None = Field(None, max_length=40, repr=False)
    given_names: str | None = Field(None, max_length=200, repr=False)
    birth_date: date | None = Field(None, repr=False)
    sex: Literal["male", "female", "other"] | None = Field(None, repr=False)
    address: str | None = Field(None, max_length=400, repr=False)
    phone: str | None = Field(None, max_length=40, repr=False)
    email: str | None = Field(None, max_length=320, repr=False)


class Application(Command):
    """What an application says besides whom it is about."""

    fact = "application_received"
    by = frozenset({"caseworker", "citizen", "benefit_administration", "system"})
    opens = True
    titles = ("Neem aanvraag in ontvangst", "Receive an application")
    application_id: Id
    kind: Kind
    channel: Channel
    received_on: date
    case_mix: CaseMix = CaseMix()


class ReceiveApplication(Application):
    """Take in an application; a case begins. The number is checked by the vault, so that no error ever holds it."""

    bsn: str | None = Field(None, max_length=40, repr=False)
    person: Person | None = Field(None, repr=False)


class KnownApplication(Application):
    """An application after the vault has met the applicant: what the rules may know, and nothing that identifies."""

    bsn_sound: bool = True
    age_on_the_day: AgeBand | Literal["0-17"] | None = None
    """The band that follows from the date of birth, when the vault was told one."""
    case_key: str = ""
    """The public key of the new case; empty when the case was there already."""
    person_differs: bool = False
    """The case was there already, and the vault knows another person or other particulars."""
    open_case_id: Id | None = None
    """The person's open application of the same kind in this municipality."""
    earlier_case_id: Id | None = None
    possible_duplicates: tuple[Id, ...] = ()


class StartSearchPeriod(Command):
    """Record a search period; a new applicant's follows from the law by itself."""

    fact = "search_period_started"
    by = MUNICIPALITY | {"system"}
    titles = ("Begin zoekperiode", "Start the search period")
    until_on: date
    legal_source: Code | None = None


class EndSearchPeriod(Command):
    """Say how the search ended, before or after its last day."""

    fact = "search_period_ended"
    by = MUNICIPALITY | {"system"}
    titles = ("Beëindig zoekperiode", "End the search period")
    result: Code


class RequestSupplement(Command):
    """Ask the citizen for what is missing."""

    fact = "supplement_requested"
    by = MUNICIPALITY
    titles = ("Vraag aanvulling", "Request a supplement")
    documents: list[Code] | None = Field(None, max_length=30)
    until_on: date | None = None


class ReceiveSupplement(Command):
    """Say that what was asked for is there."""

    fact = "supplement_received"
    by = MUNICIPALITY | {"citizen"}
    titles = ("Ontvang aanvulling", "Receive the supplement")
    documents: list[Code] | None = Field(None, max_length=30)


class WithdrawApplication(Command):
    """Take the application back."""

    fact = "application_withdrawn"
    by = frozenset({"citizen", "caseworker"})
    titles = ("Trek aanvraag in", "Withdraw the application")
    reason: Code


class DecideBenefit(Command):
    """Record what the benefit administration decided; a caseworker does not."""

    fact = "benefit_decided"
    by = BENEFITS
    titles = ("Leg beslissing vast", "Record the decision")
    decision: Decision
    decided_on: date


class EndBenefit(Command):
    """Record that the benefit stopped."""

    fact = "benefit_ended"
    by = BENEFITS
    titles = ("Beëindig uitkering", "End the benefit")
    reason: EndReason
    ended_on: date


class JoinCases(Command):
    """Decide that an earlier case is of the same citizen."""

    fact = "case_joined"
    by = MUNICIPALITY
    titles = ("Voeg samen met eerder dossier", "Join with an earlier case")
    earlier_case_id: Id


class KnownJoin(JoinCases):
    """A joining after the vault looked: whether the earlier case is there, and may be of the same citizen."""

    earlier_known: bool
    earlier_began_later: bool = False
    persons_differ: bool = False


class CloseCase(Command):
    """Close the case: work, end of benefit or departure says so."""

    fact = "case_closed"
    by = MUNICIPALITY | {"system"}
    titles = ("Sluit dossier", "Close the case")
    reason: Code


class RequestErasure(Command):
    """Ask to make the case unreadable for good; another person approves it or not."""

    fact = "erasure_requested"
    by = ERASERS
    titles = ("Vraag om te wissen", "Request the erasure")
    reason: ErasureReason
    run_id: Id | None = None


class KnownErasure(RequestErasure):
    """A request after the table of retention was looked at."""

    until_on: date
    """The last day to approve."""
    kept_by: str = ""
    """The rule by which the case must still be kept; empty when its term has passed."""
    legal_source: str = ""
    """What says that the term has passed; only of a request for that reason."""


class ApproveErasure(Command):
    """Approve what another person asked: the key and the identity are destroyed at once, for good."""

    fact = "erasure_approved"
    by = ERASERS
    titles = ("Keur wissen goed", "Approve the erasure")


class RefuseErasure(Command):
    """Turn the request down, or take one's own back."""

    fact = "erasure_refused"
    by = ERASERS
    titles = ("Wijs wissen af", "Refuse the erasure")
    reason: Code


COMMANDS: dict[str, type[Command]] = {
    command.fact: command
    for command in (
        ReceiveApplication, StartSearchPeriod, EndSearchPeriod, RequestSupplement, ReceiveSupplement,
        WithdrawApplication, DecideBenefit, EndBenefit, JoinCases, CloseCase,
        RequestErasure, ApproveErasure, RefuseErasure,
    )
}  # fmt: skip
NUMBERS = frozenset({"application"})
