"""Who people are, for a statistic that the law asks about them by name: number, date of birth, sex, and nothing else.

For the controller's own delivery alone (Regeling statistiek Participatiewet, bijlage 2, kenmerken 8 to 10): the caller
sees the cases anyway, and each reading leaves its line like any other, as an activity of its own in the register.
"""

from collections.abc import Iterable
from typing import Any

from services.intake.vault.keys import Keys
from services.intake.vault.reading import Session, person_read

DELIVERERS = frozenset({"benefit_administration"})
"""Who may have people by name for a delivery: who delivers it."""
MOST_PEOPLE = 500
"""So many cases may be asked about at once."""
_ASKED = ("bsn", "birth_date", "sex")


async def people_read(at: Session, case_ids: Iterable[str]) -> list[dict[str, Any]]:
    """The people of these cases, in the order of the ids; who is out of sight, erased, or of whom nothing is known, is
    not there."""
    found = []
    for case_id in sorted(set(case_ids)):
        read = await person_read(at, case_id, "statistics")
        if read is not None and read[0].destroyed_at is None and read[1]:
            found.append({"case_id": case_id, **identity(at.keys, case_id, read[1])})
    return found


def identity(keys: Keys, case_id: str, person: dict[str, Any]) -> dict[str, Any]:
    """What a delivery says of a person, and a mark: another one when any of that changes, equal for no two cases.

    Who keeps the mark and not the person sees that a correction is due, and cannot find out whom it is about.
    """
    said = {name: person.get(name) for name in _ASKED}
    mark = keys.index("delivered person", case_id, *(value or "" for value in said.values()))
    return {"mark": mark.hex()[:32], **said}
