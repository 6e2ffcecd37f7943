"""The mapping: where in a row each field of a report is. It is checked as a whole before a row is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from overdracht.benefits.checking import against_contract, against_schema
from overdracht.benefits.contract import Contract, Field
from overdracht.benefits.marked import MOST_BYTES, Marked, Place, Wrong, marked

SKIP = "skip"
"""What a row reports that is not for us."""
_NOTHING = Marked(None, {})


@dataclass(frozen=True)
class Source:
    """Where a field's value is: in a column, perhaps translated, or always the same."""

    field: Field
    column: str = ""
    constant: str | None = None
    default: str | None = None
    values: Mapping[str, str] | None = None
    bands: tuple[tuple[str, float | None], ...] = ()
    date: str = "yyyy-mm-dd"


@dataclass(frozen=True)
class Mapped:
    """A whole mapping. `which`: the column that says what a row reports, and its codes; none: always the same."""

    municipality: str | None
    encoding: str
    separator: str | None
    decimal: str
    which: tuple[str, Mapping[str, str]] | None
    reports: Mapping[str, Sequence[Source]]
    columns: Mapping[str, Place]
    """Every column that is read, and where in the mapping it is named."""


def mapping(raw: bytes, contract: Contract) -> tuple[Mapped | None, Marked, list[Wrong]]:
    """The mapping of a file's bytes and its lines, or all that is wrong with it."""
    if len(raw) > MOST_BYTES:
        return None, _NOTHING, [Wrong(1, "", "Dit bestand is groter dan 1 MB.", "this file is larger than 1 MB")]
    try:
        found, wrong = marked(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None, _NOTHING, [Wrong(1, "", "Dit is geen geldige UTF-8.", "this is not valid UTF-8")]
    if found.lines or not wrong:
        wrong += [*against_schema(found), *against_contract(found, contract)]
    wrong = sorted(set(wrong), key=lambda one: (one.line, one.place, one.en))
    return (None if wrong else _mapped(found.content, contract)), found, wrong


def _mapped(content: Mapping[str, Any], contract: Contract) -> Mapped:
    file, which = content.get("file", {}), content.get("report")
    date = file.get("date", "yyyy-mm-dd")
    reports = {
        report: [_source(contract.fields[report][name], one, date) for name, one in told.items()]
        for report, told in content["reports"].items()
    }
    columns: dict[str, Place] = {which["column"]: ("report", "column")} if which else {}
    for report, sources in reports.items():
        for source in sources:
            if source.column:
                columns.setdefault(source.column, ("reports", report, source.field.name))
    return Mapped(
        municipality=content.get("municipality"),
        encoding=file.get("encoding", "utf-8"),
        separator=file.get("separator"),
        decimal=file.get("decimal", ","),
        which=(which["column"], which["values"]) if which else None,
        reports=reports,
        columns=columns,
    )


def _source(one: Field, told: Any, date: str) -> Source:
    if isinstance(told, str):
        return Source(one, told, date=date)
    if "constant" in told:
        return Source(one, constant=told["constant"])
    bands = told.get("bands", {}).items()
    return Source(
        one,
        told["column"],
        default=told.get("default"),
        values=told.get("values"),
        bands=tuple((band, float(bound.replace(",", ".")) if bound else None) for band, bound in bands),
        date=told.get("date", date),
    )
