"""Who applies, as the vault reads it: the number checked and in one spelling, the name in one spelling, both blind."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson
from stdnum.nl import bsn as eleven_test

from services.intake.commands import ReceiveApplication
from services.intake.vault.keys import Keys

_SEPARATORS = str.maketrans("", "", " .-")
_NO_LETTERS = re.compile(r"[^a-z]+")


@dataclass(frozen=True, slots=True)
class Applicant:
    """Whom an application is about. `sound` is false when a number was given that cannot be one."""

    sound: bool = True
    bsn_index: bytes | None = None
    name_index: bytes | None = None
    content: dict[str, Any] = field(default_factory=dict, repr=False)
    birth_date: date | None = field(default=None, repr=False)

    @property
    def raw(self) -> bytes | None:
        """What identifies, as it is sealed; none when nothing was said."""
        return orjson.dumps(self.content) if self.content else None


def sound_bsn(given: str) -> str | None:
    """The number as nine digits; none when it cannot be one."""
    digits = given.translate(_SEPARATORS)
    if not (digits.isascii() and digits.isdecimal() and len(digits) in (8, 9)):
        return None
    number = digits.zfill(9)
    return number if eleven_test.is_valid(number) else None


def applicant(keys: Keys, municipality: str, command: ReceiveApplication) -> Applicant:
    """The applicant of an application in this municipality."""
    content: dict[str, Any] = {}
    bsn_index = name_index = birth_date = None
    if command.bsn is not None:
        number = sound_bsn(command.bsn)
        if number is None:
            return Applicant(sound=False)
        content["bsn"] = number
        bsn_index = bsn_index_of(keys, municipality, number)
    if command.person is not None:
        content |= command.person.model_dump(mode="json", exclude_none=True)
        birth_date = command.person.birth_date
        if birth_date is not None and command.person.family_name is not None:
            name_index = _name_index(keys, municipality, command.person.family_name, birth_date)
    return Applicant(True, bsn_index, name_index, content, birth_date)


def bsn_index_of(keys: Keys, municipality: str, number: str) -> bytes:
    """The blind index of a number within a municipality."""
    return keys.index("bsn", municipality, number)


def _name_index(keys: Keys, municipality: str, family_name: str, birth_date: date) -> bytes | None:
    """The blind index of a family name, however it is spelled, with a date of birth."""
    plain = unicodedata.normalize("NFKD", family_name.casefold())
    letters = _NO_LETTERS.sub("", plain) or plain
    return keys.index("name", municipality, letters, birth_date.isoformat())
