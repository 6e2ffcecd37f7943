"""Reading what is asked of a figure: the slice, the moment, for whom; every wrong word gets its own no."""

from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ValidationError

from services.insight.measures.asking import Figures, InFuture, MeasureUnknown, NotAMonth, definition_of, moment
from services.insight.measures.disclosing import Audience
from services.insight.measures.slicing import DIMENSIONS, Slice, SliceImpossible, SliceUnknown
from services.insight.service import Insight
from shared.http.access import caller_of, sight_at
from shared.http.input import body_json
from shared.http.problems import Problem, field_errors
from shared.personal import shown_name
from shared.refusals import Sentences

SENTENCES: Sentences = {
    "measure_unknown": ("Deze maat bestaat niet.", "There is no such measure."),
    "slice_unknown": ("Deze doorsnede bestaat niet in de gegevens.", "There is no such slice in the data."),
    "slice_impossible": ("Deze maat kan niet zo worden doorgesneden.", "This measure cannot be cut like this."),
    "moment_in_future": ("Van een moment in de toekomst zijn er geen cijfers.", "There are no figures of the future."),
    "moment_no_month": (
        "Cijfers voor anderen dan de beheerder van de gegevens zijn per het begin van een maand.",
        "Figures for others than who runs the data are as of the beginning of a month.",
    ),
    "month_invalid": ("Een maand hoort er zo uit te zien: 2016-12.", "A month is to look like this: 2016-12."),
    "internal_only": (
        "Wat de onthullingsregels achterhouden ziet alleen de beheerder van de gegevens.",
        "What the disclosure rules hold back is for who runs the data alone.",
    ),
    "not_built": (
        "De cijfers worden nog opgebouwd uit het log; probeer het straks opnieuw.",
        "The figures are still being built from the log; try again in a while.",
    ),
    "too_few_to_compare": (
        "Er zijn er geen twee met tien of meer mensen om naast elkaar te zetten.",
        "There are not two with ten people or more to stand beside each other.",
    ),
    "month_in_future": ("Deze maand is nog niet begonnen.", "This month has not begun."),
    "export_running": (
        "Er wordt al een export gemaakt; wacht daarop of verwijder die eerst.",
        "Another export is being made; wait for it, or delete it first.",
    ),
    "export_unknown": ("Deze export is er niet (meer).", "This export is not there (any more)."),
    "export_not_ready": ("Deze export is nog niet klaar.", "This export is not ready yet."),
    "number_unknown": ("Onder dit nummer is niets gepubliceerd.", "Nothing was published under this id."),
}
CONTROLLER = "operator"
"""The data's own controller: sees what the rules hold back."""
Asked = TypeVar("Asked", bound=BaseModel)
AsOf = Annotated[datetime | None, Query(alias="asOf", description="With an offset; without: the begin of this month.")]
For = Annotated[Audience, Query(description="partner: both parties see the same; public: rounded; internal: all.")]
Diagnosed = Annotated[str | None, Query(alias="diagnosedBefore", description="yes or no.")]


def asked_about() -> APIRouter:
    """A router under /v1 whose routes refuse what they do not know of a query: a misspelt filter would be no filter."""
    return APIRouter(prefix="/v1", dependencies=[Depends(_known)])


async def _known(request: Request) -> None:
    known = {one.alias for one in request.scope["route"].dependant.query_params}
    for name in request.query_params:
        if name not in known:
            raise Problem(400, "field_unknown", field=shown_name(name), possible=sorted(known))


async def body_as(request: Request, model: type[Asked]) -> Asked:
    """The body, as this model has it. Raises Problem with every wrong field."""
    body: Any = await body_json(request)
    if not isinstance(body, dict):
        raise Problem(400, "not_an_object")
    try:
        return model.model_validate(body)
    except ValidationError as wrong:
        raise Problem(400, "input_invalid", errors=field_errors(wrong)) from None


def figures_of(insight: Insight) -> Figures:
    """The figures. Raises Problem 503 while they are not there yet."""
    if insight.figures is None:
        raise refused(503, "not_built")
    return insight.figures


def refused(status: int, code: str, field: str | None = None, possible: Any = None) -> Problem:
    """A no of insight's own."""
    return Problem(status, code, field=field, possible=possible, sentences=SENTENCES)


def checked(request: Request, measure: str, as_of: datetime | None, audience: Audience, wanted: Slice) -> datetime:
    """The moment asked for, when measure, moment, audience and municipality are right. Raises Problem."""
    try:
        definition_of(measure)
    except MeasureUnknown:
        raise refused(404, "measure_unknown", "measure") from None
    if audience == "internal":
        _check_inside(request, wanted)
    return moment_of(as_of, audience)


def inside(request: Request, wanted: Slice) -> bool:
    """Whether the caller sees what is held back of this slice: who runs the data, of all or of one municipality."""
    own = sight_at(request).municipality
    return CONTROLLER in caller_of(request).roles and own in ("", wanted.get("municipality"))


def _check_inside(request: Request, wanted: Slice) -> None:
    if CONTROLLER not in caller_of(request).roles:
        raise refused(403, "internal_only", "audience", ["partner", "public"])
    if not inside(request, wanted):
        raise Problem(403, "out_of_sight", field="municipality", possible=[sight_at(request).municipality])


def moment_of(as_of: datetime | None, audience: Audience) -> datetime:
    """The moment asked for, or the beginning of this month. Raises Problem."""
    if as_of is not None and as_of.tzinfo is None:
        raise Problem(400, "time_invalid", field="asOf")
    try:
        return moment(as_of, datetime.now(UTC), audience)
    except InFuture:
        raise refused(400, "moment_in_future", "asOf") from None
    except NotAMonth:
        raise refused(400, "moment_no_month", "asOf") from None
    except OverflowError:  # before the year 1, or after 9999, where another clock has its place
        raise Problem(400, "time_invalid", field="asOf") from None


def no_slice(trouble: SliceUnknown | SliceImpossible, said: str = "slice") -> Problem:
    """The answer to a slice that is not there, or that the measure cannot be cut by. `said`: the field in which an
    unknown dimension was named; what was named may be anything, and is not repeated."""
    field = trouble.dimension if trouble.dimension in DIMENSIONS else said
    if isinstance(trouble, SliceImpossible):
        return refused(400, "slice_impossible", field, list(trouble.possible))
    return refused(404, "slice_unknown", field, list(trouble.possible)[:500])
