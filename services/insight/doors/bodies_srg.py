"""What the doors of the statistics (SRG) read and answer, for who reads the OpenAPI document."""

from datetime import date

from pydantic import Field

from services.insight.doors.bodies import DefinitionBody
from services.insight.measures.disclosing import Held
from services.insight.srg.fields import SrgField
from services.insight.srg.translating import Elements
from shared.http.bodies import Body


class SrgRow(Body):
    """A facility that somebody had in the month: whose under a name of the rows alone, and fields 11 to 19 by key."""

    person: str
    kind: str
    provider: str | None = Field(description="Who carries it out; no field of the statistics.")
    values: dict[str, str] = Field(description="As they are written; a field without a value is absent.")


class ProviderCounts(Body):
    """A provider's hand-offs of a month, and how many of them are of code 60."""

    provider: str
    unknown: int
    hand_offs: int
    share: float | None


class UnknownCounts(Body):
    """All counts of a month: facilities, hand-offs among them, and of these how many are of code 60."""

    month: str
    unknown: int
    hand_offs: int
    facilities: int
    share: float | None = Field(description="Of all facilities; null when there are none.")
    share_of_hand_offs: float | None
    by_provider: list[ProviderCounts]


class SrgRows(Body):
    """A month's rows, and all that a delivery says besides who the people are."""

    municipality: str
    month: str
    over: bool
    deadline: date
    corrected_months: list[str]
    source: str
    fields: list[SrgField]
    elements: Elements
    wage_value_for: list[str] = Field(description="Types of facility that have a wage value.")
    end_reason_for: list[str] = Field(description="Types of facility whose end has a reason.")
    header: dict[str, str] = Field(description="Fields 1 to 7 by key, as they are written.")
    rows: list[SrgRow]
    unknown: list[UnknownCounts]
    log: dict[str, int] = Field(description="How far the log was read: the last sequence of each service.")


class NamesAsked(Body):
    """Whose names are asked for."""

    municipality: str = Field(pattern=r"^GM[0-9]{4}$")
    case_ids: list[str] = Field(max_length=5_000)


class NamesBody(Body):
    """By case what it is called in the rows; good for nothing else."""

    names: dict[str, str]


class UnknownItem(Body):
    """A month's share, of all hand-offs or of one provider's, as far as it may be shown."""

    month: str
    provider: str | None
    held_back: Held | None
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    events: int | None = Field(description="How many are of code 60.")


class UnknownShare(Body):
    """The share of facilities of which the municipality does not know what they are (code 60)."""

    municipality: str
    audience: str
    definition: DefinitionBody
    items: list[UnknownItem]
    counts: list[UnknownCounts] = Field([], description="All counts, for the controller.")
