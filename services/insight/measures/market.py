"""The local labour market, as far as somebody says it: unemployment by municipality and quarter, from a file.

`municipality;quarter;unemployment` with lines such as `GM0546;2016-Q1;5.4` (per cent), as Statistics Netherlands
publishes them. What is not in the file counts as not known.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from services.insight.measures.frame import Column, Rows

COLUMNS = ("municipality", "quarter", "unemployment")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_MUNICIPALITY = re.compile(r"GM\d{4}")


@dataclass(frozen=True)
class Market:
    """Unemployment in per cent, by municipality and quarter (quarters since 1970)."""

    rates: Mapping[tuple[str, int], float]

    def columns(self, rows: Rows, moments: Column) -> list[Column]:
        """Per row the rate in its municipality at its moment; and, where some are not known, which."""
        places, quarters = {name: place for place, name in enumerate(rows.words["municipality"])}, _quarters(moments)
        first = int(quarters.min(initial=0))
        known = np.full((len(places), int(quarters.max(initial=0)) - first + 1), np.nan)
        for (name, quarter), rate in self.rates.items():
            if name in places and 0 <= quarter - first < known.shape[1]:
                known[places[name], quarter - first] = rate
        rates = known[rows["municipality"], quarters - first]
        unknown = np.isnan(rates)
        if unknown.all():
            return []
        filled = np.where(unknown, rates[~unknown].mean(), rates)
        return [filled, unknown.astype(float)] if unknown.any() else [filled]


def market_of(file: str) -> Market | None:
    """The market of a file; None without one. Raises ValueError that names file, line and rule."""
    if not file:
        return None
    rates: dict[tuple[str, int], float] = {}
    try:
        with Path(file).open(encoding="utf-8-sig", newline="") as text:
            lines = csv.reader(text, delimiter=";")
            if tuple(next(lines, ())) != COLUMNS:
                raise ValueError(f"{file}: the first line must be {';'.join(COLUMNS)}")
            for line in lines:
                rates.update([_rate(line, f"{file}, line {lines.line_num}")])
    except OSError as trouble:
        raise ValueError(f"{file}: {trouble.strerror}") from None
    return Market(rates)


def _rate(line: list[str], where: str) -> tuple[tuple[str, int], float]:
    quarter = _QUARTER.fullmatch(line[1]) if len(line) == len(COLUMNS) else None
    if quarter is None or not _MUNICIPALITY.fullmatch(line[0]):
        raise ValueError(f"{where}: a line is to look like GM0546;2016-Q1;5.4")
    try:
        rate = float(line[2])
    except ValueError:
        rate = -1.0
    if not 0 <= rate <= 100:
        raise ValueError(f"{where}: unemployment must be a per cent, such as 5.4")
    return (line[0], 4 * (int(quarter[1]) - 1970) + int(quarter[2]) - 1), rate


def _quarters(moments: Column) -> Column:
    found: Column = moments.astype("datetime64[ms]").astype("datetime64[M]").astype(np.int64) // 3
    return found
