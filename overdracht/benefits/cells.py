"""Cells to values: dates as the mapping says they are written, codes translated, numbers in bands, formulas refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from overdracht.benefits.mapping import SKIP, Mapped, Source

SENTENCES: Mapping[str, tuple[str, str]] = {
    "formula": (
        "Deze cel begint als een formule (=, +, -, @, tab of regeleinde); dat wordt niet aangenomen.",
        "This cell begins like a formula (=, +, -, @, tab or return); that is not taken.",
    ),
    "field_missing": ("Deze cel is leeg en het veld is verplicht.", "This cell is empty and the field is required."),
    "date_invalid": (
        "Dit is geen datum zoals de mapping zegt dat hij geschreven is.",
        "This is no date as the mapping says that it is written.",
    ),
    "number_invalid": (
        "Dit is geen getal zoals de mapping zegt dat het geschreven is.",
        "This is no number as the mapping says that it is written.",
    ),
    "value_unmapped": ("Deze code staat niet in de mapping.", "This code is not in the mapping."),
    "field_invalid": ("De waarde past niet in dit veld.", "The value does not fit this field."),
    "not_utf8": (
        "Deze cel bevat tekens die niet in de tekenset passen die de mapping noemt.",
        "This cell holds characters that are not of the encoding the mapping names.",
    ),
    "cells_wrong": (
        "Deze rij heeft een ander aantal cellen dan de kopregel.",
        "This row has another number of cells than the heading.",
    ),
    "quotes_wrong": (
        "De aanhalingstekens kloppen niet; wat ertussen staat is niet te lezen.",
        "The quotes are wrong; what is between them cannot be read.",
    ),
}
"""Code -> (Dutch, English)."""
_PHONE = re.compile(r"\+[\d ()-]{6,40}")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_DAY = {
    "yyyy-mm-dd": r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)",
    "yyyymmdd": r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)",
    "dd-mm-yyyy": r"(?P<d>\d\d)-(?P<m>\d\d)-(?P<y>\d{4})",
    "dd/mm/yyyy": r"(?P<d>\d\d)/(?P<m>\d\d)/(?P<y>\d{4})",
    "dd.mm.yyyy": r"(?P<d>\d\d)\.(?P<m>\d\d)\.(?P<y>\d{4})",
    "ddmmyyyy": r"(?P<d>\d\d)(?P<m>\d\d)(?P<y>\d{4})",
    "d-m-yyyy": r"(?P<d>\d\d?)-(?P<m>\d\d?)-(?P<y>\d{4})",
    "d/m/yyyy": r"(?P<d>\d\d?)/(?P<m>\d\d?)/(?P<y>\d{4})",
}
_TIME = r"[ T](?P<hour>\d\d):(?P<minute>\d\d)(:(?P<second>\d\d))?"
DATES = {name: re.compile(day, re.ASCII) for name, day in _DAY.items()}
_MOMENTS = {name: re.compile(day + _TIME, re.ASCII) for name, day in _DAY.items()}
_AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True)
class Unfit(Exception):  # noqa: N818 - an answer, not a fault
    """A cell that cannot be taken: why, in which column, for which field; never what it holds."""

    code: str
    column: str
    field: str | None = None


def report_of(mapped: Mapped, cells: Mapping[str, str]) -> str:
    """What a row reports, or SKIP. Raises Unfit."""
    if mapped.which is None:
        [only] = mapped.reports
        return only
    column, values = mapped.which
    code = _safe(cells[column], column, "report")
    if code not in values:
        raise Unfit("value_unmapped", column, "report")
    return values[code]


def body_of(mapped: Mapped, report: str, cells: Mapping[str, str]) -> tuple[dict[str, object], list[Unfit]]:
    """The report that a row holds, and every cell that cannot be taken."""
    body: dict[str, object] = {}
    unfit: list[Unfit] = []
    for source in mapped.reports[report]:
        try:
            value = source.constant or _value(source, cells[source.column], mapped.decimal)
        except Unfit as no:
            unfit.append(no)
            continue
        if value is not None:
            _put(body, source.field.name, value)
        elif source.field.required:
            unfit.append(Unfit("field_missing", source.column, source.field.name))
    return body, unfit


def _put(body: dict[str, object], name: str, value: str) -> None:
    part, dot, inside = name.partition(".")
    if not dot:
        body[name] = value
        return
    holder = body.setdefault(part, {})
    assert isinstance(holder, dict)  # noqa: S101 - a field is never a part too
    holder[inside] = value


def _value(source: Source, raw: str, decimal: str) -> str | None:
    """The value as the door wants it; None when the cell is empty and there is no default. Raises Unfit."""
    cell = _safe(raw, source.column, source.field.name)
    if not cell:
        return source.default
    if source.values is not None:
        if cell not in source.values:
            raise Unfit("value_unmapped", source.column, source.field.name)
        return source.values[cell]
    if source.bands:
        return _band(source, cell, decimal)
    found = cell
    if source.field.written == "date":
        found = _date(source, cell)
    elif source.field.written == "moment":
        found = _moment(source, cell)
    return found


def _safe(raw: str, column: str, field: str) -> str:
    """The cell without what surrounds it. Raises Unfit for what a spreadsheet would run, or what is no text."""
    cell = raw.strip()
    if any("\ud800" <= character <= "\udfff" for character in cell):
        raise Unfit("not_utf8", column, field)
    phone = field == "person.phone" and _PHONE.fullmatch(cell) is not None
    if not phone and (raw.startswith(_FORMULA) or cell.startswith(_FORMULA)):
        raise Unfit("formula", column, field)
    return cell


def _band(source: Source, cell: str, decimal: str) -> str:
    if not re.fullmatch(rf"\d+({re.escape(decimal)}\d+)?", cell, re.ASCII):
        raise Unfit("number_invalid", source.column, source.field.name)
    number = float(cell.replace(decimal, "."))
    for band, bound in source.bands:
        if bound is None or number <= bound:
            return band
    raise Unfit("value_unmapped", source.column, source.field.name)


def _date(source: Source, cell: str) -> str:
    found = DATES[source.date].fullmatch(cell)
    try:
        if found is not None:
            return date(int(found["y"]), int(found["m"]), int(found["d"])).isoformat()
    except ValueError:
        pass
    raise Unfit("date_invalid", source.column, source.field.name)


def _moment(source: Source, cell: str) -> str:
    """With an offset as it is; without one, date and time in the Netherlands."""
    found = _MOMENTS[source.date].fullmatch(cell)
    try:
        if found is None:
            moment = datetime.fromisoformat(cell)
        else:
            day = date(int(found["y"]), int(found["m"]), int(found["d"]))
            at = time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
            moment = datetime.combine(day, at, _AMSTERDAM)
    except ValueError:
        raise Unfit("date_invalid", source.column, source.field.name) from None
    if moment.tzinfo is None:
        raise Unfit("date_invalid", source.column, source.field.name)
    return moment.isoformat()


__all__ = ["DATES", "SENTENCES", "SKIP", "Unfit", "body_of", "report_of"]
