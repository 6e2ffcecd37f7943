"""Rows about nobody by name, and people: put together here and nowhere else."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from overdracht.doors import Json
from overdracht.srg.model import SEX_UNKNOWN, SEXES, Delivery, Identity, Record, SrgField, fields_of

Supplements = Mapping[str, Mapping[str, str]]
"""Number of a facility -> values that the log does not know, by key."""


def joined(told: Json, people: Mapping[str, Identity], supplements: Supplements | None = None) -> Delivery:
    """The delivery of insight's answer about a month. `people`: by the name that the rows call them."""
    fields = fields_of(told["fields"])
    records = [_record(row, people.get(row["person"]), supplements or {}) for row in told["rows"]]
    records.sort(key=lambda one: one.registration)
    for one in fields:
        if one.one_of_person:
            records = _same_for_person(records, one)
    return Delivery(
        municipality=told["municipality"],
        month=told["month"],
        fields=fields,
        elements=told["elements"],
        header=told["header"],
        records=tuple(records),
        wage_value_for=frozenset(told["wage_value_for"]),
        end_reason_for=frozenset(told["end_reason_for"]),
    )


def _record(row: Json, who: Identity | None, supplements: Supplements) -> Record:
    values = dict(row["values"])
    values |= supplements.get(values["registration"], {})
    if who is None:
        return Record(values, known=False)
    values["sex"] = SEXES.get(who.sex or "", SEX_UNKNOWN)
    if who.bsn is not None:
        values["bsn"] = who.bsn
    if who.birth_date is not None:
        values["birth_date"] = who.birth_date.replace("-", "")
    return Record(values, who.mark)


def _same_for_person(records: Iterable[Record], one: SrgField) -> list[Record]:
    """What is of the person, made the same in all that person's records: of what they say the first in order."""
    order = {code: place for place, code in enumerate(one.one_of_person)}
    some = list(records)
    best: dict[str, str] = {}
    for record in some:
        bsn, code = record.values.get("bsn"), record.values.get(one.key, "")
        if bsn is not None and code in order:
            best[bsn] = min(best.get(bsn, code), code, key=order.__getitem__)
    return [_with(record, one.key, best.get(record.values.get("bsn", ""))) for record in some]


def _with(record: Record, key: str, code: str | None) -> Record:
    same = code is None or record.values.get(key) in (None, code)
    return record if same else replace(record, values={**record.values, key: code or ""})
