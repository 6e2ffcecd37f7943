"""Dutch working days: Monday to Friday, save the days that the General Extension of Terms Act names.

Algemene termijnenwet, article 3: the generally recognised public holidays, the fifth of May every year, and Good
Friday, which it treats alike. The library's categories "public" and "optional" together are those days.
"""

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@cache
def _free_days(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("NL", years=year, categories=("public", "optional")))


def is_working_day(day: date) -> bool:
    """Whether offices work on this day."""
    return day.weekday() < 5 and day not in _free_days(day.year)


@cache
def add_working_days(start: date, days: int) -> date:
    """The day `days` working days after `start`; the day itself does not count."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def local_day(moment: datetime) -> date:
    """The calendar day in the Netherlands."""
    return moment.astimezone(AMSTERDAM).date()


@cache
def end_of(day: date) -> datetime:
    """The moment a term that ends on this day is over: midnight after it, in the Netherlands."""
    return datetime.combine(day + timedelta(days=1), time(), AMSTERDAM)


def days_begun(since: datetime, until: datetime) -> int:
    """Days between two moments by the clock on a Dutch wall, one that began counted whole; none when not later.

    By the wall, as terms end at its midnights: thirty days of rest move a term by thirty days, in the week that the
    clocks change as well, and whatever offsets the two moments were written with.
    """
    spent = _on_the_wall(until) - _on_the_wall(since)
    return max(0, -(-spent // timedelta(days=1)))


def _on_the_wall(moment: datetime) -> datetime:
    return moment.astimezone(AMSTERDAM).replace(tzinfo=None)
