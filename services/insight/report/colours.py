"""The colours of the report, each pair with contrast enough (WCAG 2.2: text 4.5 : 1, shapes 3 : 1)."""

PAPER = "#ffffff"
SOFT = "#f3f5f8"
"""Behind heads of tables and remarks."""
INK = "#1a1a1a"
QUIET = "#4a4f57"
"""English, and what is less loud."""
LINK = "#0b4a8f"
MAIN = "#0b4a8f"
"""Points, bars and intervals."""
LIMIT = "#8a3b00"
"""Limits and marks; these lines are dashed as well."""
RULE = "#767c85"
"""Lines of axes and tables."""
TEXT_ON: tuple[tuple[str, str], ...] = (
    (INK, PAPER), (INK, SOFT), (QUIET, PAPER), (QUIET, SOFT), (LINK, PAPER), (LINK, SOFT), (LIMIT, PAPER),
)  # fmt: skip
"""Which colour text has on which ground."""
DRAWN_ON: tuple[tuple[str, str], ...] = ((MAIN, PAPER), (LIMIT, PAPER), (RULE, PAPER), (RULE, SOFT))
"""Which colour lines and shapes have on which ground."""


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
