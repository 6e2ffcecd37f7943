"""Whether a delivery is as the law wants it: every field by itself, then the fields of a record, then all records."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from stdnum.nl import bsn as eleven_test

from overdracht.srg.model import OF_IDENTITY, SEX_UNKNOWN, Delivery, Record, SrgField
from shared.months import month_of

UNKNOWN, UNCLASSIFIED = "60", "98"
_ANY_LENGTH = "(geen maximum)"
_PRINTABLE = re.compile("[ -~]*")


class Finding(NamedTuple):
    """A rule that is broken: in which row (0: the data of the delivery), at which field. Never a value."""

    row: int
    field: int
    rule: str


def findings(delivery: Delivery) -> list[Finding]:
    """All that is wrong, row by row."""
    numbers = {one.key: one.number for one in delivery.fields}
    found = [Finding(0, numbers[key], rule) for key, rule in _header(delivery)]
    twice = _twice(delivery)
    for row, record in enumerate(delivery.records, 1):
        broken = [*_fields(delivery, record), *_together(delivery, record), *twice.get(row, ())]
        found += sorted(Finding(row, numbers[key], rule) for key, rule in broken)
    return found


Broken = tuple[str, str]
"""The key of a field, and the rule."""


def _header(delivery: Delivery) -> Iterator[Broken]:
    for one in delivery.fields:
        if one.group == "delivery":
            yield from ((one.key, rule) for rule in value_rules(one, delivery.header.get(one.key)))


def _fields(delivery: Delivery, record: Record) -> Iterator[Broken]:
    if not record.known:
        yield "bsn", "person_unknown"
    for one in delivery.fields:
        if one.group == "delivery" or (one.key in OF_IDENTITY and not record.known):
            continue
        yield from ((one.key, rule) for rule in value_rules(one, record.values.get(one.key)))
    number = record.values.get("bsn", "")
    if re.fullmatch("[0-9]{9}", number) and not eleven_test.is_valid(number):
        yield "bsn", "eleven_test"


def value_rules(one: SrgField, value: str | None) -> Iterator[str]:
    """The rules that a value breaks by itself; at most one."""
    if value is None or value == "":
        yield from ("missing",) if one.asked else ()
    elif one.codes:
        yield from ("code_unknown",) if value not in one.codes else ()
    elif one.form == _ANY_LENGTH and not _PRINTABLE.fullmatch(value):
        yield "diacritics"
    elif one.form.startswith("(") and one.form != _ANY_LENGTH and len(value) > len(one.form) - 2:
        yield "too_long"
    elif not re.fullmatch(one.pattern or "", value):
        yield "malformed"
    elif one.date and _day(value) is None:
        yield "no_date"


def _together(delivery: Delivery, record: Record) -> Iterator[Broken]:
    values = record.values
    month = month_of(delivery.month)
    begin, end, born = (_day(values.get(key, "")) for key in ("begin", "end", "birth_date"))
    if begin is not None and begin > month.last:
        yield "begin", "begin_after_month"
    if begin is not None and born is not None and born > begin:
        yield "birth_date", "born_after_begin"
    if end is not None and end > month.last:
        yield "end", "end_after_month"
    if end is not None and begin is not None and end < begin:
        yield "end", "end_before_begin"
    elif end is not None and end < month.first:
        yield "end", "end_before_month"
    yield from _of_type(delivery, values)


def _of_type(delivery: Delivery, values: Mapping[str, str]) -> Iterator[Broken]:
    """What a type asks of other fields, and types that tell little."""
    kind = values.get("type", "")
    if kind in delivery.wage_value_for and "wage_value" not in values:
        yield "wage_value", "wage_value_missing"
    if kind not in delivery.wage_value_for and "wage_value" in values:
        yield "wage_value", "wage_value_elsewhere"
    if kind in delivery.end_reason_for and "end" in values and "end_reason" not in values:
        yield "end_reason", "end_reason_missing"
    if "end_reason" in values and "end" not in values:
        yield "end_reason", "end_reason_without_end"
    if "end_reason" in values and kind not in delivery.end_reason_for:
        yield "end_reason", "end_reason_elsewhere"
    if kind == UNKNOWN:
        yield "type", "outsourced_unknown"
    if kind == UNCLASSIFIED:
        yield "type", "unclassified"


def _twice(delivery: Delivery) -> dict[int, list[Broken]]:
    """What two records say that only one may, by row."""
    registrations = Counter(record.registration for record in delivery.records)
    facilities = Counter(_facility(record) for record in delivery.records)
    differing = _differing(delivery)
    found: dict[int, list[Broken]] = {}
    for row, record in enumerate(delivery.records, 1):
        some = found[row] = list[Broken]()
        if record.registration and registrations[record.registration] > 1:
            some.append(("registration", "registration_twice"))
        if "bsn" not in record.values:
            continue
        if facilities[_facility(record)] > 1:
            some.append(("begin", "likely_double"))
        if record.values["bsn"] in differing:
            some.append(("birth_date", "person_differs"))
    return found


def _facility(record: Record) -> tuple[str, ...]:
    return tuple(record.values.get(key, "") for key in ("bsn", "type", "begin"))


def _differing(delivery: Delivery) -> set[str]:
    """The numbers under which two dates of birth are told, or two sexes; what is not known differs from nothing."""
    said: dict[tuple[str, str], set[str]] = {}
    for record in delivery.records:
        for key in ("birth_date", "sex"):
            value = record.values.get(key, SEX_UNKNOWN)
            if value != SEX_UNKNOWN:
                said.setdefault((record.values.get("bsn", ""), key), set()).add(value)
    return {number for (number, _), values in said.items() if len(values) > 1}


def _day(written: str) -> date | None:
    """The day of jjjjmmdd; None when it is no day."""
    if not re.fullmatch("[0-9]{8}", written):
        return None
    try:
        return datetime.strptime(written, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
