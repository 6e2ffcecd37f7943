"""Rows of a month: each facility that somebody had in it, in the codes of the statistics; about nobody by name.

A month is told as it was at its end: what happened later changes nothing in it; what is heard later of its days does.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.insight.srg.facilities import Facility
from services.insight.srg.fields import ABILITY_UNKNOWN, ADMINISTRATIVE, REAL, STATISTIC, UNKNOWN
from services.insight.srg.naming import Names
from services.insight.srg.translating import Entry, Translation
from shared.months import Month

WEEKS = 4
"""Within so many weeks after the month it must be delivered (Regeling statistiek Participatiewet, article 3)."""
REINTEGRATION = "1"


@dataclass(frozen=True, slots=True)
class Row:
    """A row: whose it is under a name of this statistic alone, and fields 11 to 19 by their keys, as they are written.

    `provider`: who carries it out, when a provider does. No field of the statistic; its quality is told by it.
    """

    person: str
    kind: str
    provider: str | None
    values: Mapping[str, str]

    @property
    def unknown(self) -> bool:
        """Whether it is of code 60."""
        return self.values["type"] == UNKNOWN


def rows(
    some: Iterable[Facility], translation: Translation, names: Names, municipality: str, month: Month
) -> list[Row]:
    """The rows of a month, in the order of their registration numbers."""
    found = []
    for one in had_in(some, month):
        entry = entry_of(one, translation, month.last)
        if entry is not None:
            registration = names.registration(municipality, one.kind, one.number)
            values = _values(one, entry, translation, registration, month.last)
            found.append(Row(names.person(municipality, one.case), one.kind.split()[0], one.provider, values))
    return sorted(found, key=lambda row: row.values["registration"])


def had_in(some: Iterable[Facility], month: Month) -> Iterator[Facility]:
    """Those that ran on a day of the month. What ended before it began counts where it began."""
    first, last = month.first, month.last
    for one in some:
        if one.begin <= last and (one.end is None or max(one.end, one.begin) >= first):
            yield one


def known_by(one: Facility, day: date) -> bool:
    """Whether it is known by the end of this day what it is; of all but hand-offs it is."""
    return one.kind != "hand_off" or (one.known is not None and one.known <= day)


def entry_of(one: Facility, translation: Translation, day: date) -> Entry | None:
    """What it is called at the end of this day; None when it is no facility of the municipality."""
    if one.kind == "hand_off":
        return translation.hand_off(one.trajectory, one.goal, known_by(one, day))
    entry = said_of(one, translation)
    if one.kind != "intervention" or entry is None or one.trajectory is None:
        return entry
    around = translation.hand_off(one.trajectory, one.goal, known=True)
    return Entry(purpose=around.purpose).under(entry)


def said_of(one: Facility, translation: Translation) -> Entry | None:
    """What the mapping says of an instrument, or of what an employer gets."""
    if one.kind == "intervention":
        return translation.instrument(one.code)
    return translation.job(one.code or "", one.contract or "")


def _values(one: Facility, entry: Entry, translation: Translation, registration: str, day: date) -> dict[str, str]:
    end = one.end if one.end is not None and one.end <= day else None
    said = {
        "ability": entry.ability or ABILITY_UNKNOWN,
        "purpose": entry.purpose or REINTEGRATION,
        "registration": registration,
        "type": entry.type,
        "description": entry.description,
        "begin": _written(one.begin),
        "end": None if end is None else _written(end),
        "end_reason": _end_reason(one, entry, translation) if end is not None else None,
    }
    return {name: value for name, value in said.items() if value}


def _end_reason(one: Facility, entry: Entry, translation: Translation) -> str | None:
    if entry.type not in translation.end_reason_for:
        return None
    return ADMINISTRATIVE if one.end_reason in translation.administrative else REAL


def _written(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def header(translation: Translation, municipality: str, month: Month) -> dict[str, str]:
    """Fields 1 to 7, as they are written."""
    said = {
        "year": f"{month.year:04}",
        "month": f"{month.number:02}",
        "statistic": STATISTIC,
        "package": translation.package,
        "release": translation.release,
        "municipality": municipality.removeprefix("GM"),
        "reporter": translation.reporter,
    }
    return {name: value for name, value in said.items() if value}


def deadline(month: Month) -> date:
    """The last day on which the month may be delivered."""
    return month.last + timedelta(weeks=WEEKS)
