"""Calendar months, written as 2016-05."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_WRITTEN = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of a year."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.before(-1).first - timedelta(days=1)

    def before(self, months: int) -> "Month":
        """So many months earlier. Raises ValueError outside the years 1 to 9999."""
        year, place = divmod(self.year * 12 + self.number - 1 - months, 12)
        if not 1 <= year <= 9999:
            raise ValueError("no such year")
        return Month(year, place + 1)


def month_of(written: str) -> Month:
    """The month of `2016-05`. Raises ValueError, without repeating what was given."""
    found = _WRITTEN.fullmatch(written)
    if found is None or found[1] in ("0000", "9999"):
        raise ValueError("a month is written as 2016-05")
    return Month(int(found[1]), int(found[2]))


def month_holding(day: date) -> Month:
    """The month in which a day falls."""
    return Month(day.year, day.month)
