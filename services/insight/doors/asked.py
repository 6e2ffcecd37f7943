"""Reading what is asked of a figure: the slice, the moment, for whom; every wrong word gets its own no."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Query, Request

from services.insight.measures.asking import Figures, InFuture, MeasureUnknown, NotAMonth, definition_of, moment
from services.insight.measures.disclosing import Audience
from services.insight.measures.slicing import SliceImpossible, SliceUnknown
from services.insight.service import Insight
from shared.http.access import caller_of
from shared.http.problems import Problem
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
AsOf = Annotated[datetime | None, Query(alias="asOf", description="With an offset; without: the begin of this month.")]
For = Annotated[Audience, Query(description="partner: both parties see the same; public: rounded; internal: all.")]
Diagnosed = Annotated[str | None, Query(alias="diagnosedBefore", description="yes or no.")]


def figures_of(insight: Insight) -> Figures:
    """The figures. Raises Problem 503 while they are not there yet."""
    if insight.figures is None:
        raise refused(503, "not_built")
    return insight.figures


def refused(status: int, code: str, field: str | None = None, possible: Any = None) -> Problem:
    """A no of insight's own."""
    return Problem(status, code, field=field, possible=possible, sentences=SENTENCES)


def checked(request: Request, measure: str, as_of: datetime | None, audience: Audience) -> datetime:
    """The moment asked for, when measure, moment and audience are right. Raises Problem."""
    try:
        definition_of(measure)
    except MeasureUnknown:
        raise refused(404, "measure_unknown", "measure") from None
    if audience == "internal" and CONTROLLER not in caller_of(request).roles:
        raise refused(403, "internal_only", "audience", ["partner", "public"])
    return moment_of(as_of, audience)


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


def no_slice(trouble: SliceUnknown | SliceImpossible) -> Problem:
    """The answer to a slice that is not there, or that the measure cannot be cut by."""
    if isinstance(trouble, SliceImpossible):
        return refused(400, "slice_impossible", trouble.dimension, list(trouble.possible))
    return refused(404, "slice_unknown", trouble.dimension, list(trouble.possible)[:500])
