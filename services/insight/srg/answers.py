"""What insight's doors answer about the statistics: rows of a month, names of cases, the share of code 60.

Nothing here holds a person number or asks for one. Rows go out under names of their own (naming.py). Who may know whom
a case is about asks here what those cases are called, asks intake for the people, and joins the two on its own side.
"""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from services.insight.lake.opening import opened
from services.insight.measures.disclosing import Audience
from services.insight.srg import unknown
from services.insight.srg.facilities import Facility, facilities
from services.insight.srg.fields import SOURCE, fields_told
from services.insight.srg.mapping import Translations
from services.insight.srg.naming import Names, names_of
from services.insight.srg.rows import deadline, header, rows
from shared import logging
from shared.months import Month, month_holding, month_of

log = logging.get(__name__)
DELIVERERS = frozenset({"operator", "benefit_administration"})
"""Who may make a delivery: rows and names go to nobody else."""
WATCHERS = frozenset({"operator", "benefit_administration", "caseworker", "analyst"})
"""Who may ask for the share of code 60."""
MOST_NAMES = 5_000
"""So many cases may be asked about at once."""
MOST_MONTHS = 60
HISTORY = 13
"""A year and the month before it."""
CORRECTED = 3
"""For so many months before it a delivery's month is delivered anew: corrections are taken in so far back."""


class MonthWrong(ValueError):  # noqa: N818 - an answer, not a fault
    """No month, or one that has not begun. `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CasesWrong(ValueError):  # noqa: N818 - an answer, not a fault
    """No list of ids of cases, or too long a one."""


@dataclass(frozen=True)
class Statistics:
    """What the statistics are made of: the lake, its key, and how things are told."""

    lake: Path
    key: bytes = field(repr=False)
    translations: Translations

    @property
    def names(self) -> Names:
        """The names of this statistic."""
        return names_of(self.key)


@dataclass(frozen=True)
class Read:
    """What the lake tells of a municipality, once: all its months are told of it."""

    municipality: str
    facilities: Sequence[Facility]
    log: Mapping[str, int]
    """How far the log was read: the last sequence of each service."""


def read(given: Statistics, municipality: str) -> Read:
    """Reads the lake; takes about a second for a year of a town, so whoever tells several months reads once."""
    with closing(opened(given.lake)) as connection:
        some = facilities(connection, municipality, given.translations.of(municipality))
        log_read = connection.execute("SELECT service, max(sequence) FROM events GROUP BY service ORDER BY service")
        return Read(municipality, some, dict(log_read.fetchall()))


def month_asked(written: str, today: date) -> Month:
    """The month asked for. Raises MonthWrong."""
    try:
        month = month_of(written)
        month.before(MOST_MONTHS)
    except ValueError:  # no month, or one with years before the first behind it
        raise MonthWrong("month_invalid") from None
    if month > month_holding(today):
        raise MonthWrong("month_in_future")
    return month


def rows_told(given: Statistics, lake: Read, month: Month, today: date) -> dict[str, Any]:
    """Everything about a month but who the people are: the fields, the rows, the share of code 60, what it rests on."""
    translation = given.translations.of(lake.municipality)
    found = rows(lake.facilities, translation, given.names, lake.municipality, month)
    return {
        "municipality": lake.municipality,
        "month": str(month),
        "over": today > month.last,
        "deadline": deadline(month).isoformat(),
        "corrected_months": [str(month.before(back)) for back in range(1, CORRECTED + 1)],
        "source": SOURCE,
        "fields": fields_told(),
        "elements": asdict(translation.elements),
        "wage_value_for": sorted(translation.wage_value_for),
        "end_reason_for": sorted(translation.end_reason_for),
        "header": header(translation, lake.municipality, month),
        "rows": [asdict(one) for one in found],
        "unknown": [unknown.counted(one) for one in unknown.history(lake.facilities, translation, month, HISTORY)],
        "log": lake.log,
    }


def names_told(given: Statistics, municipality: str, ids: object, who: str) -> dict[str, str]:
    """The name of each of these cases in this municipality's rows. Raises CasesWrong.

    What is asked about need not be in the lake: a name of another municipality's case is in no row of this one.
    """
    if not isinstance(ids, list) or len(ids) > MOST_NAMES:
        raise CasesWrong
    names = given.names
    found = {one: names.person_of(municipality, one) for one in map(_id, ids)}
    log.info("names of cases told", municipality=municipality, cases=len(found), who=who)
    return found


def unknown_told(
    given: Statistics, lake: Read, last: Month, months: int, audience: Audience, provider: str | None = None
) -> dict[str, Any]:
    """The share of code 60 over so many months, up to `last`; the controller's own also with all counts."""
    translation = given.translations.of(lake.municipality)
    counts = unknown.history(lake.facilities, translation, last, min(months, MOST_MONTHS))
    told = {
        "municipality": lake.municipality,
        "audience": audience,
        "definition": unknown.DEFINITION.model_dump(exclude={"rows", "personal", "unit"}),
        "items": [unknown.told(one, audience, provider) for one in counts],
    }
    return told | ({"counts": [unknown.counted(one) for one in counts]} if audience == "internal" else {})


def _id(given: object) -> str:
    try:
        return str(UUID(given if isinstance(given, str) else ""))
    except ValueError:
        raise CasesWrong from None
