"""What the benefit administration reports, by any door: applications, decisions, endings, each by its own number.

The numbers are the source's own. They lead to ids (shared/ids.py) and are kept nowhere.
"""

from datetime import UTC, date, datetime
from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field, StringConstraints

from services.intake.codes import Channel, Decision, EndReason, Kind
from services.intake.commands import Person
from services.intake.events import CaseMix
from shared.facts import TYPE_PREFIX, Closed, Municipality

TOPIC = "overdracht.benefits"
"""Where benefit systems put their reports as events. It holds who people are, and so it is not kept for ever."""
Number = Annotated[str, StringConstraints(pattern=r"^\S(.{0,98}\S)?$")]
_CENTURIES = "^(19|20|21)"
Day = Annotated[
    date,
    Field(ge=date(1900, 1, 1), lt=date(2200, 1, 1), json_schema_extra={"pattern": rf"{_CENTURIES}\d\d-\d\d-\d\d$"}),
]
Moment = Annotated[
    AwareDatetime,
    Field(
        ge=datetime(1900, 1, 1, tzinfo=UTC),
        lt=datetime(2200, 1, 1, tzinfo=UTC),
        json_schema_extra={"pattern": _CENTURIES},
    ),
]
_DOSSIER = "The source's number of the dossier; where it has none, the number of the application."


class Report(Closed):
    """What every report may say."""

    name: ClassVar[str]
    word: ClassVar[str]
    """What is reported, in a word: `application`."""
    own: ClassVar[str]
    """The field that holds the report's own number."""
    municipality: Municipality | None = Field(
        None, description="Whose it is; without it the one municipality that the sender works for."
    )
    occurred_at: Moment | None = Field(
        None,
        description="When it happened; without it noon of its day in the Netherlands, or now when that is earlier.",
    )


class ApplicationReported(Report):
    """The benefit administration has an application: a case begins."""

    name = "application_reported"
    word = "application"
    own = "application_number"
    application_number: Number = Field(description="The source's own number of the application.")
    dossier: Number | None = Field(
        None, description="The source's number of this application's dossier; without it the application's own number."
    )
    kind: Kind
    channel: Channel
    received_on: Day
    case_mix: CaseMix | None = None
    bsn: str | None = Field(None, max_length=40, repr=False, description="For the vault only.")
    person: Person | None = Field(None, repr=False, description="For the vault only.")


class BenefitDecisionReported(Report):
    """The benefit administration decided on an application."""

    name = "benefit_decision_reported"
    word = "decision"
    own = "decision_number"
    decision_number: Number = Field(description="The source's own number of the decision.")
    dossier: Number = Field(description=_DOSSIER)
    decision: Decision
    decided_on: Day


class BenefitEndingReported(Report):
    """A benefit stopped."""

    name = "benefit_ending_reported"
    word = "ending"
    own = "ending_number"
    ending_number: Number = Field(description="The source's own number of the ending.")
    dossier: Number = Field(description=_DOSSIER)
    reason: EndReason
    ended_on: Day


REPORTS: dict[str, type[Report]] = {
    report.word: report for report in (ApplicationReported, BenefitDecisionReported, BenefitEndingReported)
}
"""The word for what is reported -> its model."""

TITLES: dict[str, tuple[str, str]] = {
    "application": ("Meld een aanvraag", "Report an application"),
    "decision": ("Meld een beslissing", "Report a decision"),
    "ending": ("Meld een beëindiging", "Report an ending"),
}


EVENTS: dict[str, tuple[str, str]] = {
    "application": ("Aanvraag gemeld", "Application reported"),
    "decision": ("Beslissing gemeld", "Decision reported"),
    "ending": ("Beëindiging gemeld", "Ending reported"),
}
"""What the event of such a report is called."""


def type_of(report: type[Report]) -> str:
    """The type of the event that carries such a report."""
    return f"{TYPE_PREFIX}{report.name}.v1"
