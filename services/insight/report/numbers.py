"""Numbers as Dutch readers write them: 1.345 and 29,8 %, with what cannot break at the end of a line."""

from services.insight.report.codes import Words
from services.insight.report.lines import Line, Unit

_HARD = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"
_DIGITS: dict[Unit, int] = {
    "share": 1, "difference": 1, "days": 1, "count": 0, "ratio": 2, "per person": 2, "score": 3,
}  # fmt: skip
_AFTER: dict[Unit, Words] = {
    "share": (f"{_HARD}%", f"{_HARD}%"),
    "difference": (" procentpunt", " percentage points"),
    "days": (f"{_HARD}dagen", f"{_HARD}days"),
}
_SHARES = ("share", "difference")
NO_INTERVAL: Words = ("geen", "none")


def plain(value: float, unit: Unit) -> str:
    """A value without its unit. A share in whole per cents, as it is published, gets no more digits than that."""
    shares = unit in _SHARES
    digits = 0 if shares and round(value, 2) == value else _DIGITS[unit]
    scaled = 100 * value if shares else value
    text = f"{abs(scaled):,.{digits}f}".translate(str.maketrans(",.", ".,"))
    return f"{_MINUS}{text}" if scaled < 0 and text.strip("0,") else text


def value(line: Line) -> str:
    """The value of a line with its unit, and how many people it is when that is told."""
    if line.value is None:
        return "onbekend"
    said = plain(line.value, line.unit) + _AFTER.get(line.unit, ("", ""))[0]
    return said if line.count is None else f"{said} ({count(line.count)})"


def interval(line: Line) -> str | None:
    """The interval of a line; None when it has none."""
    if line.low is None and line.high is None:
        return None
    if line.high is None and line.low is not None:
        return f"vanaf{_HARD}{plain(line.low, line.unit)}"
    if line.low is None and line.high is not None:
        return f"tot{_HARD}{plain(line.high, line.unit)}"
    assert line.low is not None  # noqa: S101 - told apart above
    assert line.high is not None  # noqa: S101 - as above
    return f"{plain(line.low, line.unit)} tot{_HARD}{plain(line.high, line.unit)}"


def count(many: int) -> str:
    """1.345."""
    return plain(many, "count")


def percent(share: float) -> str:
    """29,8 %."""
    return plain(share, "share") + _AFTER["share"][0]


def english(text: str) -> str:
    """The same number as English readers write it."""
    return text.translate(str.maketrans(",.", ".,"))
