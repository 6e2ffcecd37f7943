"""Reads CSV row by row in constant memory; what cannot be read is told with its line, and the rest goes on."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from overdracht.benefits.mapping import Mapped
from overdracht.output import USAGE, Stop

SEPARATORS = (";", ",")
_ENCODINGS = {"utf-8": "utf-8-sig", "windows-1252": "windows-1252"}
_MOST_CELL = 100_000
"""Characters in a cell; a quote that is never closed reads on until here, and then the reading goes on behind it."""

_MOST_LINE = 1_000_000
"""Characters held at once; what has no line ends at all is cut into pieces, and refused piece by piece."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the line it begins on, its cells by the name of their column; `code` says why it cannot be read."""

    line: int
    cells: dict[str, str]
    code: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """The columns of a file, and what separates them."""

    separator: str
    names: tuple[str, ...]

    def missing(self, wanted: Sequence[str]) -> list[str]:
        """Those of the wanted columns that are not there, or are there more than once."""
        return [name for name in wanted if self.names.count(name) != 1]


def heading(path: Path, mapped: Mapped) -> Heading:
    """The heading; of both separators, when the mapping names none, the one that shows most of the columns."""
    wanted = list(mapped.columns)
    tried = [_heading(path, mapped.encoding, one) for one in ([mapped.separator] if mapped.separator else SEPARATORS)]
    return min(tried, key=lambda one: len(one.missing(wanted)))


def _heading(path: Path, encoding: str, separator: str) -> Heading:
    names: list[str] = []
    with _opened(path, encoding) as file, suppress(csv.Error):
        names = next(_reader(file, separator), names)
    return Heading(separator, tuple(name.strip() for name in names))


def rows(path: Path, encoding: str, head: Heading) -> Iterator[Row]:
    """Every row that is not blank, after the heading."""
    with _opened(path, encoding) as file:
        reader = _reader(file, head.separator)
        begun = False
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield Row(line, {}, "quotes_wrong")
                continue
            if not begun:
                begun = True
            elif len(cells) == len(head.names):
                if any(cells):
                    yield Row(line, dict(zip(head.names, cells, strict=True)))
            elif cells:
                yield Row(line, {}, "cells_wrong")


def _reader(file: TextIO, separator: str) -> Any:
    csv.field_size_limit(_MOST_CELL)
    return csv.reader(iter(lambda: file.readline(_MOST_LINE), ""), delimiter=separator, strict=True)


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[TextIO]:
    """The file as text; bytes that are no text stay recognisable, so that only their row is refused. Raises Stop."""
    try:
        with path.open(encoding=_ENCODINGS[encoding], errors="surrogateescape", newline="") as file:
            yield file
    except OSError as trouble:
        reason = trouble.strerror or type(trouble).__name__
        raise Stop(f"{path} is niet te lezen: {reason}.", f"{path} cannot be read: {reason}", USAGE) from None


def count_lines(path: Path) -> int:
    """Lines in the file, for showing how far we are."""
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
