"""Text without diacritics, as field 15 asks (bijlage 2: `vrije registratie zonder diakritische tekens`)."""

import unicodedata

_SPELLED = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d",
        "Ð": "D", "ł": "l", "Ł": "L", "þ": "th", "Þ": "Th", "ı": "i", "ĳ": "ij", "Ĳ": "IJ", "‘": "'", "’": "'",
        "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "€": "EUR",
    }
)  # fmt: skip
"""Letters and signs that do not come apart into a letter and a mark."""


def plain(text: str) -> str:
    """The text in printable ASCII; what has no such spelling becomes `?`, and any white space one blank."""
    apart = unicodedata.normalize("NFKD", text.translate(_SPELLED))
    letters = "".join(one for one in apart if not unicodedata.combining(one))
    return "".join(one if " " <= one <= "~" else "?" for one in " ".join(letters.split()))
