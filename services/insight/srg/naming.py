"""Names that leave the lake: of people and of facilities, each in a world of its own.

A number of the lake would do as well, but whoever got it beside a person would know that person in every copy of the
lake. So people and facilities get other names, made of those numbers with a key that follows from the lake's: the same
as long as the key is, and good for nothing but this statistic of this municipality. Consonants only: a name never looks
like a person number, nor like a word.
"""

import hmac
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.insight.lake.pseudonyms import Pseudonyms

_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
REGISTRATION = 15
"""As long as field 13 may be: 64 bits, so two of ten million are the same once in four hundred thousand times."""
PERSON = 24


@dataclass(frozen=True)
class Names:
    """Gives names under one key of the lake."""

    _lake: Pseudonyms = field(repr=False)
    _own: bytes = field(repr=False)

    def person(self, municipality: str, case: int) -> str:
        """The name of the citizen of a case of the lake, in this municipality's deliveries."""
        return self._name(PERSON, "person", municipality, case)

    def person_of(self, municipality: str, case_id: str) -> str:
        """The same, of a case by its id outside the lake."""
        return self.person(municipality, self._lake.number(case_id))

    def registration(self, municipality: str, kind: str, number: int) -> str:
        """The number of a facility (field 13)."""
        return self._name(REGISTRATION, kind, municipality, number)

    def _name(self, letters: int, kind: str, municipality: str, number: int) -> str:
        said = "\x1f".join((kind, municipality, str(number))).encode()
        value = int.from_bytes(hmac.digest(self._own, said, "sha256"), "big")
        return "".join(_LETTERS[value // 20**place % 20] for place in range(letters))


def names_of(key: bytes) -> Names:
    """The names that follow from the key of the lake's pseudonyms. Raises ValueError when it is not 32 bytes."""
    return Names(Pseudonyms(key), HKDF(SHA256(), 32, salt=None, info=b"overdracht insight srg").derive(key))
