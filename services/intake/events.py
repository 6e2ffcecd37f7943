"""What intake publishes: the course of an application and of its file, each fact with one meaning; never about whom."""

from datetime import date
from typing import Annotated

from pydantic import Field

from services.intake.codes import (
    AgeBand,
    Channel,
    Decision,
    Education,
    EndReason,
    ErasureReason,
    Household,
    Kind,
    LanguageLevel,
    MonthsBand,
    Side,
)
from shared.facts import Closed, Fact
from shared.personal import Code

Id = Annotated[str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]


class CaseMix(Closed):
    """What makes results comparable: broad bands, never the person. Absent is unknown."""

    age_band: AgeBand | None = None
    education: Education | None = None
    language_level: LanguageLevel | None = None
    household: Household | None = None
    months_without_work_band: MonthsBand | None = None
    region: Code | None = None


class ApplicationReceived(Fact):
    """The municipality has the application: from here there is a case, with a key of its own for texts."""

    application_id: Id
    kind: Kind
    channel: Channel
    received_on: date
    case_mix: CaseMix
    case_key: str = Field(description="Public key of the case (base64): anyone can seal a text, only the vault opens.")
    earlier_case_id: Id | None = Field(None, description="The same person's latest earlier case, when it is over.")
    possible_duplicates: list[Id] | None = Field(
        None, description="Cases that may be of the same person; only a person joins them."
    )


class SearchPeriodStarted(Fact):
    """Who is under 27 searches for work or education first; the municipality decides after that."""

    until_on: date = Field(description="The last day of the period.")
    legal_source: Code | None = Field(None, description="What says so: law, article, paragraph.")


class SearchPeriodEnded(Fact):
    """The search period is over: its last day has passed (`term_passed`), or someone ended it and says how."""

    result: Code


class SupplementRequested(Fact):
    """The municipality asks for what is missing; its own term stops (Awb 4:15)."""

    documents: list[Code] | None = None
    until_on: date | None = Field(None, description="The last day to answer; after it the municipality's term runs on.")


class SupplementReceived(Fact):
    """What was asked for is there; the municipality's term runs on."""

    documents: list[Code] | None = None


class ApplicationWithdrawn(Fact):
    """The citizen takes the application back."""

    reason: Code


class BenefitDecided(Fact):
    """The benefit administration decided; granted opens the case for diagnosis."""

    decision: Decision
    decided_on: date


class DecisionOverdue(Fact):
    """There was no decision within the legal term."""

    due_on: date
    waiting_for: Side


class BenefitEnded(Fact):
    """The benefit stopped."""

    reason: EndReason
    ended_on: date


class CaseJoined(Fact):
    """A person decided that an earlier case is of the same citizen."""

    earlier_case_id: Id


class CaseClosed(Fact):
    """Nothing more is to come in this case."""

    reason: Code


class ErasureRequested(Fact):
    """Somebody asks to make the case unreadable for good. Nothing is destroyed before another person approves."""

    reason: ErasureReason
    legal_source: Code = Field(description="What says that it may: law, article, paragraph.")
    until_on: date = Field(description="The last day to approve; after it the request has lapsed.")
    run_id: Id | None = Field(None, description="The list it belongs to, when many were asked at once.")


class ErasureApproved(Fact):
    """A second person approves the request; the key and the identity are destroyed with it."""

    requested_by: Code = Field(description="Who asked; never who approves.")


class ErasureRefused(Fact):
    """The request is turned down, or taken back by who asked; everything stays."""

    reason: Code


class ErasureLapsed(Fact):
    """Nobody approved in time; everything stays."""

    until_on: date


class CaseKeyDestroyed(Fact):
    """The key of the case's texts and whom it was about are gone for good; facts, codes and figures stay."""

    reason: ErasureReason
    legal_source: Code


FACTS: dict[str, type[Fact]] = {
    fact.name: fact
    for fact in (
        ApplicationReceived, SearchPeriodStarted, SearchPeriodEnded, SupplementRequested, SupplementReceived,
        ApplicationWithdrawn, BenefitDecided, DecisionOverdue, BenefitEnded, CaseJoined, CaseClosed,
        ErasureRequested, ErasureApproved, ErasureRefused, ErasureLapsed, CaseKeyDestroyed,
    )
}  # fmt: skip

TITLES: dict[str, tuple[str, str]] = {
    "application_received": ("Aanvraag ontvangen", "Application received"),
    "search_period_started": ("Zoekperiode begonnen", "Search period started"),
    "search_period_ended": ("Zoekperiode voorbij", "Search period ended"),
    "supplement_requested": ("Aanvulling gevraagd", "Supplement requested"),
    "supplement_received": ("Aanvulling ontvangen", "Supplement received"),
    "application_withdrawn": ("Aanvraag ingetrokken", "Application withdrawn"),
    "benefit_decided": ("Over de uitkering beslist", "Benefit decided"),
    "decision_overdue": ("Beslissing te laat", "Decision overdue"),
    "benefit_ended": ("Uitkering beëindigd", "Benefit ended"),
    "case_joined": ("Dossiers samengevoegd", "Cases joined"),
    "case_closed": ("Dossier gesloten", "Case closed"),
    "erasure_requested": ("Wissen gevraagd", "Erasure requested"),
    "erasure_approved": ("Wissen goedgekeurd", "Erasure approved"),
    "erasure_refused": ("Wissen afgewezen", "Erasure refused"),
    "erasure_lapsed": ("Verzoek om te wissen vervallen", "Erasure lapsed"),
    "case_key_destroyed": ("Dossier gewist", "Case erased"),
}
