"""Who may: the roles that a token can hold, and how far each of them sees."""

import re

from shared.auth import Caller
from shared.ledger.seeing import Sight

WHOLE = frozenset({"operator", "analyst"})
"""Sees everything, or one municipality when the token names one."""
MUNICIPALITY = frozenset({"caseworker", "benefit_administration", "partner", "privacy_officer"})
"""Sees the cases of the token's municipality."""
ORGANISATION = frozenset({"coach"})
"""Sees the cases in which the token's organisation is a party, of every municipality or of the one the token names."""
OWN = frozenset({"citizen"})
"""Sees the cases that the token names."""
ROLES = WHOLE | MUNICIPALITY | ORGANISATION | OWN

PARTIES = frozenset({"caseworker", "coach", "citizen", "benefit_administration", "operator"})
"""Who may look at a case."""
LISTS = PARTIES - {"citizen"}
"""Who may ask for lists of cases."""
LOG = frozenset({"analyst", "operator", "caseworker", "coach", "benefit_administration"})
"""Who may follow the log, as far as the caller sees."""
WATCH = frozenset({"operator", "analyst"})
"""Who may ask how a service is doing."""
OPERATE = frozenset({"operator"})
"""Who may put back what could not be handled."""
ACCOUNT = frozenset({"operator", "privacy_officer"})
"""Who may see who read personal data, and how long what is kept."""
EVERYBODYS_HISTORY = frozenset({"operator"})
"""Who may put in history, whoever stated it."""
HISTORY = EVERYBODYS_HISTORY | {"benefit_administration"}
"""Who may put in history that their own kind stated."""
SAY = ROLES - {"analyst", "citizen", "privacy_officer"}
"""Who may state many facts at once."""


_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class ClaimMissing(Exception):  # noqa: N818 - an answer, not a fault
    """The token does not say for whom the caller works; `claim` is what is missing."""

    def __init__(self, claim: str) -> None:
        super().__init__(claim)
        self.claim = claim


def sight_of(caller: Caller, roles: frozenset[str]) -> Sight:
    """How far the caller sees in one of these roles: the widest. Raises ClaimMissing."""
    held = caller.roles & roles
    if held & WHOLE:
        return Sight("municipality", caller.municipality) if caller.municipality else Sight("all")
    if held & MUNICIPALITY:
        if not caller.municipality:
            raise ClaimMissing("municipality")
        return Sight("municipality", caller.municipality)
    if held & ORGANISATION:
        if not caller.organisation:
            raise ClaimMissing("organisation")
        return Sight("organisation", caller.municipality or "", caller.organisation)
    return Sight("cases", cases=tuple(sorted(filter(_ID.fullmatch, caller.cases))))
