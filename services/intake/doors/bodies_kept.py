"""What intake's doors of keeping and account read and answer, for who reads the OpenAPI document."""

from datetime import date, datetime

from pydantic import Field

from services.intake.bodies import OpenedText
from services.intake.codes import Activity, ErasureReason, Recipient
from services.intake.commands import Person
from services.intake.domain.retention import Result, Rule
from shared.http.bodies import Body


class RuleItem(Body):
    """How long cases of one result are kept, and how many of them are due: their term has passed."""

    result: Result
    keep: str = Field(description="ISO 8601 duration, counted from the end of the process.")
    legal_source: str
    then: str
    nl: str
    en: str
    due: int


class RetentionBody(Body):
    """How long what is kept in a municipality, or as is usual when none is named."""

    municipality: str | None
    today: date
    approval_days: int = Field(description="Days within which another person approves a request to erase.")
    cases: list[RuleItem]
    readings: Rule
    own: dict[str, dict[Result, str]] | None = Field(
        description="Terms that municipalities have of their own; null when one is named."
    )


class DueItem(Body):
    """A case whose term has passed; `until_on` is the last day on which it had to be kept."""

    case_id: str
    municipality: str
    result: Result
    ended_on: date
    until_on: date


class DuePage(Body):
    """Cases whose term has passed and that nobody asked to erase yet; `next` is null at the end."""

    items: list[DueItem]
    next: str | None


class ErasureItem(Body):
    """A request to erase that waits for a second person, until the end of `until_on`."""

    case_id: str
    municipality: str
    result: Result | None
    reason: ErasureReason
    asked_by: str
    asked_at: datetime
    until_on: date
    run_id: str | None


class ErasurePage(Body):
    """Requests to erase, oldest first; `next` is null at the end."""

    items: list[ErasureItem]
    next: str | None


class ReadingAttributes(Body):
    """What the standard says of a line (Logboek Dataverwerkingen 1.0); the person is a pseudonym."""

    processing_activity_id: str = Field(alias="dpl.core.processing_activity_id", description="In the register.")
    data_subject_id: str = Field(alias="dpl.core.data_subject_id")
    data_subject_id_type: str = Field(alias="dpl.core.data_subject_id_type")
    processor: str = Field(
        "",
        alias="dpl.core.foreign_operation.processor",
        description="Where the application that asked has its register.",
    )


class ReadingAudit(Body):
    """Who read, for whose account; no part of what the standard exchanges."""

    case_id: str | None
    municipality: str
    reader: str
    role: str = Field(description="The roles that opened the door, with a plus between them.")
    organisation: str | None = Field(description="For whom the reader works, or who got to know something by it.")
    activity: Activity


class ReadingItem(Body):
    """A line of the log of readings: one person, one action; moments are milliseconds since 1970."""

    position: int
    trace_id: str
    span_id: str
    parent_span_id: str | None
    status: str
    name: str
    start_time: int
    end_time: int
    attributes: ReadingAttributes
    audit: ReadingAudit


class ReadingPage(Body):
    """Lines in the order they were written; `next` is null at the end."""

    items: list[ReadingItem]
    next: str | None


class ProcessingItem(Body):
    """A way of processing personal data (AVG 30); lines of the log name it by `id`."""

    id: str
    activity: Activity
    nl: str
    en: str
    purpose_nl: str
    purpose_en: str
    legal_ground: list[str]
    data: list[str]
    recipients: list[Recipient]


class RegisterBody(Body):
    """The processing register."""

    items: list[ProcessingItem]


class OwnFileAsked(Body):
    """Which texts of the case are to be opened with it, as they are on the log."""

    texts: list[str] = Field([], max_length=500)


class OrganisationItem(Body):
    """An organisation that was asked for the person, or got a name for them; `pseudonym` is that name."""

    organisation: str
    party: bool = Field(description="Whether it was asked for the person, and did not say no.")
    pseudonym: str


class TermItem(Body):
    """Until when the case must be kept; all is null while it runs."""

    result: Result | None
    ended_on: date | None
    until_on: date | None
    legal_source: str | None
    due: bool


class OwnFileBody(Body):
    """All that is held about a person in this case. After erasure nothing of the person is in it."""

    case_id: str
    municipality: str
    erased_at: datetime | None
    bsn: str | None
    person: Person
    texts: list[OpenedText] = Field(description="In the order in which they were given.")
    organisations: list[OrganisationItem]
    retention: TermItem
    readings: list[ReadingItem] = Field(description="Who read it before.")
    cases: list[str] = Field(description="The person's cases within sight.")
