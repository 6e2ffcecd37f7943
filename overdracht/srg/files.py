"""The files of a delivery, XML and CSV: the same delivery gives the same bytes. An empty delivery has no records."""

import csv
import io
from collections.abc import Iterator, Mapping
from itertools import groupby
from xml.sax.saxutils import escape

from overdracht.srg.model import Delivery, SrgField

_INDENT = "  "


def xml(delivery: Delivery) -> bytes:
    """One XML file (UTF-8): the data of the delivery, then a record per facility. What is not known has no element."""
    names, groups = delivery.elements, delivery.elements["groups"]
    header = [one for one in delivery.fields if one.group == "delivery"]
    rest = [one for one in delivery.fields if one.group != "delivery"]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<{names['root']}>"]
    lines += _within(names["header"], 1, _elements(delivery, header, delivery.header, 2))
    for record in delivery.records:
        inside: list[str] = []
        for group, some in groupby(rest, key=lambda one: one.group):
            name = groups[group]
            values = list(_elements(delivery, list(some), record.values, 3 if name else 2))
            inside += _within(name, 2, values) if name and values else values
        lines += _within(names["record"], 1, inside)
    lines.append(f"</{names['root']}>\n")
    return "\n".join(lines).encode()


def _within(name: str, depth: int, lines: Iterator[str] | list[str]) -> list[str]:
    return [f"{_INDENT * depth}<{name}>", *lines, f"{_INDENT * depth}</{name}>"]


def _elements(delivery: Delivery, some: list[SrgField], values: Mapping[str, str], depth: int) -> Iterator[str]:
    for one in some:
        if one.key in values:
            name = delivery.elements["fields"][one.key]
            yield f"{_INDENT * depth}<{name}>{escape(values[one.key])}</{name}>"


def as_csv(delivery: Delivery) -> bytes:
    """One CSV file (UTF-8, semicolons): a line per facility with all nineteen fields, below a line with their names."""
    text = io.StringIO()
    lines = csv.writer(text, delimiter=";", lineterminator="\r\n")
    lines.writerow([delivery.elements["fields"][one.key] for one in delivery.fields])
    for record in delivery.records:
        values = {**delivery.header, **record.values}
        lines.writerow([values.get(one.key, "") for one in delivery.fields])
    return text.getvalue().encode()
