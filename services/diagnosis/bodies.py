"""What diagnosis' own doors answer, for who reads the OpenAPI document."""

from datetime import date

from pydantic import Field

from services.diagnosis.domain.library import Argument, Instrument
from shared.http.bodies import Body


class Undiagnosed(Body):
    """Somebody on benefit who was not diagnosed yet since the start."""

    case_id: str
    benefit_since: date
    due_on: date
    overdue: bool
    days_left: int = Field(description="Until the day it is due; below nought when that has passed.")
    last_diagnosed_on: date | None


class Coverage(Body):
    """How many are on benefit and still to be diagnosed, and who; `next` is null at the end."""

    municipality: str
    start: date
    on_benefit: int
    to_diagnose: int
    overdue: int
    items: list[Undiagnosed]
    next: str | None


class Instruments(Body):
    """Every version of every instrument, with its items."""

    items: list[Instrument]


class FrameworkBody(Body):
    """The arguments a municipality weighs with; `municipality` is null for the national core."""

    version: str
    municipality: str | None
    arguments: list[Argument]
