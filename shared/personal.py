"""Keeps person numbers out of fields that travel in the open."""

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError
from stdnum.nl import bsn

_FIELD_NAME = re.compile(r"[a-z]{1,20}(_[a-z]{1,20}){0,5}")
_NINE_DIGITS = re.compile(r"(?<!\d)\d{9}(?!\d)")


def holds_person_number(text: str) -> bool:
    """Whether a run of exactly nine digits in the text passes the eleven test."""
    return any(bsn.is_valid(run) for run in _NINE_DIGITS.findall(text))


def shown_name(name: object) -> str:
    """The name of a field or fact as it may be repeated in an answer: when it is written like one, else `?`.

    An unknown field's name is input like any other: it may be somebody's name, or a number.
    """
    return name if isinstance(name, str) and _FIELD_NAME.fullmatch(name) else "?"


def no_person_number(text: str) -> str:
    """The text itself; a validation error that does not repeat it when it may hold a person number."""
    if holds_person_number(text):
        raise PydanticCustomError("person_number_in_field", "may be a person number")
    return text


Code = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:+-]{0,79}$"),
    AfterValidator(no_person_number),
]
"""A short code or pseudonym that travels in the open: no spaces, no person number."""
