"""The numbers a source system gives, the pseudonyms of who speaks, and made-up texts, in Dutch."""

from typing import Any

Rows = dict[str, list[Any]]
"""Columns as Python values: codes as words, None for what is not said.

`day` is the day in the Netherlands, `number` the case's number in the source system.
"""

NARRATIVES = (
    "Kwam twee keer niet; bleek thuis alle aandacht nodig te hebben. In overleg terug naar de gemeente.",
    "Taal en gezondheid vragen eerst begeleiding; daarna wil de inwoner graag opnieuw beginnen.",
    "Geen passende plek gevonden binnen de termijn; motivatie is er wel.",
    "Samen besproken dat dit traject nu niet past bij wat er speelt.",
)
WORDS = ("Ik wil weer aan de slag.", "Ik wil iets met mijn handen doen.", "Eerst rust in huis, dan werk.")
LESSONS = ("Eerder bellen had geholpen.", "De diagnose miste wat er thuis speelde.", "Warm overdragen werkt.")


def number_of(seed: int, case: int) -> str:
    """The source system's number of a case, without a letter; worlds of two seeds share none."""
    return f"{seed}-{case:07}"


def referral(rows: Rows, i: int) -> str:
    """The source system's number of a referral, without its letter: for what belongs to it too."""
    return f"{rows['number'][i]}-{rows['referral'][i] % 64}"


def one_of(texts: tuple[str, ...], rows: Rows, i: int) -> str:
    """Always the same text for the same row."""
    return texts[(rows["case"][i] + rows["occurred_at"][i]) % len(texts)]


def coach(rows: Rows, i: int) -> str:
    """The pseudonym of the coach."""
    return f"co-{rows['company'][i]:03}-{rows['actor'][i] % 8}"
