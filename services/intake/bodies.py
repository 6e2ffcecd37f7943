"""What intake's own doors read and answer, for who reads the OpenAPI document."""

from datetime import date, datetime
from typing import Literal

from pydantic import ConfigDict, Field

from services.intake.commands import Person
from services.intake.domain.state import Erasure, Keeping, Status
from shared.facts import Municipality
from shared.http.bodies import Body
from shared.http.case_bodies import CaseBody, ClockBody
from shared.personal import Code


class Search(Body):
    """A case by its dossier, or a person's cases by number: exactly one of the two."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["dossier"]}, {"required": ["bsn"]}], "minProperties": 2}
    )

    municipality: Municipality
    dossier: str = Field("", min_length=1, max_length=100, description="The source's own number.")
    bsn: str = Field("", min_length=1, max_length=100, description="Citizen service number; for who works with people.")


class FoundCase(Body):
    """A case that was found."""

    case_id: str
    status: str
    opened_at: datetime


class Found(Body):
    """What was found, the newest first; `case_id` is the first of them."""

    case_id: str
    items: list[FoundCase]


class PersonBody(Body):
    """Whom a case is about; what is not known is absent, and the number is null for whom it is not necessary."""

    case_id: str
    bsn: str | None
    person: Person


class ForOrganisation(Body):
    """For which organisation."""

    organisation: Code


class PseudonymBody(Body):
    """The citizen's name for one organisation: of the person over all cases, or of this case only."""

    case_id: str
    organisation: str
    pseudonym: str
    names: Literal["person", "case"]


class SealedTexts(Body):
    """Texts as they are on the log."""

    texts: list[str] = Field(max_length=500)


class OpenedText(Body):
    """A text, or null with the reason."""

    text: str | None
    reason: Literal["key_destroyed", "not_of_this_case"] = Field("not_of_this_case", description="Only without text.")


class OpenedTexts(Body):
    """The texts in the order they were given."""

    case_id: str
    texts: list[OpenedText]


class ForDelivery(Body):
    """Whose people are asked for."""

    case_ids: list[str] = Field(max_length=500)


class DeliveredPerson(Body):
    """A person as a delivery needs it; `mark` changes when any of it does, and tells nothing of it."""

    case_id: str
    mark: str
    bsn: str | None
    birth_date: str | None
    sex: str | None


class DeliveredPeople(Body):
    """The people that are known, in the order of their cases."""

    items: list[DeliveredPerson]


class SearchPeriod(Body):
    """Until when the citizen searches for work first; ended at: it ended before that."""

    until_on: date
    ended_at: datetime | None


class OpenSupplement(Body):
    """A question to the citizen that is open."""

    since: datetime
    until_on: date | None


class IntakeDetail(Body):
    """How far the application is, and how its file is kept; not whom it is about."""

    caseworker: str | None
    step: Status
    application_id: str
    kind: str
    channel: str
    received_on: date
    case_mix: dict[str, str]
    decision: str | None
    decided_on: date | None
    end_reason: str | None
    ended_on: date | None
    closed_at: datetime | None
    close_reason: str | None
    earlier_case_id: str | None
    joined: bool = Field(description="The case was joined to the earlier one: they are one process.")
    possible_duplicates: list[str]
    search: SearchPeriod | None
    supplement: OpenSupplement | None
    keeping: Keeping
    erasure: Erasure | None
    erased_at: datetime | None


class IntakeCase(CaseBody):
    """A case as intake knows it."""

    clocks: list[ClockBody]
    detail: IntakeDetail
